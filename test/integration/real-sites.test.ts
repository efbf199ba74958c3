import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Crawler,
  type Failure,
  type ItemRecord,
  LinkExtractor,
  Request,
  type Response,
  Spider,
  type SpiderClass,
} from '../../src/index.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';
import { type FolderServer, serveFolder } from '../support/folder-server.ts';

const sites = process.env.SITES_DIR ?? fileURLToPath(new URL('../../../shared/sites', import.meta.url));
const isThere = existsSync(sites);
if (!isThere) console.warn(`real sites: skipped, ${sites} is not there (set SITES_DIR)`);

/** What is known of a page of a manual. */
interface ManualPage {
  readonly url: string;
  readonly depth: number;
  readonly encoding: string;
  readonly title: string;
  readonly links: number;
  readonly internal: number;
}

const extractor = new LinkExtractor({ unique: false });

/** Follows every link of one host and notes what it saw of each page. */
class ManualSpider extends Spider<ManualPage> {
  readonly notFound: string[] = [];

  override *parse(response: Response): Iterable<ManualPage | Request> {
    const { origin } = new URL(response.url);
    const addresses = new Set(extractor.extractLinks(response).map(({ url }) => url));
    const inside = [...addresses].filter((url) => new URL(url).origin === origin);
    yield {
      url: response.url.slice(origin.length).replace(/#.*$/, ''),
      depth: response.meta.depth ?? 0,
      encoding: response.encoding,
      title: collapsed(response.css('title').at(0)?.text ?? ''),
      links: addresses.size,
      internal: new Set(inside.map((url) => url.replace(/#.*$/, ''))).size,
    };
    for (const url of inside) yield response.follow(url, { errback: this.missing });
  }

  missing({ request, response }: Failure) {
    if (response?.status === 404) this.notFound.push(new URL(request.url).pathname);
  }
}

/** Every product page of the practice shop. */
class ProductSpider extends Spider {
  override *parse(response: Response): Iterable<ItemRecord> {
    const row = (name: string): string =>
      response.xpath('//th[.=$name]/following-sibling::td/text()', { variables: { name } }).get('');
    const { origin } = new URL(response.url);
    // The answers cut as many characters off every address, of foreign hosts too, as their own origin had.
    const pathOf = (address: string): string => {
      const url = response.urlJoin(address);
      return url.startsWith(origin) ? url.slice(origin.length) : url.slice('http://books.test'.length);
    };
    const stars = response.css('.product_main .star-rating::attr(class)').get('');
    yield {
      url: new URL(response.url).pathname,
      title: response.css('h1::text').get(),
      price: response.css('.product_main .price_color::text').get(),
      priceExclTax: row('Price (excl. tax)'),
      tax: row('Tax'),
      upc: row('UPC'),
      type: row('Product Type'),
      available: Number(/\d+/.exec(row('Availability'))?.[0]),
      reviews: Number(row('Number of reviews')),
      rating: ['One', 'Two', 'Three', 'Four', 'Five'].findIndex((word) => stars.includes(word)) + 1,
      category: response.css('.breadcrumb li:nth-child(3) a::text').get(),
      description: response.css('#product_description + p::text').get(),
      image: pathOf(response.css('#product_gallery img::attr(src)').get('')),
      recentlyViewed: response.css('article.product_pod h3 a::attr(href)').getAll().map(pathOf),
    };
  }
}

describe.skipIf(!isThere)('real sites', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-sites-'));
  const servers: FolderServer[] = [];
  const serve = async (path: string): Promise<string> => {
    const server = await serveFolder(path);
    servers.push(server);
    return server.origin;
  };

  beforeAll(() => {
    for (const site of ['apache-docs', 'postgresql-docs', 'sqlite-docs']) {
      spawnSync('mkdir', ['-p', join(folder, site)]);
      spawnSync('tar', ['-xzf', join(sites, site, 'site.tar.gz'), '-C', join(folder, site)]);
    }
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['apache-docs', 'postgresql-docs', 'sqlite-docs'])(
    'finds every page and link of %s',
    async (site) => {
      const origin = await serve(join(folder, site, 'site'));
      const expected = JSON.parse(readFileSync(join(sites, site, 'expected.json'), 'utf8'));
      const { items, spider } = await crawled(
        class extends ManualSpider {
          override startUrls = [`${origin}${expected.start}`];
        },
      );
      const pages = linesOf(join(sites, site, 'pages.jsonl'));
      expect(byUrl(items)).toEqual(byUrl(pages));
      expect(new Set((spider as ManualSpider).notFound)).toEqual(new Set(expected.notFound));
    },
    120_000,
  );

  it('reads all books of the practice shop', async () => {
    const origin = await serve(join(sites, 'books', 'site'));
    const books = linesOf(join(sites, 'books', 'items.jsonl')).map(({ addressVerified: _, ...book }) => book);
    const { items } = await crawled(
      class extends ProductSpider {
        override *start(): Iterable<Request> {
          for (const { url } of books) yield new Request(`${origin}${url}`);
        }
      },
    );
    expect(books).toHaveLength(200);
    expect(byUrl(items)).toEqual(byUrl(books));
  });
});

async function crawled<Item extends object>(
  spiderClass: SpiderClass<Item>,
): Promise<{ items: Row[]; spider: object }> {
  const items: Row[] = [];
  const crawler = new Crawler(spiderClass, {
    logger: silentLogger,
    // One page after the other and level by level: the depth of a page is then its shortest.
    settings: {
      concurrentRequests: 1,
      order: 'fifo',
      depthPriority: 1,
      maxUrlLength: 0,
      robotsUserAgent: 'orbweaver',
    },
  });
  crawler.signals.on('itemScraped', ({ item }) => void items.push(item as Row));
  const { reason } = await crawler.run();
  expect(reason).toBe('finished');
  return { items, spider: crawler.spider };
}

type Row = Record<string, unknown> & { readonly url: string };

function linesOf(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function byUrl(rows: readonly object[]): Record<string, unknown> {
  return Object.fromEntries(rows.map((row) => [(row as Row).url, row]));
}

function collapsed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
