import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AuthorsSpider,
  BooksByCategorySpider,
  type MemberQuote,
  ProductsApiSpider,
  ProductsSitemapSpider,
  QuotesLoginSpider,
  QuotesSpider,
} from '../../spiders/index.ts';
import {
  Crawler,
  type CrawlOptions,
  CrawlSpider,
  CsvFeedSpider,
  type CsvRow,
  crawl,
  type Response,
  type Rule,
  type Selector,
  SitemapSpider,
  type SpiderClass,
  XmlFeedSpider,
} from '../../src/index.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';
import { products } from '../../src/sandbox/catalogue.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';
import { slug } from '../../src/sandbox/slug.ts';
import { expectedAuthors, expectedProducts, expectedQuotes } from '../../src/sandbox/truth.ts';

let sandbox: Sandbox;
let server: Server;
let origin = '';
/** Pages of the second site, by path. */
const pages = new Map<string, string | Uint8Array>();
const asked: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await sandbox.close();
});

function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
  asked.push(url);
  const body = pages.get(url);
  const type = /\.(xml|csv)$/.exec(url)?.[1] ?? 'html';
  response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': `text/${type}` });
  response.end(body);
}

const options = (settings: CrawlOptions['settings'] = {}) => ({
  logger: silentLogger,
  settings: { adaptivePace: false, ...settings },
});

async function itemsOf<Item extends object, Args extends object>(
  spider: SpiderClass<Item, Args>,
  args: Partial<Args> = {},
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of crawl(spider, { ...options(), args })) items.push(item);
  return items;
}
const byUrl = <Item extends { readonly url: string }>(items: readonly Item[]) =>
  [...items].sort((a, b) => (a.url < b.url ? -1 : 1));

const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();

