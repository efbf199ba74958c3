import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type DownloaderMiddleware,
  drop,
  type Failure,
  isRequest,
  type PartialSettings,
  Request,
  type RequestOptions,
  Response,
  retryLater,
  Spider,
} from '../../src/index.ts';
import { httpProxy, socksProxy } from '../support/proxy-server.ts';
import { testCertificate } from '../support/raw-server.ts';
import { type Crawled, runSpider } from './run-spider.ts';
import { type Route, site } from './site.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { timedSite } from './timed-site.ts';

type Given = string | Request;

interface Outcome extends Crawled {
  readonly got: readonly (Response | Failure)[];
}

/** Crawls requests one after the other and keeps what became of each. */
async function crawlAll(
  given: readonly Given[],
  settings: PartialSettings = {},
  allowedDomains: readonly string[] = [],
): Promise<Outcome> {
  const got: (Response | Failure)[] = [];
  class Fetches extends Spider {
    override allowedDomains = allowedDomains as string[];
    override *start() {
      for (const one of given)
        yield isRequest(one) ? one.replace({ errback: 'failed' }) : new Request(one, { errback: 'failed' });
    }
    override parse(response: Response) {
      got.push(response);
    }
    failed(failure: Failure) {
      got.push(failure);
    }
  }
  const crawled = await runSpider(Fetches, {
    settings: { obeyRobotsTxt: false, concurrentRequests: 1, ...settings },
  });
  return { ...crawled, got };
}

const meta = (url: string, values: NonNullable<RequestOptions['meta']>): Request =>
  new Request(url, { meta: values, dontFilter: true });

/** Sites of the test, one page each unless told otherwise. */
const page = (routes: Readonly<Record<string, Route>> = {}) => site({ '/': 'page', ...routes });

