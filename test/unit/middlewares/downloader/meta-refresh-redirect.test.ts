import { describe, expect, it } from 'vitest';
import { type MetaRefreshRedirectOptions, metaRefreshRedirect } from '../../../../middlewares/index.ts';
import { Request, type RequestOptions } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, unitOf } from '../component-context.ts';

const PAGE = 'http://a.test/page';

async function answered(
  content: string,
  {
    options,
    request = {},
    type = 'text/html',
  }: { options?: MetaRefreshRedirectOptions; request?: RequestOptions; type?: string } = {},
): Promise<unknown> {
  const middleware = await made(metaRefreshRedirect(options), contextWith());
  const asked = new Request(PAGE, request);
  const body = `<html><head><meta http-equiv="refresh" content="${content}"></head></html>`;
  const response = new Response(PAGE, { headers: { 'Content-Type': type }, body, request: asked });
  return middleware.processResponse?.(response, unitOf(asked));
}

describe('metaRefreshRedirect', () => {
  it('stays out when it is off', () => {
    expect(metaRefreshRedirect()(contextWith({ metaRefresh: false }))).toBeUndefined();
  });

  it('follows at once, with GET', async () => {
    const request = { method: 'POST', body: 'a=1' };
    expect(await answered('5;url=/next', { request })).toMatchObject({
      url: 'http://a.test/next',
      method: 'GET',
      meta: { redirects: [{ url: PAGE, reason: 'meta refresh' }] },
    });
  });

  it('leaves pages alone that wait longer than the limit', async () => {
    expect(await answered('101;url=/next')).toBeUndefined();
    expect(await answered('5;url=/next', { options: { maxDelaySeconds: 4 } })).toBeUndefined();
  });

  it('leaves pages alone that are no HTML', async () => {
    expect(await answered('0;url=/next', { type: 'text/plain' })).toBeUndefined();
  });

  it.each([{ dontRedirect: true }, { handleAllStatuses: true }])(
    'leaves the page to the callback with %o',
    async (meta) => {
      expect(await answered('0;url=/next', { request: { meta } })).toBeUndefined();
    },
  );

  it('delivers a page that only keeps itself fresh', async () => {
    const meta = { redirects: [{ url: PAGE, reason: 'meta refresh' as const }] };
    expect(await answered('0;url=/page', { request: { meta } })).toBeUndefined();
  });
});