describe('kinds of spiders, each in a whole crawl', () => {
  it('a spider that pages finds every quote of the sandbox', async () => {
    const found = await itemsOf(QuotesSpider, { base: `${sandbox.url}quotes/` });
    expect(sorted(found)).toEqual(sorted(expectedQuotes()));
  });

  it('a spider that goes from quotes to authors finds each once, and asks for no page twice', async () => {
    const before = new Map(sandbox.hits);
    const found = await itemsOf(AuthorsSpider, { base: `${sandbox.url}quotes/` });
    expect(sorted(found)).toEqual(sorted(expectedAuthors()));
    const asked = [...sandbox.hits].filter(([path]) => path.startsWith('/quotes/author/'));
    expect(asked.filter(([path]) => path.endsWith('/'))).toHaveLength(expectedAuthors().length);
    expect(asked.filter(([path, count]) => count - (before.get(path) ?? 0) !== 1)).toEqual([]);
  });

  it('a spider that logs in finds on every quote what only members see', async () => {
    const base = `${sandbox.url}quotes/`;
    const found = await itemsOf<MemberQuote, { base: string }>(QuotesLoginSpider, { base });
    const seen = found.map(({ text, author }) => ({ text, author }));
    expect(sorted(seen)).toEqual(sorted(expectedQuotes().map(({ text, author }) => ({ text, author }))));
    expect(found.filter(({ goodreads }) => !goodreads.startsWith(`${base}goodreads/`))).toEqual([]);
  });

  it('a spider of a JSON API finds every book of the sandbox', async () => {
    const found = await itemsOf(ProductsApiSpider, { base: sandbox.url });
    expect([...found].sort((a, b) => a.id - b.id)).toMatchObject(products());
    expect(found).toHaveLength(products().length);
  });

  it('CrawlSpider finds every book of the sandbox by its categories', async () => {
    const found = await itemsOf(BooksByCategorySpider, { base: sandbox.url });
    expect(byUrl(found.map(({ shelf: _shelf, ...book }) => book))).toEqual(
      byUrl(expectedProducts(sandbox.url)),
    );
    const shelfOf = (category: string) => `/books/${slug(category).toLowerCase()}_`;
    expect(found.filter(({ shelf, category }) => !shelf.includes(shelfOf(category)))).toEqual([]);
  }, 120_000);

  it('SitemapSpider finds every book by the sitemaps that robots.txt names', async () => {
    const found = await itemsOf(ProductsSitemapSpider, { base: sandbox.url });
    expect(byUrl(found)).toEqual(byUrl(expectedProducts(sandbox.url)));
  }, 120_000);

  it('XmlFeedSpider gives each element of a feed', async () => {
    class Entries extends XmlFeedSpider<{ url: string | null }> {
      override startUrls = [`${sandbox.url}sitemaps/products-1.xml`];
      override iterTag = 's:url';
      override namespaces = { s: 'http://www.sitemaps.org/schemas/sitemap/0.9' };
      *parseNode(_response: Response, node: Selector) {
        yield { url: node.xpath('s:loc/text()').get() };
      }
    }
    const found = await itemsOf(Entries);
    expect(found.map(({ url }) => url)).toEqual(
      expectedProducts(sandbox.url)
        .slice(0, 500)
        .map(({ url }) => url),
    );
  });

  it('CsvFeedSpider gives each row of a feed, and counts those that do not fit', async () => {
    pages.set('/feed.csv', 'id,__proto__\n1,"a, b"\n2\n3,c\n');
    class Rows extends CsvFeedSpider {
      override startUrls = [`${origin}/feed.csv`];
      async *parseRow(_response: Response, row: CsvRow) {
        yield { ...row };
      }
    }
    const crawler = new Crawler(Rows, options());
    const found: string[] = [];
    crawler.signals.on('itemScraped', ({ item }) => {
      found.push(JSON.stringify(item));
    });
    expect((await crawler.run()).stats['csvfeed/rows_ignored']).toBe(1);
    expect(found).toEqual(['{"id":"1","__proto__":"a, b"}', '{"id":"3","__proto__":"c"}']);
  });

  it('a sitemap index that leads to itself ends', async () => {
    pages.set(
      '/index.xml',
      `<sitemapindex><sitemap><loc>${origin}/index.xml</loc></sitemap><sitemap><loc>${origin}/s.xml</loc></sitemap></sitemapindex>`,
    );
    pages.set('/s.xml', gzipSync(`<urlset><url><loc>${origin}/page</loc></url></urlset>`));
    pages.set('/page', '<title>Page</title>');
    class Loop extends SitemapSpider<{ url: string }> {
      override sitemapUrls = [`${origin}/index.xml`];
      override parse({ url }: Response) {
        return { url };
      }
    }
    expect(await itemsOf(Loop)).toEqual([{ url: `${origin}/page` }]);
    expect(asked.filter((url) => url === '/index.xml')).toHaveLength(1);
  });

  it('a crawl by rules goes on with its job, callbacks and arguments as they were', async () => {
    pages.set('/', '<a href="/item/1">1</a><a href="/list">more</a>');
    pages.set('/list', '<a href="/item/2">2</a><a href="/item/3">3</a><a href="/broken">x</a>');
    for (const id of [1, 2, 3]) pages.set(`/item/${id}`, `<h1>${id}</h1>`);
    class Shop extends CrawlSpider {
      static override spiderName = 'shop';
      override startUrls = [`${origin}/`];
      override rules: readonly Rule[] = [
        {
          linkExtractor: { allow: /item/ },
          callback: (response: Response, args: object) => ({ url: response.url, ...args }),
          cbKwargs: { kind: 'item' },
        },
        {
          linkExtractor: { allow: /broken/ },
          callback: 'parse',
          errback: () => ({ url: 'broken', kind: 'failure' }),
        },
        { linkExtractor: { allow: /list/ } },
      ];
    }
    const folder = mkdtempSync(join(tmpdir(), 'orbweaver-rules-'));
    const feeds = { [join(folder, 'items.jsonl')]: {} };
    let runs = 0;
    for (let reason = ''; reason !== 'finished' && runs < 10; runs += 1) {
      // What a job may do counts over all of its runs.
      const settings = { maxPages: 2 * (runs + 1), jobDir: join(folder, 'job'), feeds };
      reason = (await new Crawler(Shop, options(settings)).run()).reason;
    }
    const items = readFileSync(join(folder, 'items.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    rmSync(folder, { recursive: true, force: true });
    expect(runs).toBeGreaterThan(1);
    expect(items.map(({ url, kind }) => `${kind} ${url.replace(origin, '')}`).sort()).toEqual([
      'failure broken',
      'item /item/1',
      'item /item/2',
      'item /item/3',
    ]);
  });
});