describe('downloader middlewares', () => {
  it('run in order on the way out and backwards on the way in, and answer, replace, drop or fail requests', async () => {
    const { url, paths } = await page({ '/other': 'other' });
    const calls: string[] = [];
    const step =
      (name: string, hooks: Partial<DownloaderMiddleware> = {}) =>
      (): DownloaderMiddleware => ({
        name,
        processRequest(request, unit) {
          calls.push(`${name} out`);
          return hooks.processRequest?.(request, unit);
        },
        async processResponse(response, unit) {
          calls.push(`${name} in`);
          return hooks.processResponse?.(response, unit);
        },
      });
    await crawlAll([url('/')], { downloaderMiddlewares: [step('a'), step('b')] });
    expect(calls).toEqual(['a out', 'b out', 'b in', 'a in']);

    const outcome = await crawlAll(
      ['stored', 'moved', 'ignored', 'broken'].map((path) => url(`/${path}`)),
      {
        downloaderMiddlewares: (list) =>
          list.without('cookies').append(
            (): DownloaderMiddleware => ({
              name: 'own',
              processRequest({ url: at }) {
                if (at.endsWith('/stored')) return new Response(at, { body: 'stored' });
                if (at.endsWith('/moved')) return new Request(url('/other'), { errback: 'failed' });
                if (at.endsWith('/ignored')) return drop('not wanted');
                if (at.endsWith('/broken')) throw new Error('broken');
                return undefined;
              },
              processException: (error, { request }) =>
                (error as Error).message === 'broken'
                  ? new Response(request.url, { body: 'mended' })
                  : undefined,
            }),
          ),
      },
    );
    expect(paths).toEqual(['/', '/other']);
    const texts = outcome.got.map((one) => (one instanceof Response ? one.text : one.error.message));
    expect(texts).toContain('stored');
    expect(texts).toContain('other');
    expect(texts).toContain('mended');
    expect(texts.some((text) => text.includes('not wanted'))).toBe(true);
    // A drop is no error.
    expect(outcome.stats.errors ?? 0).toBe(0);
    expect(outcome.logger.messages('error')).toEqual([]);
  });

  it('keep every request on the allowed domains and below them, as they are at the time', async () => {
    const { options } = timedSite(() => ({}));
    const asked: string[] = [];
    class Guarded extends Spider {
      override allowedDomains = ['a.test'];
      override startUrls = ['http://a.test/'];
      override *parse({ url }: Response) {
        asked.push(url);
        if (url !== 'http://a.test/') return;
        for (const address of ['http://sub.a.test/', 'http://b.test/1', 'http://b.test/2'])
          yield new Request(address);
        this.allowedDomains.push('c.test');
        yield new Request('http://c.test/');
        yield new Request('http://d.test/', { meta: { allowOffsite: true } });
      }
    }
    const { stats, logger } = await runSpider(Guarded, options);
    expect([...asked].sort()).toEqual([
      'http://a.test/',
      'http://c.test/',
      'http://d.test/',
      'http://sub.a.test/',
    ]);
    expect(stats['offsite/filtered']).toBe(2);
    const told = logger.messages('debug').filter((message) => message.startsWith('offsite: '));
    expect(told).toEqual(['offsite: http://b.test is not in allowedDomains']);
  });

  it('ask robots.txt once for a host before its pages, and obey it', async () => {
    let robots = 0;
    const routes = {
      '/robots.txt': ({ headers }: { headers: Record<string, unknown> }) => {
        robots += 1;
        expect(headers['user-agent']).toBe('Shop/1');
        return {
          headers: { 'Content-Type': 'text/plain' },
          body: 'User-agent: shop\nDisallow: /closed\nAllow: /closed/*/open$\n\nUser-agent: *\nDisallow: /',
        };
      },
      '/closed': 'x',
      '/closed/a/open': 'x',
    } as Record<string, Route>;
    const { url, paths } = await page(routes);
    const urls = ['/', '/closed', '/closed/a/open'].map(url);
    const { got, stats } = await crawlAll(urls, {
      obeyRobotsTxt: true,
      userAgent: 'Shop/1',
      concurrentRequests: 16,
    });
    expect([...paths].sort()).toEqual(['/', '/closed/a/open']);
    expect(robots).toBe(1);
    expect(got).toHaveLength(3);
    expect(stats['robotstxt/forbidden']).toBe(1);
    await crawlAll([url('/')], { obeyRobotsTxt: true, userAgent: 'Shop/1', robotsUserAgent: 'nobody' });
    expect(paths).toHaveLength(2);
  });

  it('send credentials to the one origin that they are for', async () => {
    const one = await page();
    const other = await page();
    const httpAuth = { user: 'me', password: 'secret', origin: one.origin };
    await crawlAll([one.url('/'), other.url('/')], { httpAuth });
    expect(one.arrived[0]?.headers.authorization).toBe(`Basic ${btoa('me:secret')}`);
    expect(other.arrived[0]?.headers.authorization).toBeUndefined();
    await expect(crawlAll([], { httpAuth: { user: 'a', password: 'b' } as never })).rejects.toThrow(
      /httpAuth\.origin/,
    );
  });

  it('give requests their time limit, default headers and user agent, which requests may set themselves', async () => {
    const never = new Promise<string>(() => {});
    const { url, arrived } = await page({ '/slow': () => never, '/own': 'own' });
    const own = new Request(url('/own'), { headers: { 'X-Shop': 'own', 'User-Agent': 'Own/2' } });
    const { got } = await crawlAll([url('/'), own, meta(url('/slow'), { downloadTimeoutMs: 30 })], {
      defaultHeaders: { 'X-Shop': 'all' },
      userAgent: 'All/1',
      retry: false,
    });
    const sent = arrived.slice(0, 2).map(({ headers }) => [headers['x-shop'], headers['user-agent']]);
    expect(sent).toEqual([
      ['all', 'All/1'],
      ['own', 'Own/2'],
    ]);
    expect(got.at(-1)).toMatchObject({ error: { code: 'ERR_CRAWL_DOWNLOAD_TIMEOUT', limitMs: 30 } });
  });

  it('try passing failures again, less urgently, and tell when they give up', async () => {
    const codes = [500, 502, 503, 504, 522, 524, 408, 429];
    const { url, paths } = await site({
      ...Object.fromEntries(codes.map((status) => [`/${status}`, { status }])),
      '/404': { status: 404 },
    });
    const failing = codes.map((status) => url(`/${status}`));
    const settings = { retryTimes: 1, concurrentRequests: 16 };
    const { stats, got } = await crawlAll([...failing, url('/404'), 'http://127.0.0.1:1/'], settings);
    expect(paths).toHaveLength(17);
    expect(got).toHaveLength(10);
    expect(stats).toMatchObject({ 'retry/count': 9, 'retry/max_reached': 9 });
    expect(stats['retry/reason_count/ConnectionRefusedError']).toBe(1);
    const order = await page({ '/bad': { status: 500 }, '/fine': 'x' });
    await crawlAll([order.url('/bad'), order.url('/')], {
      retryTimes: 1,
      retryPriorityAdjust: -1,
      retryBackoffMs: 0,
    });
    expect(order.paths).toEqual(['/bad', '/', '/bad']);
  });

  it('let a callback ask for its page again, choose the errors that are tried again and the level of giving up', async () => {
    let tries = 0;
    const { url } = await site({ '/': () => (++tries < 3 ? 'empty' : '<p>full</p>'), '/empty': 'empty' });
    class Asks extends Spider {
      override startUrls = [url('/'), url('/empty')];
      override *parse(response: Response) {
        yield { page: response.text };
        if (response.text === 'empty') yield retryLater('empty page');
        if (response.url.endsWith('/empty')) yield { gaveUp: true };
      }
    }
    const { items, stats, result, logger } = await runSpider(Asks, {
      settings: { retryTimes: 2, retryGiveUpLogLevel: 'warn' },
    });
    expect(items).toHaveLength(3);
    expect(items).toContainEqual({ page: '<p>full</p>' });
    expect(items).toContainEqual({ page: 'empty' });
    expect(items).toContainEqual({ gaveUp: true });
    expect(result.pages).toBe(2);
    expect(stats).toMatchObject({ 'retry/reason_count/empty page': 4, 'retry/max_reached': 1 });
    expect(logger.messages('warn')).toContain('gave up after 3 tries: empty page');

    class OwnError extends Error {
      override name = 'OwnError';
    }
    let attempts = 0;
    const throwing = (): DownloaderMiddleware => ({
      name: 'throwing',
      processRequest() {
        attempts += 1;
        throw new OwnError('own');
      },
    });
    const own = { downloaderMiddlewares: [throwing], retryTimes: 1 };
    await crawlAll([url('/')], own);
    expect(attempts).toBe(1);
    await crawlAll([url('/')], { ...own, retryErrors: ['OwnError'] });
    expect(attempts).toBe(3);
  });

  it('follow a refresh in a page unless it waits too long or stands in noscript', async () => {
    const refresh = (seconds: number) => `<meta http-equiv="refresh" content="${seconds}; url=/next">`;
    const { url, paths } = await site({
      '/soon': refresh(5),
      '/late': refresh(200),
      '/script': `<noscript>${refresh(0)}</noscript>`,
      '/next': 'next',
    });
    await crawlAll(['/soon', '/late', '/script'].map(url));
    expect([...paths].sort()).toEqual(['/late', '/next', '/script', '/soon']);
    const { crawler } = await crawlAll([url('/soon')], { metaRefreshMaxDelaySeconds: 1 });
    expect(paths.slice(4)).toEqual(['/soon']);
    expect(crawler.settings.metaRefresh).toBe(true);
  });

  it('unpack bodies of every coding, also several on one another, within bounds', async () => {
    const text = 'packed '.repeat(20);
    const packed = (coding: string, body: Uint8Array): Route => ({
      headers: { 'Content-Encoding': coding },
      body,
    });
    const { url, arrived } = await site({
      '/gzip': packed('gzip', gzipSync(text)),
      '/deflate': packed('deflate', deflateSync(text)),
      '/br': packed('br', brotliCompressSync(text)),
      '/both': packed('gzip, br', brotliCompressSync(gzipSync(text))),
      '/bomb': packed('gzip', gzipSync('x'.repeat(100_000))),
    });
    const urls = ['/gzip', '/deflate', '/br', '/both', '/bomb'].map(url);
    const { got } = await crawlAll(urls, { maxBodyBytes: 50_000 });
    expect(got.slice(0, 4).map((one) => (one as Response).text)).toEqual([text, text, text, text]);
    expect(got[4]).toMatchObject({ error: { code: 'ERR_CRAWL_BODY_TOO_LARGE' } });
    expect(arrived[0]?.headers['accept-encoding']).toMatch(/gzip.*deflate.*br/);
  });

  it('follow redirects with their method, fragment and priority, up to a limit', async () => {
    const to = (status: number, location: string): Route => ({ status, headers: { Location: location } });
    const { url, arrived, paths } = await site({
      '/301': to(301, '/end?301'),
      '/302': to(302, '/end?302'),
      '/303': to(303, '/end?303'),
      '/307': to(307, '/end?307'),
      '/308': to(308, '/end?308'),
      '/loop': to(302, '/loop'),
      '/end': 'end',
    });
    const post = [301, 302, 303, 307, 308].map(
      (status) => new Request(url(`/${status}#part`), { method: 'POST', body: 'x' }),
    );
    const { got } = await crawlAll([...post, url('/loop')], { maxRedirects: 3 });
    const ends = arrived.filter(({ path }) => path.startsWith('/end'));
    expect(Object.fromEntries(ends.map(({ path, method }) => [path.slice(5), method]))).toEqual({
      301: 'GET',
      302: 'GET',
      303: 'GET',
      307: 'POST',
      308: 'POST',
    });
    const answers = got.filter((one) => one instanceof Response);
    expect(answers.map(({ url: at, request }) => [new URL(at).hash, request?.priority])).toEqual(
      Array.from({ length: 5 }, () => ['#part', 2]),
    );
    expect(got.find((one) => !(one instanceof Response))).toMatchObject({
      error: { code: 'ERR_CRAWL_TOO_MANY_REDIRECTS' },
    });
    expect(paths.filter((path) => path === '/loop')).toHaveLength(4);
  });

  it('keep cookies in jars by the rules of browsers', async () => {
    const { url, arrived } = await page({
      '/set': { headers: { 'Set-Cookie': ['id=1; Path=/', 'wide=1; Domain=com'] } },
    });
    const sent = (): unknown => arrived.at(-1)?.headers.cookie;
    await crawlAll([url('/set'), url('/')]);
    expect(sent()).toBe('id=1');
    await crawlAll([meta(url('/set'), { cookieJar: 'a' }), meta(url('/'), { cookieJar: 'b' })]);
    expect(sent()).toBeUndefined();
    await crawlAll([url('/set'), url('/')], { cookies: false });
    expect(sent()).toBeUndefined();
    const { logger } = await crawlAll([url('/set'), url('/')], { cookiesDebug: true });
    expect(logger.records.filter(({ logger: name }) => name === 'cookies').length).toBeGreaterThanOrEqual(2);
  });

  it('send requests by the proxy of the environment or of the request, with its credentials', async () => {
    const { url, paths } = await page();
    const login = 'me:secret';
    const proxy = await httpProxy({ login });
    const secure = await httpProxy({ login, tls: testCertificate() });
    const socks = await socksProxy({ login });
    for (const one of [proxy, secure, socks]) onTestFinished(() => one.close());
    const { http_proxy: before, no_proxy: none } = process.env;
    onTestFinished(() => {
      for (const [name, value] of Object.entries({ http_proxy: before, no_proxy: none })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
    process.env.http_proxy = `http://${login}@127.0.0.1:${proxy.port}`;
    process.env.no_proxy = '';
    await crawlAll([url('/')]);
    const byEnvironment = proxy.asked.length;
    expect(proxy.logins).toContain(login);
    await crawlAll([meta(url('/'), { proxy: `socks5://${login}@127.0.0.1:${socks.port}` })]);
    const bySecure = meta(url('/'), { proxy: `https://${login}@localhost:${secure.port}` });
    // The proxy's certificate is checked as a site's is.
    const { got: refused } = await crawlAll([bySecure], { retry: false });
    expect(refused).toMatchObject([{ error: { code: expect.stringMatching(/PROXY|TLS/) } }]);
    await crawlAll([bySecure], { verifyTls: false });
    await crawlAll([meta(url('/'), { proxy: null })]);
    await crawlAll([url('/')], { proxyFromEnvironment: false });
    expect(proxy.asked).toHaveLength(byEnvironment);
    expect(socks.logins).toEqual([login]);
    expect(secure.logins).toEqual([login]);
    expect(paths).toHaveLength(5);
  });

  it('count requests, responses and failures', async () => {
    const { url } = await page();
    const { stats } = await crawlAll([url('/'), url('/gone'), 'http://127.0.0.1:1/'], { retry: false });
    expect(stats).toMatchObject({
      'downloader/request_count': 3,
      'downloader/request_method_count/GET': 3,
      'downloader/response_count': 2,
      'downloader/status/200': 1,
      'downloader/status/404': 1,
      'downloader/exception_count': 1,
    });
    expect(stats['downloader/response_bytes']).toBeGreaterThan(0);
  });

  it('keep answers on disk for good, or by the rules of HTTP', async () => {
    const { url, paths, arrived } = await page({
      '/bad': { status: 404 },
      '/etag': ({ headers }) =>
        headers['if-none-match'] === '"1"'
          ? { status: 304 }
          : { headers: { ETag: '"1"', 'Cache-Control': 'max-age=0' }, body: 'tagged' },
      '/fresh': { headers: { 'Cache-Control': 'max-age=600' }, body: 'fresh' },
    });
    const replay = { httpCache: 'replay', httpCacheDir: join(temporaryFolder(), 'replay') } as const;
    const urls = [url('/'), url('/bad')];
    await crawlAll(urls, { ...replay, httpCacheIgnoreStatuses: [404] });
    await crawlAll(urls, { ...replay, httpCacheIgnoreStatuses: [404] });
    expect(paths).toEqual(['/', '/bad', '/bad']);
    const missing = await crawlAll([url('/new')], { ...replay, httpCacheIgnoreMissing: true });
    expect(missing.stats['httpcache/ignore']).toBe(1);
    expect(paths).toHaveLength(3);
    const rules = { httpCache: 'rfc9111', httpCacheDir: join(temporaryFolder(), 'rules') } as const;
    await crawlAll([url('/etag'), url('/fresh')], rules);
    const { got } = await crawlAll([url('/etag'), url('/fresh')], rules);
    expect(arrived.slice(3).map(({ path }) => path)).toEqual(['/etag', '/fresh', '/etag']);
    expect(got.map((one) => (one as Response).text).sort()).toEqual(['fresh', 'tagged']);
  });
});
