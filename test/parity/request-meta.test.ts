import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CrawlSpider,
  type DownloaderMiddleware,
  type Factory,
  type Failure,
  Request,
  type RequestMeta,
  type Response,
  type Rule,
  Spider,
} from '../../src/index.ts';
import { httpProxy } from '../support/proxy-server.ts';
import { rawServer } from '../support/raw-server.ts';
import { type Crawled, type RunOptions, runSpider } from './run-spider.ts';
import { site } from './site.ts';

type Asked = readonly [url: string, meta: RequestMeta];

/** Crawls these addresses with their meta; what came of each, in that order. */
async function crawlWith(asked: readonly Asked[], options: RunOptions = {}): Promise<Crawled> {
  class Asks extends Spider {
    override *start() {
      for (const [place, [url, meta]] of asked.entries()) {
        yield new Request(url, { meta: { ...meta, place }, dontFilter: true, errback: this.failed });
      }
    }
    override *parse(response: Response) {
      const { status, url, retries, flags, body, meta } = response;
      yield { place: meta.place, url, status, retries, flags, size: body.byteLength };
    }
    *failed({ error, request, retries }: Failure) {
      yield { place: request.meta.place, error: error.name, retries };
    }
  }
  const crawled = await runSpider(Asks, options);
  const items = [...crawled.items].sort((a, b) => Number(a.place) - Number(b.place));
  return { ...crawled, items };
}

const fifo = { order: 'fifo', concurrentRequestsPerHost: 1 } as const;

