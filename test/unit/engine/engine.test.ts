import { describe, expect, it } from 'vitest';
import type { DownloaderMiddleware } from '../../../src/contracts/downloader-middleware.ts';
import type { ItemPipeline } from '../../../src/contracts/item-pipeline.ts';
import { CloseCrawlError } from '../../../src/errors/close-crawl-error.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { drop } from '../../../src/values/drop.ts';
import type { Failure } from '../../../src/values/failure.ts';
import { Request } from '../../../src/values/request.ts';
import type { Response } from '../../../src/values/response.ts';
import { retryLater } from '../../../src/values/retry-later.ts';
import { unitFor } from '../../support/downloading.ts';
import { crawlFake, EngineRun, requests } from '../../support/engine-run.ts';
import { seeded } from '../../support/seeded.ts';

const pathOf = (url: string): string => new URL(url).pathname;
const paths = (urls: readonly string[]): string[] => urls.map(pathOf);
const page = (path: string, options = {}): Request =>
  new Request(new URL(path, 'http://site.test/').href, options);

/** Tries again what answers 503. */
const retry = (times = 2): DownloaderMiddleware => ({
  name: 'retry',
  processResponse: ({ status }, { retries }) =>
    status === 503 && retries < times
      ? retryLater('status 503', { afterMs: 1000, priorityAdjust: 0 })
      : undefined,
});

/** Sends `/old…` on to `/new…`. */
const redirect: DownloaderMiddleware = {
  name: 'redirect',
  processResponse: (_response, { request }) =>
    request.url.includes('/old')
      ? request.replace({ url: request.url.replace('/old', '/new'), dontFilter: false })
      : undefined,
};

describe('Engine: pages', () => {
  it('gives each start page to parse and writes what comes of it', async () => {
    const { feed, result } = await crawlFake({
      spider: {
        start: () => requests('/a', '/b'),
        *parse({ url }: Response) {
          yield { path: pathOf(url) };
        },
      },
    });
    expect(feed.items).toEqual(expect.arrayContaining([{ path: '/a' }, { path: '/b' }]));
    expect(feed.items).toHaveLength(2);
    expect(result.reason).toBe('finished');
  });

  it('follows each request once', async () => {
    const { downloader, stats } = await crawlFake({
      spider: { parse: ({ url }: Response) => (pathOf(url) === '/x' ? [] : requests('/x', '/x')) },
    });
    expect(paths(downloader.requested)).toEqual(['/', '/x']);
    expect(stats.get('dupefilter/filtered')).toBe(1);
  });

  it.each([
    ['nothing', () => undefined, 0],
    ['one item', () => ({ at: 1 }), 1],
    ['a promise of a list', async () => [{ at: 1 }, null, { at: 2 }], 2],
    [
      'a generator',
      function* () {
        yield { at: 1 };
        yield undefined;
        yield { at: 2 };
      },
      2,
    ],
    [
      'an async generator',
      async function* () {
        yield { at: 1 };
        yield { at: 2 };
      },
      2,
    ],
  ])('takes %s from a callback', async (_what, parse, items) => {
    const { feed } = await crawlFake({ spider: { parse } });
    expect(feed.items).toHaveLength(items);
  });

  it('calls the callback that a request names, with its arguments', async () => {
    const { feed } = await crawlFake({
      spider: {
        start: () => [page('/x', { callback: 'parseBook', cbKwargs: { shelf: 7 } })],
        parseBook: (_response: Response, { shelf }: { shelf: number }) => ({ shelf }),
      },
    });
    expect(feed.items).toEqual([{ shelf: 7 }]);
  });

  it('throws a wrong output where it was yielded', async () => {
    const seen: unknown[] = [];
    const { feed } = await crawlFake({
      spider: {
        *parse() {
          try {
            yield 'text' as never;
          } catch (error) {
            seen.push((error as Error).message);
          }
          yield { went: 'on' };
        },
      },
    });
    expect(seen[0]).toContain('not the string "text"');
    expect(feed.items).toEqual([{ went: 'on' }]);
  });

  it('counts a response given to a callback as a page, and nothing else', async () => {
    const { scheduler, downloader } = await crawlFake({
      downloaderMiddlewares: [retry(), redirect],
      site: ({ url }) => (url.endsWith('/dead') ? new Error('refused') : {}),
      spider: { start: () => requests('/page', '/old', '/dead') },
    });
    expect(scheduler.counts()).toMatchObject({ delivered: 2, dead: 1, queued: 0, leased: 0 });
    expect(downloader.requested).toHaveLength(4);
  });
});

