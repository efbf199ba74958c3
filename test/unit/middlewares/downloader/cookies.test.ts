import { describe, expect, it } from 'vitest';
import { cookies } from '../../../../middlewares/index.ts';
import type { DownloaderMiddleware } from '../../../../src/contracts/downloader-middleware.ts';
import type { RequestOptions } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

const PAGE = 'http://www.shop.com/';

function jar(settings = {}): Promise<DownloaderMiddleware> {
  return made(cookies(), contextWith(settings));
}

/** An answer that sets cookies. */
async function answer(
  middleware: DownloaderMiddleware,
  url: string,
  setCookie: readonly string[],
  options: RequestOptions = {},
): Promise<void> {
  const unit = unitFor(url, options);
  const response = new Response(url, { headers: { 'Set-Cookie': setCookie }, request: unit.request });
  await middleware.processResponse?.(response, unit);
}

/** The Cookie header of a request. */
async function sent(
  middleware: DownloaderMiddleware,
  url: string,
  options: RequestOptions = {},
): Promise<string | undefined> {
  const unit = unitFor(url, options);
  await middleware.processRequest?.(unit.request, unit);
  return unit.headers.get('cookie');
}

describe('cookies', () => {
  it('sends back what a site set', async () => {
    const middleware = await jar();
    await answer(middleware, PAGE, ['a=1', 'b=2; Path=/']);
    expect(await sent(middleware, `${PAGE}next`)).toBe('a=1; b=2');
  });

  it('keeps a jar for each session', async () => {
    const middleware = await jar();
    await answer(middleware, PAGE, ['a=1'], { meta: { cookieJar: 'one' } });
    expect(await sent(middleware, PAGE, { meta: { cookieJar: 'one' } })).toBe('a=1');
    expect(await sent(middleware, PAGE, { meta: { cookieJar: 'two' } })).toBeUndefined();
    expect(await sent(middleware, PAGE)).toBeUndefined();
  });

  it.each(['http://localhost:8000/', 'http://a.test/', 'http://127.0.0.1/', 'http://[::1]:8000/'])(
    'works on %s',
    async (url) => {
      const middleware = await jar();
      await answer(middleware, url, ['a=1']);
      expect(await sent(middleware, url)).toBe('a=1');
    },
  );

  it('survives a cookie whose domain is a public suffix or nonsense', async () => {
    const middleware = await jar();
    await answer(middleware, 'http://shop.co.uk/', ['a=1; Domain=co.uk', 'b=2; Domain=..', '=', ';;', 'c=3']);
    expect(await sent(middleware, 'http://shop.co.uk/')).toBe('c=3');
    expect(await sent(middleware, 'http://bank.co.uk/')).toBeUndefined();
  });

  it('takes a cookie of a public suffix from that very host, for that host alone', async () => {
    const middleware = await jar();
    await answer(middleware, 'http://github.io/', ['a=1; Domain=github.io']);
    expect(await sent(middleware, 'http://github.io/')).toBe('a=1');
    expect(await sent(middleware, 'http://someone.github.io/')).toBeUndefined();
  });

  it('sends cookies of a request and remembers them', async () => {
    const middleware = await jar();
    expect(await sent(middleware, PAGE, { cookies: { a: 1, b: true } })).toBe('a=1; b=true');
    expect(await sent(middleware, PAGE)).toBe('a=1; b=true');
  });

  it('keeps cookies of an https request off http', async () => {
    const middleware = await jar();
    await sent(middleware, 'https://www.shop.com/', { cookies: { a: '1' } });
    expect(await sent(middleware, 'http://www.shop.com/')).toBeUndefined();
  });

  it('refuses cookies of a request for another site and says so', async () => {
    const context = contextWith();
    const middleware = await made(cookies(), context);
    expect(
      await sent(middleware, PAGE, { cookies: [{ name: 'a', value: 'secret', domain: 'bank.com' }] }),
    ).toBeUndefined();
    expect(await sent(middleware, 'http://bank.com/')).toBeUndefined();
    expect(context.logger.messages('warn').join()).toMatch(/cookies a do not belong/);
    expect(context.logger.messages().join()).not.toContain('secret');
  });

  it('neither sends nor stores with meta.dontMergeCookies, but for the request’s own', async () => {
    const middleware = await jar();
    const apart = { meta: { dontMergeCookies: true } };
    await answer(middleware, PAGE, ['a=1']);
    await answer(middleware, PAGE, ['b=2'], apart);
    expect(await sent(middleware, PAGE, { ...apart, cookies: { c: '3' } })).toBe('c=3');
    expect(await sent(middleware, PAGE)).toBe('a=1');
  });

  it('keeps no jar when cookies are off', async () => {
    const middleware = await jar({ cookies: false });
    await answer(middleware, PAGE, ['a=1']);
    expect(await sent(middleware, PAGE)).toBeUndefined();
    expect(await sent(middleware, PAGE, { headers: { Cookie: 'own=1' } })).toBe('own=1');
  });

  it('leaves a Cookie header made by hand out where there is a jar, and says once what to do', async () => {
    const context = contextWith();
    const middleware = await made(cookies(), context);
    for (let time = 0; time < 2; time++) {
      expect(await sent(middleware, PAGE, { headers: { Cookie: 'own=1' } })).toBeUndefined();
    }
    expect(context.logger.messages('warn')).toHaveLength(1);
  });

  it('sends nothing where the request forbids the header', async () => {
    const middleware = await jar();
    await answer(middleware, PAGE, ['a=1']);
    expect(await sent(middleware, PAGE, { headers: { Cookie: null } })).toBeUndefined();
  });

  it('shows names and never values when asked to log', async () => {
    const context = contextWith({ cookiesDebug: true });
    const middleware = await made(cookies(), context);
    await answer(middleware, PAGE, ['session=topsecret; Path=/']);
    await sent(middleware, PAGE);
    const lines = context.logger.messages().join('\n');
    expect(lines).toMatch(/received from .*session[\s\S]*sent to .*session/);
    expect(lines).not.toContain('topsecret');
  });

  it('keeps at most 180 cookies of a domain, the newest', async () => {
    const middleware = await jar();
    for (let page = 0; page < 10; page++) {
      const some = Array.from({ length: 100 }, (_, at) => `c${page * 100 + at}=1`);
      await answer(middleware, PAGE, some);
    }
    const kept = (await sent(middleware, PAGE))?.split('; ') ?? [];
    expect(kept).toHaveLength(180);
    expect(kept).toContain('c999=1');
  });

  it('keeps at most 180 cookies of a sub-domain beside those of its parent', async () => {
    const middleware = await jar();
    await answer(middleware, PAGE, ['parent=1; Domain=shop.com']);
    for (let page = 0; page < 3; page++) {
      const some = Array.from({ length: 100 }, (_, at) => `c${page * 100 + at}=1`);
      await answer(middleware, PAGE, some);
    }
    const kept = (await sent(middleware, PAGE))?.split('; ') ?? [];
    expect(kept).toContain('parent=1');
    expect(kept).toHaveLength(181);
  });

  it('takes no cookie above 4096 characters', async () => {
    const middleware = await jar();
    await answer(middleware, PAGE, [`a=${'x'.repeat(5000)}`, 'b=2']);
    expect(await sent(middleware, PAGE)).toBe('b=2');
  });
});
