import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireFields } from '../../pipelines/index.ts';
import { Crawler, type CrawlOptions, crawl, Request, type Response, Spider } from '../../src/index.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';

let server: Server;
let origin = '';
let active = 0;
let mostActive = 0;

/** Pages of ten links each: `/n` leads to `/n0` … `/n9`. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    active += 1;
    mostActive = Math.max(active, mostActive);
    response.on('close', () => {
      active -= 1;
    });
    // Long enough for requests that come together to meet.
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    const links = Array.from({ length: 10 }, (_, at) => `<a href="${request.url}${at}">x</a>`);
    response.writeHead(request.url === '/robots.txt' ? 404 : 200, { 'Content-Type': 'text/html' });
    response.end(`<title>${request.url}</title>${links.join('')}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

class TreeSpider extends Spider<{ title: string | null; run: unknown }, { run?: string }> {
  override *start(): Iterable<Request> {
    yield new Request(`${origin}/1`);
  }

  override *parse(response: Response): Iterable<Request | { title: string | null; run: unknown }> {
    yield { title: response.css('title::text').get(), run: this.args.run };
    yield* response.followAll('a');
  }
}

const options = (settings: CrawlOptions['settings'] = {}): CrawlOptions => ({
  logger: silentLogger,
  settings: { maxPages: 50, ...settings },
});

describe('crawl()', () => {
  it('lets a spider see its settings, from all their sources', async () => {
    class SettingsSpider extends Spider {
      static override settings = { retryTimes: 5 };
      override startUrls = [`${origin}/1`];
      override parse() {
        const { maxPages, retryTimes, cookies } = this.settings;
        return { maxPages, retryTimes, cookies };
      }
    }
    const items: object[] = [];
    for await (const item of crawl(SettingsSpider, options())) items.push(item);
    expect(items).toEqual([{ maxPages: 50, retryTimes: 5, cookies: true }]);
    expect(() => new SettingsSpider().settings).toThrow('this.settings works once the crawl runs');
  });

  it('gives items in a loop', async () => {
    const titles: unknown[] = [];
    for await (const { title } of crawl(TreeSpider, options())) titles.push(title);
    expect(titles).toHaveLength(50);
    expect(new Set(titles).size).toBe(50);
  });

  it('ends the crawl when the loop is left', async () => {
    const run = crawl(TreeSpider, options({ maxPages: 0 }));
    for await (const _item of run) break;
    expect(await run.result).toMatchObject({ reason: 'reader_left' });
  });

  it('goes only as fast as the loop reads', async () => {
    const run = crawl(TreeSpider, options({ maxPages: 2000 }));
    let read = 0;
    for await (const _item of run) {
      read += 1;
      for (let turn = 0; turn < 20; turn++) await setImmediate();
      if (read === 50) break;
    }
    expect((await run.result).items).toBeLessThan(600);
  });

  it('tells its result without a reader', async () => {
    expect(await crawl(TreeSpider, options()).result).toMatchObject({
      reason: 'maxPages',
      pages: 50,
      items: 50,
    });
  });

  it('throws what ended the crawl', async () => {
    class BadStart extends Spider {
      override start(): never {
        throw new Error('no seeds');
      }
    }
    const read = async () => {
      for await (const _item of crawl(BadStart, options()));
    };
    await expect(read()).rejects.toThrow('no seeds');
  });

  it('ends in order when its signal aborts', async () => {
    const controller = new AbortController();
    const run = crawl(TreeSpider, { ...options({ maxPages: 0 }), signal: controller.signal });
    let read = 0;
    for await (const _item of run) if (++read === 5) controller.abort();
    expect(await run.result).toMatchObject({ reason: 'cancelled' });
  });
});

describe('Crawler', () => {
  it('runs many at once that share nothing', async () => {
    const settings = Object.freeze({ maxPages: 40, pipelines: [requireFields('title')] });
    const crawlers = ['a', 'b', 'c', 'd'].map(
      (run) => new Crawler(TreeSpider, { logger: silentLogger, settings, args: { run } }),
    );
    const seen = crawlers.map((crawler) => {
      const runs = new Set<unknown>();
      crawler.signals.on('itemScraped', ({ item }) => void runs.add(item.run));
      return runs;
    });
    const results = await Promise.all(crawlers.map((crawler) => crawler.run()));
    expect(results.map(({ pages }) => pages)).toEqual([40, 40, 40, 40]);
    expect(seen.map((runs) => [...runs])).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('keeps the number of downloads at once', async () => {
    mostActive = 0;
    await new Crawler(TreeSpider, options({ concurrentRequests: 3, adaptivePace: false })).run();
    expect(mostActive).toBeLessThanOrEqual(3);
    expect(mostActive).toBeGreaterThan(1);
  });

  it('runs once', async () => {
    const crawler = new Crawler(TreeSpider, options({ maxPages: 1 }));
    await crawler.run();
    await expect(crawler.run()).rejects.toThrow('a crawler runs once');
  });

  it('logs in, sends its cookie to the same site only, and keeps robots.txt in mind', async () => {
    const log: string[] = [];
    const site = createServer((request, response) => {
      log.push(`${request.method} ${request.url} ${request.headers.cookie ?? '-'}`);
      if (request.url === '/robots.txt') response.end('User-agent: *\nDisallow: /private\n');
      else if (request.url === '/login')
        response.writeHead(303, { 'Set-Cookie': 'sid=1; HttpOnly', Location: '/home' }).end();
      else
        response
          .writeHead(200, { 'Content-Type': 'text/html' })
          .end('<a href=/private/x>x</a><a href=/open>o</a>');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    class LoginSpider extends Spider {
      override *start(): Iterable<Request> {
        yield new Request(`${base}/login`, { formData: { user: 'me' } });
      }
      override *parse(response: Response): Iterable<Request> {
        if (response.url.endsWith('/home')) yield* response.followAll('a');
      }
    }
    const { stats } = await new Crawler(LoginSpider, options()).run();
    site.closeAllConnections();
    site.close();
    expect(log).toEqual(['GET /robots.txt -', 'POST /login -', 'GET /home sid=1', 'GET /open sid=1']);
    expect(stats['robotstxt/forbidden']).toBe(1);
  });
});