describe('Engine: outcomes of downloads', () => {
  it('tries again later, as the same request', async () => {
    let answers = 0;
    const { downloader, stats, feed, clock } = await crawlFake({
      downloaderMiddlewares: [retry()],
      site: () => ({ status: ++answers < 3 ? 503 : 200 }),
      spider: { parse: ({ status, retries }: Response) => ({ status, retries }) },
    });
    expect(downloader.requested).toHaveLength(3);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(2000);
    expect(feed.items).toEqual([{ status: 200, retries: 2 }]);
    expect(stats.get('scheduler/enqueued')).toBe(1);
  });

  it('follows a redirect as a request of its own with the same callback', async () => {
    const { downloader, feed } = await crawlFake({
      downloaderMiddlewares: [redirect],
      spider: {
        start: () => [page('/old', { callback: 'parseBook' })],
        parseBook: ({ url }: Response) => ({ path: pathOf(url) }),
      },
    });
    expect(paths(downloader.requested)).toEqual(['/old', '/new']);
    expect(feed.items).toEqual([{ path: '/new' }]);
  });

  it('drops a redirect to a page that is known already', async () => {
    const { downloader, stats } = await crawlFake({
      downloaderMiddlewares: [redirect],
      settings: { order: 'fifo', concurrentRequestsPerHost: 1 },
      spider: { start: () => requests('/new', '/old') },
    });
    expect(paths(downloader.requested)).toEqual(['/new', '/old']);
    expect(stats.get('dupefilter/filtered')).toBe(1);
  });

  it('tells the errback once, after the last retry, and takes what it gives', async () => {
    const failures: string[] = [];
    const { feed, downloader } = await crawlFake({
      downloaderMiddlewares: [
        {
          name: 'retry',
          processException: (_error, { retries }) =>
            retries < 2 ? retryLater('refused', { afterMs: 10 }) : undefined,
        },
      ],
      site: ({ url }) => (url.endsWith('/dead') ? new Error('refused') : {}),
      spider: {
        start: () => [page('/dead', { errback: 'failed' })],
        *failed({ error, request, retries }: Failure) {
          failures.push(`${error.message} ${retries}`);
          yield { lost: pathOf(request.url) };
          yield page('/instead');
        },
      },
    });
    expect(failures).toEqual(['refused 2']);
    expect(feed.items).toEqual([{ lost: '/dead' }]);
    expect(paths(downloader.requested)).toEqual(['/dead', '/dead', '/dead', '/instead']);
  });

  it('tells the errback of a request that a middleware drops', async () => {
    const { feed, stats, downloader } = await crawlFake({
      downloaderMiddlewares: [{ name: 'guard', processRequest: () => drop('forbidden') }],
      spider: {
        start: () => [page('/x', { errback: 'failed' })],
        failed: ({ error }: Failure) => ({ name: error.name, reason: Reflect.get(error, 'reason') }),
      },
    });
    expect(feed.items).toEqual([{ name: 'DroppedError', reason: 'forbidden' }]);
    expect(stats.get('request/dropped/forbidden')).toBe(1);
    expect(downloader.requested).toEqual([]);
  });

  it('takes a response of a middleware instead of a download', async () => {
    const { feed, downloader } = await crawlFake({
      downloaderMiddlewares: [
        {
          name: 'cache',
          processRequest: async (request) => {
            const { Response } = await import('../../../src/values/response.ts');
            return new Response(request.url, { body: 'kept', request });
          },
        },
      ],
      spider: { parse: ({ text }: Response) => ({ text }) },
    });
    expect(feed.items).toEqual([{ text: 'kept' }]);
    expect(downloader.requested).toEqual([]);
  });

  it('keeps a request that failed for good with its reason', async () => {
    const { scheduler, result } = await crawlFake({ site: () => new Error('refused') });
    expect(scheduler.list({ state: 'dead' }, 0, 10)).toMatchObject([{ reason: 'refused' }]);
    expect(result.reason).toBe('finished');
  });
});

describe('Engine: callbacks that throw', () => {
  const spider = {
    *parse() {
      yield { before: 'the fault' };
      yield page('/next', { callback: 'parseNext' });
      throw new Error('boom');
    },
    parseNext: () => ({ next: true }),
  };

  it('keeps what was given before, unless told otherwise', async () => {
    const { feed, stats } = await crawlFake({ spider });
    expect(feed.items).toEqual([{ before: 'the fault' }, { next: true }]);
    expect(stats.get('spider/errors')).toBe(1);
  });

  it('throws away what was given before on `discard`', async () => {
    const { feed, scheduler } = await crawlFake({ spider, settings: { onCallbackError: 'discard' } });
    expect(feed.items).toEqual([]);
    expect(scheduler.counts().delivered).toBe(1);
  });

  it('tries the page again on `retry`, and keeps nothing of a failed try', async () => {
    let tries = 0;
    const { feed, downloader } = await crawlFake({
      settings: { onCallbackError: 'retry', retryTimes: 2 },
      spider: {
        *parse() {
          yield { tries: ++tries };
          if (tries < 3) throw new Error('boom');
        },
      },
    });
    expect(feed.items).toEqual([{ tries: 3 }]);
    expect(downloader.requested).toHaveLength(3);
  });

  it('does not tell the errback', async () => {
    const { feed } = await crawlFake({
      spider: {
        start: () => [page('/', { errback: 'failed' })],
        parse: () => Promise.reject(new Error('boom')),
        failed: () => ({ told: true }),
      },
    });
    expect(feed.items).toEqual([]);
  });

  it('ends the crawl for a CloseCrawlError, with its reason', async () => {
    const { result } = await crawlFake({
      spider: {
        parse() {
          throw new CloseCrawlError('enough');
        },
      },
    });
    expect(result).toMatchObject({ reason: 'enough', error: undefined });
  });
});

