import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Crawler, type PartialSettings, type Response, Spider } from '../../src/index.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';

let server: Server;
let origin = '';
let folder = '';
let asked: string[] = [];
let count = 0;

/** A list of ten pages, one of them behind a redirect, each of them changing with every request; packed where asked for. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-replay-'));
  asked = [];
  server = createServer((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    count += 1;
    if (url === '/page/3') return void response.writeHead(302, { Location: '/moved/3' }).end();
    const links = url === '/' ? Array.from({ length: 10 }, (_, at) => `<a href="/page/${at}">x</a>`) : [];
    const headers = { 'Content-Type': 'text/html', 'Set-Cookie': `n=${count}` };
    response.writeHead(url === '/robots.txt' ? 404 : 200, headers);
    response.end(`<title>${url} ${count}</title>${links.join('')}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

class TitleSpider extends Spider<{ url: string; title: string | null }> {
  override startUrls = [`${origin}/`];

  override *parse(response: Response) {
    yield { url: response.url, title: response.css('title::text').get() };
    yield* response.followAll('a');
  }
}

/** Titles by address, and the stats. */
async function titles(settings: PartialSettings) {
  const items = new Map<unknown, unknown>();
  const crawler = new Crawler(TitleSpider, {
    logger: silentLogger,
    settings: { retry: false, ...settings },
  });
  crawler.signals.on('itemScraped', ({ item: { url, title } }) => void items.set(url, title));
  const { stats, reason } = await crawler.run();
  return { items, stats, reason };
}

describe('a replay', () => {
  it('gives the same items with the server closed', async () => {
    const settings = { httpCache: 'replay', httpCacheDir: join(folder, 'pages') } as const;
    const first = await titles(settings);
    expect(first.items.size).toBe(11);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const second = await titles(settings);
    expect(second.items).toEqual(first.items);
    expect(second.stats).toMatchObject({ 'httpcache/hit': 13, 'page/count': 11 });
    expect(second.stats['httpcache/miss']).toBeUndefined();
  });
});

describe('an incremental crawl', () => {
  it('asks only for what is due, over LevelDB', async () => {
    const settings: PartialSettings = {
      incrementalDir: join(folder, 'memory'),
      incrementalRevisit: [{ pattern: '/(page|moved)/', afterMs: 3_600_000 }],
    };
    expect((await titles(settings)).stats).toMatchObject({ 'incremental/new': 11 });
    asked = [];
    const { stats, items } = await titles(settings);
    expect(stats).toMatchObject({ 'incremental/changed': 1, 'incremental/not_due': 10 });
    expect(items.size).toBe(1);
    expect(asked).toEqual(['/robots.txt', '/', '/page/3']);
  });
});