describe('meta of a request', () => {
  it('chooses a cookie jar, for that request only', async () => {
    const { url, arrived } = await site({
      '/in': { headers: { 'Set-Cookie': 'who=ann' } },
      '/page': '',
      '/next': '',
    });
    class Jars extends Spider {
      override *start() {
        yield new Request(url('/in'), { meta: { cookieJar: 'ann' } });
      }
      override *parse() {
        yield new Request(url('/page'), { meta: { cookieJar: 'ann' }, callback: this.done });
        yield new Request(url('/next'), { callback: this.done });
      }
      done() {}
    }
    await runSpider(Jars);
    const cookieOf = (wanted: string) => arrived.find(({ path }) => path === wanted)?.headers.cookie;
    expect(cookieOf('/page')).toBe('who=ann');
    expect(arrived.map(({ path }) => path)).toContain('/next');
    expect(cookieOf('/next')).toBeUndefined();
  });

  it('sends and stores no cookies when told so', async () => {
    const { url, arrived } = await site({
      '/in': { headers: { 'Set-Cookie': 'a=1' } },
      '/out': { headers: { 'Set-Cookie': 'b=2' } },
      '/last': '',
    });
    await crawlWith(
      [
        [url('/in'), {}],
        [url('/out'), { dontMergeCookies: true }],
        [url('/last'), {}],
      ],
      { settings: fifo },
    );
    expect(arrived.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined, 'a=1']);
  });

  it('names a proxy that wins over environment and no_proxy', async () => {
    const proxy = await httpProxy({ login: 'me:p w' });
    const { url, arrived } = await site({ '/': 'x' });
    const before = process.env.no_proxy;
    process.env.no_proxy = '*';
    try {
      const { items } = await crawlWith([
        [url('/?proxied'), { proxy: `http://me:p%20w@127.0.0.1:${proxy.port}` }],
        [url('/?direct'), { proxy: null }],
      ]);
      expect(items.map(({ status }) => status)).toEqual([200, 200]);
      // robots.txt is a request of its own: it goes where the crawl goes.
      expect(proxy.asked).toEqual([`GET ${url('/?proxied')} HTTP/1.1`]);
      expect(proxy.logins).toEqual(['me:p w']);
      expect(arrived.every(({ headers }) => headers['proxy-authorization'] === undefined)).toBe(true);
    } finally {
      if (before === undefined) delete process.env.no_proxy;
      else process.env.no_proxy = before;
      await proxy.close();
    }
  });

  it('limits the time of a download', async () => {
    const { url } = await site({ '/slow': () => new Promise<string>(() => {}), '/quick': 'x' });
    const { items } = await crawlWith([
      [url('/slow'), { downloadTimeoutMs: 50, dontRetry: true }],
      [url('/quick'), { downloadTimeoutMs: 5000 }],
    ]);
    expect(items).toMatchObject([{ error: 'DownloadTimeoutError' }, { status: 200 }]);
  });

  it('hands statuses to the callback', async () => {
    const { url } = await site({ '/404': { status: 404 }, '/410': { status: 410 } });
    const { items } = await crawlWith([
      [url('/404'), { handleStatuses: [404] }],
      [url('/410'), { handleStatuses: [404] }],
      [url('/410'), { handleAllStatuses: true }],
    ]);
    expect(items).toMatchObject([{ status: 404 }, { error: 'HttpError' }, { status: 410 }]);
  });

  it('turns retries off, bounds them, and callbacks know how many there were', async () => {
    let tries = 0;
    const { url } = await site({
      '/down': { status: 503 },
      '/flaky': () => ({ status: ++tries < 3 ? 503 : 200 }),
    });
    const { items, stats } = await crawlWith([
      [url('/down?once'), { dontRetry: true }],
      [url('/down?twice'), { maxRetryTimes: 1 }],
      [url('/down'), {}],
      [url('/flaky'), {}],
    ]);
    expect(items).toMatchObject([
      { error: 'HttpError', retries: 0 },
      { error: 'HttpError', retries: 1 },
      { error: 'HttpError', retries: 2 },
      { status: 200, retries: 2 },
    ]);
    expect(stats).toMatchObject({ 'retry/count': 5, 'retry/max_reached': 2 });
  });

  it('tunes the priority of retries and how loudly they end', async () => {
    let isUp = false;
    const { url, paths } = await site({
      '/a': () => ({ status: isUp ? 200 : 503 }),
      // By then the retry is due.
      '/b': () => new Promise((resolve) => setTimeout(resolve, 30, '')),
      '/c': () => {
        isUp = true;
        return '';
      },
      '/down': { status: 503 },
    });
    const pathsWith = async (meta: RequestMeta) => {
      const from = paths.length;
      isUp = false;
      await crawlWith(
        [
          [url('/a'), meta],
          [url('/b'), {}],
          [url('/c'), {}],
        ],
        { settings: { ...fifo, concurrentRequests: 1, hostBackoffMs: 0 } },
      );
      return paths.slice(from);
    };
    expect(await pathsWith({ maxRetryTimes: 1 })).toEqual(['/a', '/b', '/c', '/a']);
    expect(await pathsWith({ maxRetryTimes: 1, priorityAdjust: 5 })).toEqual(['/a', '/b', '/a', '/c']);
    const { logger } = await crawlWith([[url('/down'), { maxRetryTimes: 0, giveUpLogLevel: 'debug' }]]);
    const givenUp = logger.records.filter(({ message }) => message.startsWith('gave up'));
    expect(givenUp.map(({ level }) => level)).toEqual(['debug']);
  });

  it('hands a redirect to the spider', async () => {
    const { url, paths } = await site({ '/old': { status: 301, headers: { Location: '/new' } }, '/new': '' });
    const { items } = await crawlWith([[url('/old'), { dontRedirect: true, handleStatuses: [301] }]]);
    expect(items).toMatchObject([{ url: url('/old'), status: 301 }]);
    expect(paths).toEqual(['/old']);
  });

  it('has the history of redirects', async () => {
    const { url } = await site({
      '/a': { status: 301, headers: { Location: '/b' } },
      '/b': '<meta http-equiv="refresh" content="0; url=/c">',
      '/c': 'c',
    });
    class Redirected extends Spider {
      override startUrls = [url('/a')];
      override *parse({ url: address, meta }: Response) {
        yield { address, redirects: meta.redirects };
      }
    }
    expect((await runSpider(Redirected)).items).toEqual([
      {
        address: url('/c'),
        redirects: [
          { url: url('/a'), reason: 301 },
          { url: url('/b'), reason: 'meta refresh' },
        ],
      },
    ]);
  });

  it('forces a throttling group, which else is the host', async () => {
    let open = 0;
    let most = 0;
    const page = async () => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open -= 1;
      return '';
    };
    const one = await site({ '/': page });
    const two = await site({ '/': page });
    const groups = new Set<string>();
    const note: Factory<DownloaderMiddleware> = ({ hosts }) => ({
      name: 'note',
      processRequest: (request) => void groups.add(hosts.of(request)),
    });
    const settings = { concurrentRequestsPerHost: 1, obeyRobotsTxt: false, downloaderMiddlewares: [note] };
    const both = [one, two].flatMap(({ url }) => [url('/?1'), url('/?2')]);
    await crawlWith(
      both.map((url): Asked => [url, { downloadSlot: 'shared' }]),
      { settings },
    );
    expect(most).toBe(1);
    expect([...groups]).toEqual(['shared']);
    groups.clear();
    await crawlWith(
      both.map((url): Asked => [url, {}]),
      { settings },
    );
    expect([...groups].sort()).toEqual([one, two].map(({ origin }) => new URL(origin).host).sort());
  });

  it('leaves the delay of its host alone when told so', async () => {
    const { url } = await site({ '/': 'x' });
    const delayAfter = async (meta: RequestMeta) => {
      let delayMs: number | undefined;
      await crawlWith([[url('/'), meta]], {
        settings: { autoThrottle: true, autoThrottleStartDelayMs: 40, obeyRobotsTxt: false },
        onCrawler: (crawler) =>
          crawler.signals.on('responseReceived', () => {
            delayMs = crawler.hosts.get(new URL(url('/')).host)?.delayMs;
          }),
      });
      return delayMs;
    };
    expect(await delayAfter({ autothrottleDontAdjustDelay: true })).toBe(40);
    expect(await delayAfter({})).not.toBe(40);
  });

  it('has the depth, which may begin again', async () => {
    const { url } = await site({ '/': '', '/1': '', '/2': '' });
    class Depths extends Spider {
      override startUrls = [url('/')];
      override *parse({ meta }: Response) {
        yield { depth: meta.depth, isStart: meta.isStartRequest ?? false };
        if (meta.depth !== 0) return;
        yield new Request(url('/1'));
        yield new Request(url('/2'), { meta: { depthReset: true, isLast: true }, callback: this.last });
      }
      *last({ meta }: Response) {
        yield { depth: meta.depth, isReset: true };
      }
    }
    const { items } = await runSpider(Depths, { settings: { ...fifo, maxDepth: 1 } });
    expect(items).toEqual([
      { depth: 0, isStart: true },
      { depth: 1, isStart: false },
      { depth: 0, isReset: true },
    ]);
  });

  it('exempts from robots.txt', async () => {
    const { url, paths } = await site({
      '/robots.txt': { headers: { 'Content-Type': 'text/plain' }, body: 'User-agent: *\nDisallow: /' },
      '/a': '',
      '/b': '',
    });
    const { items } = await crawlWith([
      [url('/a'), {}],
      [url('/b'), { dontObeyRobotsTxt: true }],
    ]);
    expect(items).toMatchObject([{ error: 'DroppedError' }, { status: 200 }]);
    expect(paths).toEqual(['/b']);
  });

  it('skips the offsite rule', async () => {
    const { url } = await site({ '/': '', '/in': '', '/out': '' });
    const out = (path: string) => url(path).replace('127.0.0.1', 'localhost');
    class Home extends Spider {
      override allowedDomains = ['127.0.0.1'];
      override startUrls = [url('/')];
      override *parse() {
        yield new Request(out('/in'), { callback: this.seen });
        yield new Request(out('/out'), { meta: { allowOffsite: true }, callback: this.seen });
      }
      *seen(response: Response) {
        yield { path: new URL(response.url).pathname };
      }
    }
    const { items, stats } = await runSpider(Home);
    expect(items).toEqual([{ path: '/out' }]);
    expect(stats['offsite/filtered']).toBe(1);
  });

  it('keeps out of the cache', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parity-cache-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { url, paths } = await site({ '/kept': '', '/fresh': '' });
    const asked: Asked[] = [
      [url('/kept'), {}],
      [url('/fresh'), { dontCache: true }],
    ];
    const settings = { httpCache: 'replay', httpCacheDir: folder } as const;
    await crawlWith(asked, { settings });
    const { items } = await crawlWith(asked, { settings });
    expect(items.map(({ flags }) => flags)).toEqual([['cached'], []]);
    expect([...paths].sort()).toEqual(['/fresh', '/fresh', '/kept']);
  });

  it('says how big a body may be and whether it must be whole', async () => {
    const server = await rawServer((socket, { target }) => {
      if (target === '/robots.txt') socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      else if (target === '/big') {
        const packed = gzipSync('x'.repeat(2000));
        const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head), packed]));
      } else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    });
    onTestFinished(() => server.close());
    const { items, logger } = await crawlWith([
      [`${server.origin}/big`, { maxBodyBytes: 1999 }],
      [`${server.origin}/big`, { maxBodyBytes: 2000, warnBodyBytes: 1500 }],
      [`${server.origin}/cut`, { dontRetry: true }],
      [`${server.origin}/cut`, { failOnDataLoss: false }],
    ]);
    expect(items).toMatchObject([
      { error: 'BodyTooLargeError' },
      { size: 2000, flags: [] },
      { error: 'DataLossError' },
      { size: 4, flags: ['partial'] },
    ]);
    const warned = logger.records.filter(({ message }) => message === 'large response body');
    expect(warned).toMatchObject([{ level: 'warn', fields: { bytes: 2000, warnBodyBytes: 1500 } }]);
  });

  it('authenticates to the origin of the request and no other', async () => {
    const other = await site({ '/away': '' });
    const { url, arrived } = await site({
      '/in': { status: 302, headers: { Location: '/page' } },
      '/page': '',
      '/out': { status: 302, headers: { Location: other.url('/away') } },
    });
    const login = { httpUser: 'me', httpPass: 'pw' };
    await crawlWith(
      [
        [url('/in'), login],
        [url('/out'), login],
      ],
      { settings: fifo },
    );
    const basic = `Basic ${Buffer.from('me:pw').toString('base64')}`;
    const sentTo = Object.fromEntries(arrived.map(({ path, headers }) => [path, headers.authorization]));
    expect(sentTo).toEqual({ '/in': basic, '/out': basic, '/page': basic });
    expect(other.arrived.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('has a referrer policy', async () => {
    const { url, origin, arrived } = await site({ '/list?page=2': '', '/a': '', '/b': '', '/c': '' });
    class Refers extends Spider {
      override startUrls = [url('/list?page=2')];
      override *parse(response: Response) {
        const callback = this.done;
        yield response.follow('/a', { callback });
        yield response.follow('/b', { callback, meta: { referrerPolicy: 'origin' } });
        yield response.follow('/c', { callback, meta: { referrerPolicy: 'no-referrer' } });
      }
      done() {}
    }
    await runSpider(Refers);
    const sent = Object.fromEntries(arrived.map(({ path, headers }) => [path, headers.referer]));
    expect(sent).toMatchObject({ '/a': url('/list?page=2'), '/b': `${origin}/` });
    expect(sent).toHaveProperty(['/c'], undefined);
  });

  it('tells start requests, and the text of links that rules followed', async () => {
    const { url } = await site({ '/': '<a href="/book">The <b>Book</b></a>', '/book': '' });
    class Rules extends CrawlSpider {
      override startUrls = [url('/')];
      override rules: Rule[] = [{ linkExtractor: { allow: /book/ }, callback: this.book }];
      override *parseStartUrl({ meta }: Response) {
        yield { isStart: meta.isStartRequest, linkText: meta.linkText };
      }
      *book({ meta }: Response) {
        yield { isStart: meta.isStartRequest, linkText: meta.linkText };
      }
    }
    expect((await runSpider(Rules)).items).toEqual([
      { isStart: true, linkText: undefined },
      { isStart: undefined, linkText: 'The Book' },
    ]);
  });

  it('leaves the time of the download on the response', async () => {
    const { url } = await site({ '/': 'x' });
    class Timed extends Spider {
      override startUrls = [url('/')];
      override *parse({ timings }: Response) {
        yield { ...timings };
      }
    }
    const [timings] = (await runSpider(Timed)).items;
    expect(timings?.latencyMs).toBeGreaterThan(0);
    expect(timings?.totalMs).toBeGreaterThanOrEqual(Number(timings?.latencyMs));
  });

  it('says which local address to connect from', async () => {
    const from: (string | undefined)[] = [];
    const server = await rawServer((socket, { target }) => {
      if (target !== '/robots.txt') from.push(socket.remoteAddress);
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    onTestFinished(() => server.close());
    await crawlWith([[`${server.origin}/`, { bindAddress: '127.0.0.9' }]]);
    expect(from).toEqual(['127.0.0.9']);
  });
});