describe('Engine: fetch in callbacks', () => {
  it('fetches outside of the queue, the filter and the page count', async () => {
    const run: EngineRun = new EngineRun({
      spider: {
        async *parse({ url }: Response) {
          const twice = [await run.engine.fetch(page('/extra')), await run.engine.fetch(page('/extra'))];
          yield { of: pathOf(url), fetched: twice.map((one) => pathOf(one.url)) };
        },
      },
    });
    await run.run();
    expect(run.feed.items).toEqual([{ of: '/', fetched: ['/extra', '/extra'] }]);
    expect(run.scheduler.counts()).toMatchObject({ delivered: 1, known: 1 });
  });

  it('retries and follows redirects', async () => {
    let answers = 0;
    const run: EngineRun = new EngineRun({
      downloaderMiddlewares: [retry(), redirect],
      site: ({ url }) => ({ status: url.endsWith('/new') && ++answers < 2 ? 503 : 200 }),
      spider: {
        async parse() {
          return { path: pathOf((await run.engine.fetch(page('/old'))).url) };
        },
      },
    });
    await run.run();
    expect(run.feed.items).toEqual([{ path: '/new' }]);
    expect(paths(run.downloader.requested)).toEqual(['/', '/old', '/new', '/new']);
  });

  it('rejects with what the download failed with', async () => {
    const run: EngineRun = new EngineRun({
      site: ({ url }) => (url.endsWith('/dead') ? new Error('refused') : {}),
      spider: {
        parse: () => run.engine.fetch(page('/dead')).catch((error: Error) => ({ error: error.message })),
      },
    });
    await run.run();
    expect(run.feed.items).toEqual([{ error: 'refused' }]);
  });

  it('names the address that was being fetched when it is given up: under way, waiting, or not begun', async () => {
    const errors: unknown[] = [];
    const run: EngineRun = new EngineRun({
      settings: { concurrentRequestsPerHost: 1 },
      site: ({ url }) => ({ delayMs: url.includes('/slow') ? 1000 : 0 }),
      spider: {
        async parse() {
          const fetching = ['/slow1', '/slow2'].map((path) => run.engine.fetch(page(path)));
          run.clock.setTimeout(() => run.engine.abort(), 500);
          for (const { reason } of (await Promise.allSettled(fetching)) as PromiseRejectedResult[])
            errors.push(reason);
          await run.engine.fetch(page('/late')).catch((error: unknown) => errors.push(error));
        },
      },
    });
    await run.run();
    await run.clock.advance(1000);
    expect(errors).toMatchObject(
      ['/slow1', '/slow2', '/late'].map((path) => ({
        code: 'ERR_CRAWL_DOWNLOAD_CANCELLED',
        message: `http://site.test${path}: download cancelled (the crawl was ended)`,
      })),
    );
  });

  it('names its own address where it ends with the page that it was fetched for', async () => {
    const controller = new AbortController();
    const run = new EngineRun({
      site: () => {
        controller.abort(new Error('enough'));
        return { delayMs: 1000 };
      },
      spider: { start: () => [] },
    });
    const request = page('/part');
    const unit = unitFor(page('/whole'), { signal: controller.signal });
    const fetching = run.engine.fetch(request, unit).catch((error: unknown) => error);
    await run.clock.advance(10);
    expect(await fetching).toMatchObject({
      url: request.url,
      message: `${request.url}: download cancelled (enough)`,
    });
  });

  it('lets sixteen callbacks fetch three pages each of their own one-slot host', async () => {
    const run: EngineRun = new EngineRun({
      settings: { concurrentRequestsPerHost: 1, concurrentRequests: 16 },
      site: () => ({ delayMs: 10 }),
      spider: {
        start: () => Array.from({ length: 16 }, (_, at) => page(`/${at}`)),
        async parse({ url }: Response) {
          const fetched = await Promise.all(
            [1, 2, 3].map((part) => run.engine.fetch(page(`${pathOf(url)}/part/${part}`))),
          );
          return { path: pathOf(url), parts: fetched.length };
        },
      },
    });
    const { reason } = await run.run();
    expect(reason).toBe('finished');
    expect(run.feed.items).toHaveLength(16);
    expect(run.downloader.requested).toHaveLength(64);
    expect(run.downloader.mostActive.get('site.test')).toBe(1);
  });

  it('lets sixteen callbacks on sixteen one-slot hosts fetch from each other', async () => {
    const run: EngineRun = new EngineRun({
      settings: { concurrentRequestsPerHost: 1, concurrentRequests: 16 },
      site: () => ({ delayMs: 10 }),
      spider: {
        start: () => Array.from({ length: 16 }, (_, at) => new Request(`http://h${at}.test/`)),
        async parse({ url }: Response) {
          const at = Number(/h(\d+)/.exec(url)?.[1]);
          for (let step = 1; step <= 3; step++)
            await run.engine.fetch(new Request(`http://h${(at + step) % 16}.test/${at}-${step}`));
          return { at };
        },
      },
    });
    await run.run();
    expect(run.feed.items).toHaveLength(16);
  });

  it.each([1, 4])('lets hooks of %i requests fetch over the only places there are', async (places) => {
    let tokens = 0;
    const run: EngineRun = new EngineRun({
      settings: { concurrentRequestsPerHost: 1, concurrentRequests: places },
      site: () => ({ delayMs: 10 }),
      downloaderMiddlewares: [
        {
          name: 'token',
          async processRequest({ url }) {
            if (pathOf(url).startsWith('/token')) return;
            await run.engine.fetch(new Request(`http://h0.test/token/${url}`));
            await run.engine.fetch(page(`/token/${++tokens}`));
          },
        },
      ],
      spider: {
        start: () => Array.from({ length: 12 }, (_, at) => new Request(`http://h${at % 6}.test/${at}`)),
        parse: ({ url }: Response) => ({ url }),
      },
    });
    const { reason } = await run.run();
    expect(reason).toBe('finished');
    expect(run.feed.items).toHaveLength(12);
    expect(run.downloader.requested).toHaveLength(36);
    expect(Math.max(...run.downloader.mostActive.values())).toBe(1);
  });

  it('ends where hooks that fill the gate wait for a shared fetch from a host that is not ready', async () => {
    const { run, login } = withLogin('http://login.test/login', {
      settings: { concurrentRequests: 4, hostLimits: { 'login.test': { delayMs: 300 } } },
      spider: {
        async *start() {
          yield new Request('http://login.test/login?warm');
          await new Promise<void>((resolve) => run.clock.setTimeout(resolve, 100));
          for (let at = 0; at < 40; at++) yield new Request(`http://h${at}.test/`);
        },
        parse: ({ url }: Response) => ({ url }),
      },
    });
    expect((await run.run()).reason).toBe('finished');
    expect(login()).toBe(1);
    expect(run.feed.items).toHaveLength(41);
  });

  it('ends where a fetch that came before takes the place and waits for a shared fetch', async () => {
    const { run, login } = withLogin('http://site.test/login', {
      settings: { concurrentRequestsPerHost: 1 },
      spider: {
        start: () => [page('/login?first')],
        async parse({ url }: Response) {
          await Promise.all([run.engine.fetch(page('/x')), run.engine.fetch(page('/y'))]);
          return { url };
        },
      },
    });
    expect((await run.run()).reason).toBe('finished');
    expect(login()).toBe(1);
    expect(run.feed.items).toHaveLength(1);
  });
});

