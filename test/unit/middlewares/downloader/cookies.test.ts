import { describe, expect, it, onTestFinished, vi } from 'vitest';
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

  describe('in a job', () => {
    /** The states of a job, as the next run finds them. */
    let stored: Record<string, Record<string, unknown>> = {};

    async function nextRun(settings = {}): Promise<DownloaderMiddleware> {
      const states: typeof stored = structuredClone(stored);
      const state = (name: string): Record<string, unknown> => (states[name] ??= {});
      const middleware = await made(cookies(), contextWith(settings, { state }));
      save = () => {
        stored = JSON.parse(JSON.stringify(states));
      };
      return middleware;
    }
    let save = (): void => {};

    /** Sets cookies in one run and gives the next one. */
    async function runAfter(setCookie: readonly string[], url = PAGE): Promise<DownloaderMiddleware> {
      stored = {};
      await answer(await nextRun(), url, setCookie);
      save();
      return nextRun();
    }

    it('has the sessions of the run before, each its own', async () => {
      stored = {};
      const before = await nextRun();
      await answer(before, PAGE, ['a=1; HttpOnly; SameSite=Lax']);
      await answer(before, PAGE, ['a=2'], { meta: { cookieJar: 'two' } });
      save();
      const middleware = await nextRun();
      expect(await sent(middleware, PAGE)).toBe('a=1');
      expect(await sent(middleware, PAGE, { meta: { cookieJar: 'two' } })).toBe('a=2');
      expect(await sent(middleware, PAGE, { meta: { cookieJar: 'three' } })).toBeUndefined();
    });

    it('keeps to whom a cookie goes: host only, domain, path, secure', async () => {
      const middleware = await runAfter(
        ['host=1', 'domain=1; Domain=shop.com', 'path=1; Path=/in', 'secure=1; Secure'],
        'https://www.shop.com/',
      );
      expect(await sent(middleware, 'https://www.shop.com/')).toBe('host=1; domain=1; secure=1');
      expect(await sent(middleware, 'http://www.shop.com/in')).toBe('path=1; host=1; domain=1');
      expect(await sent(middleware, 'https://a.shop.com/')).toBe('domain=1');
    });

    it('keeps the order in which cookies were made', async () => {
      const names = ['c', 'a', 'b', 'e', 'd'];
      const middleware = await runAfter(names.map((name) => `${name}=1`));
      expect(await sent(middleware, PAGE)).toBe(names.map((name) => `${name}=1`).join('; '));
    });

    it('forgets what has expired meanwhile', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      onTestFinished(() => void vi.useRealTimers());
      const setCookie = ['a=1; Max-Age=60', 'b=1; Max-Age=600', 'c=1'];
      stored = {};
      await answer(await nextRun(), PAGE, setCookie);
      save();
      vi.setSystemTime(Date.now() + 100_000);
      await nextRun();
      save();
      expect(JSON.stringify(stored)).not.toContain('"a"');
      expect(await sent(await nextRun(), PAGE)).toBe('b=1; c=1');
    });

    it('writes a session anew only when it changed', async () => {
      stored = {};
      const states: Record<string, unknown> = {};
      const middleware = await made(cookies(), contextWith({}, { state: () => states }));
      await answer(middleware, PAGE, ['a=1']);
      const kept = (): unknown =>
        (states.sessions as { toJSON(): { cookies: { toJSON(): unknown } }[] }).toJSON()[0]?.cookies.toJSON();
      const first = kept();
      await sent(middleware, PAGE);
      expect(kept()).toBe(first);
      await answer(middleware, PAGE, ['a=2']);
      expect(kept()).not.toBe(first);
    });

    it('leaves what is stored alone with cookies off', async () => {
      await runAfter(['a=1']);
      await nextRun({ cookies: false });
      save();
      expect(await sent(await nextRun(), PAGE)).toBe('a=1');
    });
  });
});
