import dns from 'node:dns';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Crawler,
  type DownloadHandlerContext,
  type Failure,
  type PartialSettings,
  Request,
  type RequestOptions,
  Response,
  Spider,
} from '../../src/index.ts';
import { httpProxy } from '../support/proxy-server.ts';
import { answerOf, type RawAnswer, rawServer, testCertificate } from '../support/raw-server.ts';
import { type Crawled, runSpider } from './run-spider.ts';
import { site } from './site.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { timedSite } from './timed-site.ts';

const BARE = { obeyRobotsTxt: false, retry: false } as const;

interface Fetched extends Crawled {
  /** What the callback or errback got, by URL. */
  readonly got: ReadonlyMap<string, Response | Failure>;
}

/** Crawls addresses and keeps what became of each. */
async function fetchAll(
  urls: readonly string[],
  settings: PartialSettings = {},
  { request = {}, onCrawler }: { request?: RequestOptions; onCrawler?: (crawler: Crawler) => void } = {},
): Promise<Fetched> {
  const got = new Map<string, Response | Failure>();
  class Fetches extends Spider {
    override *start() {
      for (const url of urls) yield new Request(url, { errback: 'failed', ...request });
    }
    override parse(response: Response) {
      got.set(response.url, response);
    }
    failed(failure: Failure) {
      got.set(failure.request.url, failure);
    }
  }
  const crawled = await runSpider(Fetches, {
    settings: { ...BARE, ...settings },
    ...(onCrawler && { onCrawler }),
  });
  return { ...crawled, got };
}

/** The same for one address. */
async function fetchOne(
  url: string,
  settings: PartialSettings = {},
  options: Parameters<typeof fetchAll>[2] = {},
): Promise<Crawled & { readonly response: Response | undefined; readonly failure: Failure | undefined }> {
  const { got, ...crawled } = await fetchAll([url], settings, options);
  const answer = got.get(url);
  return answer instanceof Response
    ? { ...crawled, response: answer, failure: undefined }
    : { ...crawled, response: undefined, failure: answer };
}

/** A server of bytes that lives as long as the test. */
async function raw(...given: Parameters<typeof rawServer>): ReturnType<typeof rawServer> {
  const server = await rawServer(...given);
  // Sockets whose handshake failed would be waited for.
  onTestFinished(() => void server.close());
  return server;
}

class Pages extends Spider {
  override parse() {}
}

/** When three downloads of a host begin with a delay of 100 ms, milliseconds from the first. */
async function startsOf(settings: PartialSettings, random: number, answerMs = 0): Promise<readonly number[]> {
  const { clock, options, beganMs } = timedSite(() => ({ delayMs: answerMs }));
  class Three extends Pages {
    override startUrls = [1, 2, 3].map((at) => `http://host.test/${at}`);
  }
  const all = { ...options.settings, downloadDelayMs: 100, ...settings };
  await clock.run(runSpider(Three, { ...options, random: () => random, settings: all }));
  return beganMs;
}