/** A crawl whose requests all wait for one login, which the first of them asks for. */
function withLogin(
  loginUrl: string,
  parts: ConstructorParameters<typeof EngineRun>[0],
): { readonly run: EngineRun; readonly login: () => number } {
  let count = 0;
  let login: Promise<unknown> | undefined;
  const run: EngineRun = new EngineRun({
    ...parts,
    site: () => ({ delayMs: 10 }),
    downloaderMiddlewares: [
      {
        name: 'login',
        async processRequest({ url }) {
          if (url.includes('/login')) return;
          if (login === undefined) {
            count += 1;
            login = run.engine.fetch(new Request(loginUrl));
          }
          await login;
        },
      },
    ],
  });
  return { run, login: () => count };
}

describe('Engine: hosts', () => {
  it('keeps the pace of a good host beside eight whose robots.txt is dead', async () => {
    const clock = new ManualClock();
    const finishedAtMs = async (deadHosts: number): Promise<number> => {
      const startedMs = clock.monotonicMs();
      let lastMs = 0;
      await crawlFake({
        clock,
        settings: { concurrentRequests: 16, concurrentRequestsPerHost: 2 },
        downloaderMiddlewares: [
          {
            name: 'robots',
            prepareOrigin: (origin) =>
              origin.includes('dead')
                ? new Promise((resolve) => clock.setTimeout(resolve, 60_000))
                : undefined,
          },
        ],
        site: () => ({ delayMs: 50 }),
        spider: {
          start: () => [
            ...Array.from(
              { length: deadHosts * 10 },
              (_, at) => new Request(`http://dead${at % 8}.test/${at}`),
            ),
            ...Array.from({ length: 100 }, (_, at) => page(`/${at}`)),
          ],
          parse({ url }: Response) {
            if (url.includes('site.test')) lastMs = clock.monotonicMs() - startedMs;
          },
        },
      });
      return lastMs;
    };
    expect(await finishedAtMs(8)).toBe(await finishedAtMs(0));
  });

  it('tells the downloader of hosts that nothing more is asked of', async () => {
    const idle: string[] = [];
    const run: EngineRun = new EngineRun({
      spider: { start: () => requests('/a', 'http://b.test/', '/c') },
      downloader: {
        download: (request, unit) => run.downloader.download(request, unit),
        hostIdle: (host) => void idle.push(host),
        close: async () => {},
      },
    });
    await run.run();
    expect(new Set(idle)).toEqual(new Set(['site.test', 'b.test']));
  });

  it('prepares an origin once, before its first page', async () => {
    const log: string[] = [];
    await crawlFake({
      downloaderMiddlewares: [
        {
          name: 'robots',
          prepareOrigin: async (origin) => {
            log.push(`robots of ${origin}`);
          },
        },
      ],
      site: ({ url }) => {
        log.push(url);
        return {};
      },
      spider: { start: () => requests('/a', '/b') },
    });
    expect(log[0]).toBe('robots of http://site.test');
    expect(log).toHaveLength(3);
  });
});

