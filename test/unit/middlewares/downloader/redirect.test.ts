import { describe, expect, it } from 'vitest';
import {
  type RedirectOptions,
  redirect,
  redirectDecision,
  redirectRules,
} from '../../../../middlewares/index.ts';
import { DEFAULT_SETTINGS } from '../../../../src/settings/default-settings.ts';
import { Request, type RequestOptions } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, unitOf } from '../component-context.ts';

const FROM = 'http://a.test/x';

/** The request that follows, if one does. */
function followed(
  location: string,
  options: RequestOptions = {},
  rules: RedirectOptions = {},
  status = 302,
): Request | undefined {
  const request = new Request(FROM, options);
  const response = new Response(FROM, { status, headers: { Location: location }, request });
  const decision = redirectDecision(request, response, redirectRules(DEFAULT_SETTINGS, rules));
  return decision.action === 'follow' ? decision.request : undefined;
}

describe('redirectDecision', () => {
  it('keeps callback, errback, data and notes of the request', () => {
    const target = followed('/y', {
      callback: 'parseItem',
      errback: 'onError',
      cbKwargs: { page: 2 },
      meta: { mine: 1, depth: 3 },
    });
    expect(target).toMatchObject({
      callback: 'parseItem',
      errback: 'onError',
      cbKwargs: { page: 2 },
      meta: { mine: 1, depth: 3 },
    });
  });

  it('records the chain, oldest first', () => {
    const redirects = [{ url: 'http://a.test/first', reason: 301 }];
    expect(followed('/y', { meta: { redirects } })?.meta.redirects).toEqual([
      ...redirects,
      { url: FROM, reason: 302 },
    ]);
  });

  it('raises the priority', () => {
    expect(followed('/y', { priority: 1 }, { priorityAdjust: 5 })?.priority).toBe(6);
  });

  it('reads Location as UTF-8, else as ISO-8859-1', () => {
    expect(followed(Buffer.from('/caf\u00e9', 'utf8').toString('latin1'))?.url).toBe(
      'http://a.test/caf%C3%A9',
    );
    expect(followed('/caf\u00e9')?.url).toBe('http://a.test/caf%C3%A9');
  });

  it('lets meta.maxRedirects win over the rules', () => {
    expect(followed('/y', { meta: { maxRedirects: 0 } })).toBeUndefined();
    expect(followed('/y', { meta: { maxRedirects: 1 } }, { maxRedirects: 0 })).toBeDefined();
  });

  it('takes no secrets along that stand in meta for another origin', () => {
    const target = followed('http://b.test/', { meta: { httpUser: 'u', httpPass: 'p', mine: 1 } });
    expect(target?.meta).not.toHaveProperty('httpUser');
    expect(target?.meta).not.toHaveProperty('httpPass');
    expect(target?.meta).toMatchObject({ mine: 1 });
  });

  it('takes the body and what describes it away with the method', () => {
    const options = {
      method: 'POST',
      body: 'a=1',
      headers: { 'Content-Type': 'text/plain', 'Content-Language': 'en' },
    };
    const target = followed('/y', options);
    expect(target).toMatchObject({ method: 'GET', body: undefined });
    expect(target?.headers.size).toBe(0);
  });

  it.each(['meta.dontRedirect', 'meta.handleAllStatuses', 'meta.handleStatuses'] as const)(
    'leaves the answer to the callback with %s',
    (key) => {
      const meta = {
        'meta.dontRedirect': { dontRedirect: true },
        'meta.handleAllStatuses': { handleAllStatuses: true },
        'meta.handleStatuses': { handleStatuses: [302] },
      }[key];
      expect(followed('/y', { meta })).toBeUndefined();
    },
  );

  it('hands on an answer whose Location is no address', () => {
    expect(followed('http://')).toBeUndefined();
    expect(followed('mailto:a@a.test')).toBeUndefined();
  });
});

describe('redirect', () => {
  it('stays out when redirects are not to be followed', () => {
    expect(redirect()(contextWith({ redirect: false }))).toBeUndefined();
  });

  it('answers with the target of a redirect', async () => {
    const middleware = await made(redirect(), contextWith());
    const request = new Request(FROM);
    const response = new Response(FROM, { status: 301, headers: { Location: '/y' }, request });
    expect(await middleware.processResponse?.(response, unitOf(request))).toMatchObject({
      url: 'http://a.test/y',
    });
  });
});