describe('downloader', () => {
  it('bounds downloads at once by crawl and by host', async () => {
    const { clock, options } = timedSite(() => ({ delayMs: 10 }));
    const now = new Map<string, number>();
    let most = 0;
    let mostOfHost = 0;
    class Many extends Pages {
      override startUrls = ['a', 'b', 'c'].flatMap((host) =>
        Array.from({ length: 6 }, (_, at) => `http://${host}.test/${at}`),
      );
    }
    const { crawler } = await clock.run(
      runSpider(Many, {
        ...options,
        settings: {
          ...options.settings,
          adaptivePace: false,
          downloadDelayMs: 0,
          concurrentRequests: 5,
          concurrentRequestsPerHost: 2,
        },
        onCrawler: ({ signals }) => {
          const change = (url: string, by: number): void => {
            const { host } = new URL(url);
            now.set(host, (now.get(host) ?? 0) + by);
            mostOfHost = Math.max(mostOfHost, now.get(host) ?? 0);
            most = Math.max(
              most,
              [...now.values()].reduce((sum, one) => sum + one),
            );
          };
          signals.on('requestReachedDownloader', ({ request }) => change(request.url, 1));
          signals.on('requestLeftDownloader', ({ request }) => change(request.url, -1));
        },
      }),
    );
    expect({ most, mostOfHost }).toEqual({ most: 5, mostOfHost: 2 });
    expect(crawler.progress().pages).toBe(18);
    const { crawler: plain } = await runSpider(Pages);
    expect(plain.settings).toMatchObject({ concurrentRequests: 16, concurrentRequestsPerHost: 8 });
  });

  it('waits between two downloads of a host, ± 50 % unless told otherwise', async () => {
    expect(await startsOf({ randomizeDownloadDelay: false }, 0)).toEqual([0, 100, 200]);
    expect(await startsOf({}, 0)).toEqual([0, 50, 100]);
    expect(await startsOf({}, 0.5)).toEqual([0, 100, 200]);
    expect(await startsOf({}, 1)).toEqual([0, 150, 300]);
  });

  it('takes other limits for single hosts, and forgets hosts without work', async () => {
    const own = { delayMs: 140, randomizeDelay: false };
    expect(await startsOf({ hostLimits: { 'host.test': own } }, 0)).toEqual([0, 140, 280]);
    expect(await startsOf({ hostLimits: { '*.test': { ...own, delayMs: 200 } } }, 0)).toEqual([0, 200, 400]);
    expect(await startsOf({ hostLimits: { 'other.test': own } }, 0)).toEqual([0, 50, 100]);
    expect(await startsOf({ hostLimits: { 'host.test': { delayMs: 0 } } }, 0)).toEqual([0, 0, 0]);
    expect(await startsOf({ hostLimits: { 'host.test': { minDelayMs: 70 } } }, 0)).toEqual([0, 70, 140]);
    const atOnce = (concurrency: number) => {
      const hostLimits = { 'host.test': { concurrency } };
      return startsOf({ downloadDelayMs: 0, adaptivePace: false, hostLimits }, 0, 10);
    };
    expect(await atOnce(1)).toEqual([0, 10, 20]);
    expect(await atOnce(2)).toEqual([0, 0, 10]);
    expect(await atOnce(3)).toEqual([0, 0, 0]);

    const { clock, options } = timedSite(() => ({}));
    class Wide extends Pages {
      override *start() {
        for (let at = 0; at < 15_000; at++) yield new Request(`http://host${at}.test/`);
      }
    }
    const { crawler, result } = await clock.run(runSpider(Wide, options));
    expect(result.pages).toBe(15_000);
    expect([...crawler.hosts.list()].length).toBeLessThan(12_000);
  });

  it('gives up a response that takes too long', async () => {
    const { origin } = await raw(() => {});
    const { failure, crawler } = await fetchOne(`${origin}/`, { downloadTimeoutMs: 30 });
    expect(failure?.error).toMatchObject({ code: 'ERR_CRAWL_DOWNLOAD_TIMEOUT', limitMs: 30 });
    expect(crawler.settings.downloadTimeoutMs).toBe(30);
  });

  it('refuses bodies that are too large by their length, while they come and once unpacked, and warns of large ones', async () => {
    const { origin } = await raw((socket, { target }) => {
      const body = 'x'.repeat(5000);
      if (target === '/length') socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n');
      if (target === '/stream') socket.end(`HTTP/1.1 200 OK\r\n\r\n${body}`);
      if (target === '/packed')
        socket.end(answerOf(gzipSync(body), { headers: { 'Content-Encoding': 'gzip' } }));
      if (target === '/fits') socket.end(answerOf('x'.repeat(900)));
    });
    const urls = ['/length', '/stream', '/packed', '/fits'].map((path) => origin + path);
    const { got, logger } = await fetchAll(urls, { maxBodyBytes: 1000, warnBodyBytes: 500 });
    for (const url of urls.slice(0, 3))
      expect(got.get(url)).toMatchObject({ error: { code: 'ERR_CRAWL_BODY_TOO_LARGE' } });
    expect(got.get(`${origin}/fits`)).toBeInstanceOf(Response);
    expect(logger.records.filter(({ message }) => message === 'large response body')).toHaveLength(1);
  });

  it('takes a body that ends early for an error that is tried again, or flags it', async () => {
    const { origin, requests } = await raw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'),
    );
    const { failure } = await fetchOne(`${origin}/`, { retry: true, retryTimes: 1 });
    expect(failure?.error).toMatchObject({ code: 'ERR_CRAWL_DATA_LOSS' });
    expect(requests).toHaveLength(2);
    const { response } = await fetchOne(`${origin}/`, { failOnDataLoss: false });
    expect(response).toMatchObject({ text: 'short', flags: ['partial'] });
  });

  it('speaks HTTP over connections that are kept, skips header lines that are none, and uses proxies', async () => {
    const { origin, requests } = await raw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno header line\r\nX-One: 1\r\n\r\nok'),
    );
    const { got } = await fetchAll([`${origin}/1`, `${origin}/2`], { concurrentRequests: 1 });
    expect(requests.map(({ connection }) => connection)).toEqual([1, 1]);
    const second = got.get(`${origin}/2`) as Response;
    expect(second.headers.get('x-one')).toBe('1');
    expect(second.text).toBe('ok');
    const proxy = await httpProxy();
    onTestFinished(() => proxy.close());
    const { response } = await fetchOne(`${origin}/3`, { proxy: `http://127.0.0.1:${proxy.port}` });
    expect(response?.status).toBe(200);
    expect(requests).toHaveLength(3);
  });

  it('speaks HTTP/2 where it is offered', async () => {
    const server = createSecureServer({ ...testCertificate(), allowHTTP1: true }, (request, response) => {
      response.end(request.httpVersion);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const modern = await fetchOne(url, { http2: true, verifyTls: false });
    expect(modern.response).toMatchObject({ text: '2.0', protocol: 'h2' });
    const plain = await fetchOne(url, { verifyTls: false });
    expect(plain.response).toMatchObject({ text: '1.1', protocol: 'http/1.1' });
  });

  it('takes handlers of your own for a scheme, made when they are needed, and turns schemes off', async () => {
    const calls: string[] = [];
    const ftp = ({ settings }: DownloadHandlerContext) => {
      calls.push(`made with ${settings.maxBodyBytes}`);
      return {
        async download(request: Request) {
          calls.push(request.url);
          return new Response(request.url, { body: 'listing', request });
        },
        close() {
          calls.push('closed');
        },
      };
    };
    const { url, paths } = await site({ '/': 'x' });
    const downloadHandlers = { ftp, gopher: ftp, http: null };
    const urls = ['ftp://files.test/a', 'ftp://files.test/b', url('/')];
    const { got } = await fetchAll(urls, { downloadHandlers, maxBodyBytes: 77, concurrentRequests: 1 });
    expect(calls).toEqual(['made with 77', 'ftp://files.test/a', 'ftp://files.test/b', 'closed']);
    expect(got.get('ftp://files.test/a')).toMatchObject({ text: 'listing' });
    expect(got.get(url('/'))).toMatchObject({ error: { code: 'ERR_CRAWL_UNSUPPORTED_SCHEME' } });
    expect(paths).toEqual([]);
    const wrong = await fetchOne('ftp://files.test/', { downloadHandlers: { ftp: () => ({}) } });
    expect(wrong.failure?.error.message).toMatch(/downloadHandlers\.ftp/);
  });

  it('answers data: addresses from themselves', async () => {
    const { response } = await fetchOne('data:text/html;charset=utf-8;base64,PHA+w6k8L3A+');
    expect(response?.css('p::text').get()).toBe('é');
    const { response: plain } = await fetchOne('data:,a%20b');
    expect(plain?.text).toBe('a b');
  });

  it('reads files only where that was turned on', async () => {
    const file = join(temporaryFolder(), 'page.html');
    writeFileSync(file, '<p>kept</p>');
    const { href } = pathToFileURL(file);
    const { failure } = await fetchOne(href);
    expect(failure?.error).toMatchObject({ code: 'ERR_CRAWL_UNSUPPORTED_SCHEME' });
    const { response } = await fetchOne(href, { allowFileUrls: true });
    expect(response?.css('p::text').get()).toBe('kept');
  });

  it('has errors of its own, one for each way to fail', async () => {
    const { origin } = await raw((socket, { target }) => {
      if (target === '/lost') socket.destroy();
      if (target === '/short') socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1');
      if (target === '/odd') socket.end('nothing of HTTP\r\n\r\n');
    });
    const expected: Record<string, string> = {
      'http://127.0.0.1:1/': 'ConnectionRefusedError',
      'http://nobody.invalid/': 'DnsError',
      'other://host.test/': 'UnsupportedSchemeError',
      [`${origin}/slow`]: 'DownloadTimeoutError',
      [`${origin}/lost`]: 'ConnectionLostError',
      [`${origin}/short`]: 'DataLossError',
    };
    const { got } = await fetchAll(Object.keys(expected), { downloadTimeoutMs: 300, adaptivePace: false });
    const names = [...got].map(([url, answer]) => [url, (answer as Failure).error.constructor.name]);
    expect(Object.fromEntries(names)).toEqual(expected);
    let cancelled: unknown;
    class Cancels extends Spider {
      override async *start() {
        const download = this.fetch(`${origin}/slow`);
        await download.catch((error: unknown) => {
          cancelled = error;
        });
      }
    }
    await runSpider(Cancels, {
      settings: { ...BARE, closeTimeoutMs: 0 },
      onCrawler: (crawler) =>
        crawler.signals.on('requestReachedDownloader', () => {
          crawler.abort();
        }),
    });
    expect(cancelled).toMatchObject({ code: 'ERR_CRAWL_DOWNLOAD_CANCELLED' });
  });

  it('checks certificates, and speaks the TLS versions and ciphers that it is told to', async () => {
    const seen: string[] = [];
    const answer: RawAnswer = (socket) => {
      const { getProtocol, getCipher } = socket as TLSSocket;
      seen.push(`${getProtocol.call(socket)} ${getCipher.call(socket).name}`);
      socket.end(answerOf('ok'));
    };
    const { origin } = await raw(answer, testCertificate());
    const url = `${origin}/`;
    expect((await fetchOne(url)).failure?.error).toMatchObject({ code: 'ERR_CRAWL_TLS' });
    await fetchOne(url, { verifyTls: false });
    await fetchOne(url, { verifyTls: false, maxTlsVersion: 'TLSv1.2' });
    const tlsCiphers = 'ECDHE-ECDSA-AES256-GCM-SHA384';
    await fetchOne(url, { verifyTls: false, maxTlsVersion: 'TLSv1.2', tlsCiphers });
    expect(seen[0]).toMatch(/^TLSv1\.3 /);
    expect(seen[1]).toMatch(/^TLSv1\.2 /);
    expect(seen[2]).toBe(`TLSv1.2 ${tlsCiphers}`);
    const old = await raw(answer, { ...testCertificate(), maxVersion: 'TLSv1.2' });
    const refused = await fetchOne(`${old.origin}/`, { verifyTls: false, minTlsVersion: 'TLSv1.3' });
    expect(refused.failure?.error).toMatchObject({ code: 'ERR_CRAWL_TLS' });
  });

  it('keeps the addresses of names for a while, bounds how long it asks for them, and knows IPv6', async () => {
    const { lookup } = dns;
    const asked: string[] = [];
    let hangs = false;
    const watched = (name: string, ...rest: unknown[]): void => {
      asked.push(name);
      if (!hangs) (lookup as (...given: unknown[]) => void)(name, ...rest);
    };
    const use = (one: unknown): void => {
      dns.lookup = one as typeof lookup;
      syncBuiltinESMExports();
    };
    const { origin } = await raw((socket) => socket.end(answerOf('ok')));
    use(watched);
    onTestFinished(() => use(lookup));
    const named = origin.replace('127.0.0.1', 'localhost');
    const urls = [`${named}/1`, `${named}/2`];
    await fetchAll(urls, { concurrentRequests: 1 });
    expect(asked.splice(0)).toEqual(['localhost']);
    await fetchAll(urls, { concurrentRequests: 1, dnsCacheMs: 0 });
    expect(asked).toEqual(['localhost', 'localhost']);
    hangs = true;
    const { failure } = await fetchOne(`${named}/`, { connectTimeoutMs: 30 });
    expect(failure?.error).toMatchObject({ code: 'ERR_CRAWL_DOWNLOAD_TIMEOUT' });
    hangs = false;
    const server = createServer((_, response) => void response.end('six'));
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    onTestFinished(() => void server.close());
    const { response } = await fetchOne(`http://[::1]:${(server.address() as AddressInfo).port}/`);
    expect(response).toMatchObject({ text: 'six', ipAddress: '::1' });
  });

  it('connects from the address that a request names', async () => {
    const { origin } = await raw((socket) => socket.end(answerOf(String(socket.remoteAddress))));
    const from = (bindAddress: string) => fetchOne(`${origin}/`, {}, { request: { meta: { bindAddress } } });
    expect((await from('127.0.0.1')).response?.text).toBe('127.0.0.1');
    // No address of this machine.
    expect((await from('192.0.2.1')).response).toBeUndefined();
  });

  it('cuts a download off from its head or from a piece of its body', async () => {
    const { origin } = await raw((socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 200 OK\r\nX-Kind: feed\r\nContent-Length: 100000\r\n\r\nfirst');
    });
    const stopped = (on: 'headersReceived' | 'bytesReceived', options?: { fail: boolean }) =>
      fetchOne(
        `${origin}/`,
        { retry: true },
        { onCrawler: ({ signals }) => signals.on(on, ({ stop }) => stop(options)) },
      );
    const cut = await stopped('bytesReceived', { fail: false });
    expect(cut.response).toMatchObject({ text: 'first', flags: ['stopped', 'partial'] });
    const head = await stopped('headersReceived', { fail: false });
    expect(head.response).toMatchObject({ text: '', status: 200 });
    const failed = await stopped('bytesReceived');
    expect(failed.failure?.error).toMatchObject({ code: 'ERR_CRAWL_DOWNLOAD_STOPPED' });
    expect(failed.failure?.response?.text).toBe('first');
    expect(failed.stats['retry/count']).toBeUndefined();
    const seen: unknown[] = [];
    await fetchOne(
      `${origin}/`,
      { downloadTimeoutMs: 1000 },
      {
        onCrawler: ({ signals }) => {
          signals.on('headersReceived', ({ request, status, headers }) => {
            seen.push([request.url, status, headers.get('x-kind')]);
          });
          signals.on('bytesReceived', ({ data, stop }) => {
            seen.push(Buffer.from(data).toString());
            stop();
          });
        },
      },
    );
    expect(seen).toEqual([[`${origin}/`, 200, 'feed'], 'first']);
  });

  it('lets no listener cut robots.txt off', async () => {
    const { origin } = await raw((socket) => socket.end(answerOf('User-agent: *\nDisallow: /\n')));
    const heard: string[] = [];
    const { failure } = await fetchOne(
      `${origin}/`,
      { obeyRobotsTxt: true },
      {
        onCrawler: ({ signals }) =>
          signals.on('headersReceived', ({ url, stop }) => {
            heard.push(url);
            stop({ fail: false });
          }),
      },
    );
    expect(failure?.error).toMatchObject({ reason: 'robots' });
    expect(heard).toEqual([]);
  });
});