describe('Engine: limits', () => {
  it('delivers exactly maxPages, whatever fails, moves or is retried at the edge', async () => {
    let reached = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = seeded(seed);
      const { scheduler, result, feed } = await crawlFake({
        settings: { maxPages: 100, concurrentRequests: 16, concurrentRequestsPerHost: 16 },
        random,
        downloaderMiddlewares: [retry(), redirect],
        site: () => {
          const dice = random();
          if (dice < 0.1) return new Error('refused');
          return { status: dice < 0.2 ? 503 : 200, delayMs: random() * 50 };
        },
        spider: {
          start: () => requests('/0', '/1', '/2', '/3'),
          *parse({ url }: Response) {
            yield { url };
            for (let link = 0; link < 3; link++)
              yield page(`${random() < 0.2 ? '/old' : '/p'}${Math.floor(random() * 1e6)}`);
          },
          failed: () => undefined,
        },
      });
      if (result.reason === 'finished') continue;
      reached += 1;
      expect(result.reason).toBe('maxPages');
      expect(scheduler.counts().delivered).toBe(100);
      expect(feed.items).toHaveLength(100);
    }
    expect(reached).toBe(50);
  });

  it('scrapes exactly maxItems, dropped items not counted, and commits the requests of the last page', async () => {
    const pipelines: ItemPipeline[] = [
      { name: 'odd', processItem: async (item) => (Number(item.at) % 2 === 0 ? drop('even') : item) },
    ];
    let at = 0;
    const { feed, result, scheduler } = await crawlFake({
      settings: { maxItems: 25 },
      pipelines,
      site: () => ({ delayMs: 5 }),
      spider: {
        start: () => requests(...Array.from({ length: 30 }, (_, path) => `/${path}`)),
        *parse() {
          yield page(`/more/${at}`);
          for (let item = 0; item < 10; item++) yield { at: ++at };
        },
      },
    });
    expect(result.reason).toBe('maxItems');
    expect(feed.items).toHaveLength(25);
    expect(scheduler.counts().leased).toBe(0);
  });

  it('closes after maxErrors', async () => {
    const { result } = await crawlFake({
      settings: { maxErrors: 3, concurrentRequests: 1 },
      site: () => new Error('refused'),
      spider: { start: () => requests(...Array.from({ length: 30 }, (_, path) => `/${path}`)) },
    });
    expect(result.reason).toBe('maxErrors');
  });

  it('closes after maxDurationMs', async () => {
    const { result, clock } = await crawlFake({
      settings: { maxDurationMs: 5000, concurrentRequests: 1 },
      site: () => ({ delayMs: 1000 }),
      spider: { start: () => requests(...Array.from({ length: 30 }, (_, path) => `/${path}`)) },
    });
    expect(result.reason).toBe('maxDuration');
    expect(clock.monotonicMs()).toBeLessThan(8000);
  });

  it('closes maxDurationWithoutItemMs after the last item', async () => {
    const { result, clock, feed } = await crawlFake({
      settings: { maxDurationWithoutItemMs: 5000, concurrentRequests: 1, order: 'fifo' },
      site: () => ({ delayMs: 1000 }),
      spider: {
        start: () => requests(...Array.from({ length: 30 }, (_, path) => `/${path}`)),
        parse: ({ url }: Response) => (pathOf(url) === '/2' ? { url } : undefined),
      },
    });
    expect(feed.items).toHaveLength(1);
    expect(result.reason).toBe('maxDurationWithoutItem');
    expect(clock.monotonicMs()).toBe(8000);
  });

  it('closes with the page that makes maxPagesWithoutItem in a row', async () => {
    const { result, downloader } = await crawlFake({
      settings: { maxPagesWithoutItem: 4, concurrentRequests: 1, order: 'fifo' },
      site: () => ({ delayMs: 1000 }),
      spider: {
        start: () => requests(...Array.from({ length: 30 }, (_, path) => `/${path}`)),
        parse: ({ url }: Response) => (['/2', '/5'].includes(pathOf(url)) ? { url } : undefined),
      },
    });
    expect(result.reason).toBe('maxPagesWithoutItem');
    // Page 9 is the fourth; the one that was under way by then still ends.
    expect(downloader.requested.length - 10).toBeLessThanOrEqual(1);
  });
});

describe('Engine: start()', () => {
  it('crawls what was given before start() threw, and says so at the end', async () => {
    const { feed, result } = await crawlFake({
      spider: {
        *start() {
          yield page('/a');
          throw new Error('no seeds');
        },
        parse: ({ url }: Response) => ({ path: pathOf(url) }),
      },
    });
    expect(feed.items).toEqual([{ path: '/a' }]);
    expect(result).toMatchObject({ reason: 'start_error', error: { message: 'no seeds' } });
  });

  it('pulls a long start() only as fast as the crawl takes it', async () => {
    let given = 0;
    let mostAhead = 0;
    let crawled = 0;
    await crawlFake({
      settings: { concurrentRequestsPerHost: 16 },
      spider: {
        *start() {
          while (given < 5000) {
            given += 1;
            mostAhead = Math.max(mostAhead, given - crawled);
            yield page(`/${given}`);
          }
        },
        parse() {
          crawled += 1;
        },
      },
    });
    expect(crawled).toBe(5000);
    expect(mostAhead).toBeLessThan(3000);
  });

  it('lets pages go while an async start() waits for more', async () => {
    const clock = new ManualClock();
    const crawledAtMs: number[] = [];
    await crawlFake({
      clock,
      spider: {
        async *start() {
          yield page('/first');
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 10_000));
          yield page('/second');
        },
        parse() {
          crawledAtMs.push(clock.monotonicMs());
        },
      },
    });
    expect(crawledAtMs).toEqual([0, 10_000]);
  });

  it('crawls start requests in their order', async () => {
    const { downloader } = await crawlFake({
      settings: { concurrentRequests: 1 },
      spider: { start: () => requests('/1', '/2', '/3') },
    });
    expect(paths(downloader.requested)).toEqual(['/1', '/2', '/3']);
  });

  it('gives up a request that a component tries again for ever', async () => {
    const { downloader, result } = await crawlFake({
      downloaderMiddlewares: [{ name: 'stubborn', processResponse: () => retryLater('again') }],
    });
    expect(downloader.requested).toHaveLength(101);
    expect(result.reason).toBe('finished');
  });

  it('takes items from start()', async () => {
    const { feed } = await crawlFake({ spider: { start: () => [{ seed: 1 }] } });
    expect(feed.items).toEqual([{ seed: 1 }]);
  });

  it('starts with the first request given, though it is given again', async () => {
    const { downloader } = await crawlFake({
      settings: { concurrentRequests: 1 },
      spider: { start: () => requests('/1', '/2', '/3', '/1') },
    });
    expect(paths(downloader.requested)).toEqual(['/1', '/2', '/3']);
  });

  it('takes thousands of start requests only as fast as they are crawled, the first one first', async () => {
    let mostQueued = 0;
    const run: EngineRun = new EngineRun({
      site: () => ({ delayMs: 10 }),
      settings: { concurrentRequests: 1, concurrentRequestsPerHost: 1, maxPages: 1500 },
      spider: {
        *start() {
          for (let at = 0; at < 20_000; at++) {
            mostQueued = Math.max(mostQueued, run.scheduler.counts().queued);
            yield page(`/${at}`);
          }
        },
        parse: () => undefined,
      },
    });
    await run.run();
    expect(mostQueued).toBeLessThan(2000);
    expect(pathOf(run.downloader.requested[0] ?? '')).toBe('/0');
  });
});

describe('Engine: items', () => {
  it('sends items through the pipelines in order and keeps the order of the page', async () => {
    const { feed, stats } = await crawlFake({
      pipelines: [
        {
          name: 'slow-for-some',
          processItem: async (item) => {
            for (let turn = 0; turn < 5 - Number(item.at); turn++) await undefined;
            return item;
          },
        },
        { name: 'second', processItem: (item) => (item.at === 2 ? drop('two') : { ...item, second: true }) },
      ],
      spider: { parse: () => [1, 2, 3].map((at) => ({ at })) },
    });
    expect(feed.items).toEqual([
      { at: 1, second: true },
      { at: 3, second: true },
    ]);
    expect(stats.get('item/dropped/two')).toBe(1);
  });

  it.each([
    ['returned', () => drop('no price')],
    ['returned late', async () => drop('no price')],
    ['in a list', () => [drop('no price')]],
    [
      'yielded',
      function* () {
        yield drop('no price');
        yield { at: 1 };
      },
    ],
    [
      'returned by a generator',
      // biome-ignore lint/correctness/useYield: it drops before it yields
      function* () {
        return drop('no price');
      },
    ],
    [
      'returned by an async generator',
      // biome-ignore lint/correctness/useYield: it drops before it yields
      async function* () {
        return drop('no price');
      },
    ],
  ])('counts what a callback drops among the dropped items: %s', async (how, parse) => {
    const seen: unknown[] = [];
    const run = new EngineRun({ spider: { parse } });
    run.signals.on('itemDropped', (data) => void seen.push(data));
    await run.run();
    expect(run.feed.items).toEqual(how === 'yielded' ? [{ at: 1 }] : []);
    expect(run.stats.get('item/dropped/no price')).toBe(1);
    expect(run.stats.get('spider/dropped/no price')).toBeUndefined();
    expect(seen).toEqual([expect.objectContaining({ item: {}, drop: drop('no price') })]);
  });

  it('loses only the item on which a pipeline throws', async () => {
    const { feed, stats, result } = await crawlFake({
      pipelines: [
        {
          name: 'picky',
          processItem(item) {
            if (item.at === 2) throw new TypeError('two');
            return item;
          },
        },
      ],
      spider: { parse: () => [1, 2, 3].map((at) => ({ at })) },
    });
    expect(feed.items).toEqual([{ at: 1 }, { at: 3 }]);
    expect(stats.get('item/errors/TypeError')).toBe(1);
    expect(result.reason).toBe('finished');
  });

  it('commits items to pipelines before the page is acknowledged, and stops where that throws', async () => {
    const leasedThen: number[] = [];
    const run: EngineRun = new EngineRun({
      pipelines: [
        {
          name: 'database',
          commit(batch) {
            leasedThen.push(run.scheduler.counts().leased);
            expect(batch).toMatchObject([{ ordinal: 0 }, { ordinal: 1 }]);
            throw new Error('disk full');
          },
        },
      ],
      spider: { parse: () => [{ at: 1 }, { at: 2 }] },
    });
    const result = await run.run();
    expect(leasedThen).toEqual([1]);
    expect(result).toMatchObject({ reason: 'pipeline_error', error: { message: 'disk full' } });
    expect(run.scheduler.counts()).toMatchObject({ delivered: 0, queued: 1 });
    expect(run.feed.items).toEqual([]);
  });

  it('pulls a generator only as fast as the pipelines take its items', async () => {
    let given = 0;
    let done = 0;
    let mostAhead = 0;
    await crawlFake({
      settings: { concurrentItems: 5 },
      pipelines: [
        {
          name: 'slow',
          processItem: async (item) => {
            await new Promise((resolve) => setImmediate(resolve));
            done += 1;
            return item;
          },
        },
      ],
      spider: {
        *parse() {
          for (; given < 200; given++) {
            mostAhead = Math.max(mostAhead, given - done);
            yield { given };
          }
        },
      },
    });
    expect(done).toBe(200);
    expect(mostAhead).toBeLessThanOrEqual(7);
  });

  it('takes no new pages while an output is behind', async () => {
    const clock = new ManualClock();
    let crawledMeanwhile = 0;
    let isBehind = false;
    await crawlFake({
      clock,
      settings: { concurrentRequests: 1 },
      feeds: [
        {
          uri: 'slow',
          format: 'objects',
          open: async () => {},
          write: () => {
            isBehind = true;
            return new Promise((resolve) =>
              clock.setTimeout(() => {
                isBehind = false;
                resolve();
              }, 1000),
            );
          },
          close: async () => ({ uri: 'slow', format: 'objects', items: 0, bytes: 0 }),
        },
      ],
      site: () => {
        if (isBehind) crawledMeanwhile += 1;
        return {};
      },
      spider: {
        start: () => requests(...Array.from({ length: 20 }, (_, at) => `/${at}`)),
        parse: () => ({}),
      },
    });
    expect(crawledMeanwhile).toBe(0);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(3000);
  });

  it('holds no more than sixteen megabytes of items of one page', async () => {
    const big = 'x'.repeat(1024 * 1024);
    let written = 0;
    let mostHeld = 0;
    await crawlFake({
      feeds: [
        {
          uri: 'count',
          format: 'objects',
          open: async () => {},
          write: (items) => {
            written += items.length;
            return undefined;
          },
          close: async () => ({ uri: 'count', format: 'objects', items: written, bytes: 0 }),
        },
      ],
      spider: {
        *parse() {
          for (let at = 1; at <= 40; at++) {
            yield { big };
            mostHeld = Math.max(mostHeld, at - written);
          }
        },
      },
    });
    expect(written).toBe(40);
    expect(mostHeld).toBeLessThan(10);
  });

  it('hands the requests of one page on in thousands', async () => {
    let mostHeld = 0;
    const run: EngineRun = new EngineRun({
      settings: { maxPages: 1 },
      spider: {
        *parse() {
          for (let at = 0; at < 25_000; at++) {
            yield page(`/${at}`);
            mostHeld = Math.max(mostHeld, at + 1 - run.scheduler.counts().queued);
          }
          yield { last: true };
        },
      },
    });
    await run.run();
    expect(mostHeld).toBeLessThanOrEqual(1000);
    expect(run.scheduler.counts().queued).toBe(25_000);
    expect(run.feed.items).toEqual([{ last: true }]);
  });

  it('gives a page back whose items cannot be kept before its commit', async () => {
    const run = new EngineRun({
      settings: { maxPages: 1 },
      pipelines: [{ name: 'db', commit: () => Promise.reject(new Error('the database is down')) }],
      spider: {
        *parse() {
          for (let at = 0; at < 15_000; at++) yield { at };
        },
      },
    });
    const { reason } = await run.run();
    expect([reason, run.scheduler.counts().delivered, run.scheduler.counts().queued]).toEqual([
      'pipeline_error',
      0,
      1,
    ]);
  });
});

describe('Engine: idle and closing', () => {
  it('asks spiderIdle handlers before the end and takes what they push', async () => {
    const run = new EngineRun({ spider: { parse: ({ url }: Response) => ({ path: pathOf(url) }) } });
    let asked = 0;
    run.signals.on('spiderIdle', ({ push }) => {
      if (++asked === 1) push(page('/late'));
    });
    await run.run();
    expect(run.feed.items).toEqual([{ path: '/' }, { path: '/late' }]);
    expect(asked).toBe(2);
  });

  it('stays open while a spiderIdle handler says so', async () => {
    const run = new EngineRun();
    let asked = 0;
    run.signals.on('spiderIdle', ({ keepOpen }) => {
      if (++asked < 4) keepOpen();
    });
    const { reason } = await run.run();
    expect({ reason, asked }).toEqual({ reason: 'finished', asked: 4 });
  });

  it('lets running pages end when it is stopped, and takes no others', async () => {
    const run: EngineRun = new EngineRun({
      settings: { concurrentRequests: 2, concurrentRequestsPerHost: 2 },
      site: () => ({ delayMs: 100 }),
      spider: {
        start: () => requests(...Array.from({ length: 20 }, (_, at) => `/${at}`)),
        parse({ url }: Response) {
          run.engine.stop('shutdown');
          return { path: pathOf(url) };
        },
      },
    });
    const { reason } = await run.run();
    expect(reason).toBe('shutdown');
    const { queued, leased, delivered } = run.scheduler.counts();
    expect(leased).toBe(0);
    expect(run.feed.items).toHaveLength(delivered);
    expect(queued).toBe(20 - delivered);
    expect(delivered).toBeLessThanOrEqual(4);
  });

  it('gives back pages that do not end within closeTimeoutMs', async () => {
    const run: EngineRun = new EngineRun({
      settings: { closeTimeoutMs: 30_000 },
      spider: {
        async *parse() {
          yield { before: 'the hang' };
          run.engine.stop('shutdown');
          await new Promise(() => {});
        },
      },
    });
    await run.run();
    expect(run.clock.monotonicMs()).toBe(30_000);
    expect(run.scheduler.counts()).toMatchObject({ queued: 1, delivered: 0 });
    expect(run.feed.items).toEqual([]);
  });

  it('ends at once on abort(), and writes nothing of pages that end later', async () => {
    let goOn = (): void => {};
    const run: EngineRun = new EngineRun({
      spider: {
        async *parse() {
          yield { at: 1 };
          run.engine.abort();
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
          yield { at: 2 };
        },
      },
    });
    const { reason } = await run.run();
    goOn();
    await run.clock.advance(1000);
    expect(reason).toBe('aborted');
    expect(run.feed.items).toEqual([]);
    expect(run.clock.monotonicMs()).toBe(1000);
  });

  it('closes pipelines, feeds, spider, middlewares, downloader and scheduler in this order', async () => {
    const log: string[] = [];
    const run = new EngineRun({
      pipelines: [
        { name: 'p1', close: () => void log.push('p1') },
        { name: 'p2', close: () => void log.push('p2') },
      ],
      feeds: [
        {
          uri: 'feed',
          format: 'objects',
          open: async () => {},
          write: () => undefined,
          close: async () => {
            log.push('feed');
            return { uri: 'feed', format: 'objects', items: 0, bytes: 0 };
          },
        },
      ],
      downloaderMiddlewares: [{ name: 'm', close: () => void log.push('middleware') }],
      spider: { closed: (reason: string) => void log.push(`closed ${reason}`) },
    });
    await run.run();
    expect(log).toEqual(['p2', 'p1', 'feed', 'closed finished', 'middleware']);
    expect(run.downloader.isClosed).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const { clock } = await crawlFake({
      settings: { maxDurationMs: 60_000 },
      downloaderMiddlewares: [retry()],
      site: () => ({ delayMs: 10 }),
    });
    expect(clock.pending).toBe(0);
  });

  it('ends before it starts where an output cannot be opened, and closes the rest', async () => {
    const { result, downloader, feed } = await crawlFake({
      feeds: [
        {
          uri: 'bad',
          format: 'objects',
          open: async () => {
            throw new Error('read-only');
          },
          write: () => undefined,
          close: async () => ({ uri: 'bad', format: 'objects', items: 0, bytes: 0 }),
        },
      ],
    });
    expect(result).toMatchObject({ reason: 'output_error', error: { message: 'read-only' } });
    expect(downloader.requested).toEqual([]);
    expect(downloader.isClosed).toBe(true);
    expect(feed.isOpen).toBe(false);
  });

  it('tells a fault that fails several steps of the close once', async () => {
    const close = async (): Promise<never> => {
      throw new Error('the disk is full');
    };
    const names = ['a', 'b'].map((name) => ({ name, close }));
    const { result, logger } = await crawlFake({ extensions: names });
    expect(result.error?.message).toBe('the disk is full');
    expect(logger.records.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('opens outputs last: none is begun where a component or pipeline cannot be opened', async () => {
    const open = async (): Promise<never> => {
      throw new Error('no archive there');
    };
    for (const part of ['downloaderMiddlewares', 'schedulerMiddlewares', 'pipelines']) {
      const { result, feed } = await crawlFake({ [part]: [{ name: 'broken', open }] });
      expect(result).toMatchObject({ reason: 'engine_error', error: { message: 'no archive there' } });
      expect(feed.isOpen).toBe(false);
    }
  });
});
