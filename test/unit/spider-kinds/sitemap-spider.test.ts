import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../../src/contracts/logger.ts';
import type { SitemapEntry } from '../../../src/extract/read-sitemap.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { silentLogger } from '../../../src/logging/silent-logger.ts';
import { attachSpider } from '../../../src/spider/spider.ts';
import { SitemapSpider } from '../../../src/spider-kinds/sitemap-spider.ts';
import type { Request } from '../../../src/values/request.ts';
import { Response } from '../../../src/values/response.ts';
import { gather } from './gather.ts';

class Site extends SitemapSpider {
  override sitemapUrls = ['http://a.test/robots.txt', 'http://a.test/sitemap.xml'];
}

function spider(changes: Partial<Site> = {}, logger: Logger = silentLogger): Site {
  const made = Object.assign(new Site(), changes);
  const runtime = { logger } as never;
  attachSpider(made, { runtime, name: 'site', args: {}, state: {} });
  return made;
}
const urlset = (...locs: string[]) =>
  `<urlset>${locs.map((loc) => `<url><loc>${loc}</loc></url>`).join('')}</urlset>`;
const index = (...locs: string[]) =>
  `<sitemapindex>${locs.map((loc) => `<sitemap><loc>${loc}</loc></sitemap>`).join('')}</sitemapindex>`;
const answer = (body: string | Uint8Array, url = 'http://a.test/sitemap.xml', type = 'application/xml') =>
  new Response(url, { headers: { 'content-type': type }, body });
const parsed = async (site: Site, response: Response, depth?: number) =>
  (await gather(site.parseSitemap(response, depth === undefined ? {} : { depth }))) as Request[];
const urls = async (...given: Parameters<typeof parsed>) => (await parsed(...given)).map(({ url }) => url);

describe('SitemapSpider', () => {
  it('begins with the sitemaps, and asks robots.txt nothing about robots.txt', () => {
    const [robots, sitemap] = [...spider().sitemapRequests()];
    expect(robots?.meta).toEqual({ maxBodyBytes: 52_428_800, dontObeyRobotsTxt: true });
    expect(sitemap?.meta).toEqual({ maxBodyBytes: 52_428_800 });
  });

  it('gives an address to the first rule that it matches', async () => {
    const site = spider({
      sitemapRules: [
        [/\/book\//g, 'parseBook'],
        ['/page', 'parsePage'],
      ],
    });
    const found = await parsed(
      site,
      answer(urlset('http://a.test/book/1', 'http://a.test/x', 'http://a.test/page/book/')),
    );
    expect(found.map(({ url, callback }) => [url, callback])).toEqual([
      ['http://a.test/book/1', 'parseBook'],
      ['http://a.test/page/book/', 'parseBook'],
    ]);
  });

  it('refuses rules that are no pairs', async () => {
    const site = spider({ sitemapRules: [['', 'parse'], [/book/]] });
    await expect(parsed(site, answer(urlset('http://a.test/book/1')))).rejects.toThrow(
      'sitemapRules[1] must be a pattern and its callback',
    );
  });

  it('follows the sitemaps of an index that sitemapFollow names', async () => {
    const site = spider({ sitemapFollow: ['books', /shop/] });
    const [first, ...rest] = await parsed(
      site,
      answer(index('http://a.test/books.xml', 'http://a.test/news.xml')),
    );
    expect(first).toMatchObject({ url: 'http://a.test/books.xml', cbKwargs: { depth: 1 } });
    expect(rest).toEqual([]);
  });

  it('follows the sitemaps that a robots.txt names', async () => {
    const robots = answer('User-agent: *\nSitemap: /a.xml\n', 'http://a.test/robots.txt', 'text/plain');
    expect(await urls(spider(), robots)).toEqual(['http://a.test/a.xml']);
  });

  it('follows what a robots.txt names whatever sitemapFollow says, which is about indexes', async () => {
    const robots = answer('Sitemap: /index.xml\n', 'http://a.test/robots.txt', 'text/plain');
    const site = spider({ sitemapFollow: [/news/] });
    expect(await urls(site, robots)).toEqual(['http://a.test/index.xml']);
  });

  it('tells of an index of which nothing is followed', async () => {
    const logger = new MemoryLogger();
    const site = spider({ sitemapFollow: [/news/], sitemapMaxCount: 1 }, logger);
    expect(await urls(site, answer(index('http://a.test/books.xml', 'http://a.test/shop.xml')))).toEqual([]);
    expect(logger.messages('warn')).toEqual([
      'none of the 2 sitemaps of this index is followed: see sitemapFollow',
    ]);
    await urls(site, answer(index('http://a.test/news.xml')));
    await urls(site, answer(index('http://a.test/news2.xml')));
    expect(logger.messages('warn').filter((message) => message.startsWith('none of'))).toHaveLength(1);
  });

  it('ends a chain of indexes', async () => {
    const site = spider({ sitemapMaxDepth: 2 });
    expect(await urls(site, answer(index('http://a.test/2.xml')), 1)).toEqual(['http://a.test/2.xml']);
    expect(await urls(site, answer(index('http://a.test/3.xml')), 2)).toEqual([]);
    expect(await urls(site, answer(urlset('http://a.test/page')), 2)).toEqual(['http://a.test/page']);
  });

  it('follows so many sitemaps in all', async () => {
    const site = spider({ sitemapMaxCount: 3 });
    expect(await urls(site, answer(index('http://a.test/1', 'http://a.test/2')))).toHaveLength(2);
    expect(await urls(site, answer(index('http://a.test/3', 'http://a.test/4')))).toEqual([
      'http://a.test/3',
    ]);
  });

  it('unpacks gzip whatever the type says, also when it is cut', async () => {
    const packed = gzipSync(urlset('http://a.test/1'));
    expect(await urls(spider(), answer(packed, 'http://a.test/s', 'application/gzip'))).toEqual([
      'http://a.test/1',
    ]);
    expect(await urls(spider(), answer(packed.subarray(0, -4), 'http://a.test/s.xml'))).toEqual([
      'http://a.test/1',
    ]);
  });

  it('refuses what unpacks to more than sitemapMaxBytes', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000, '<urlset>'));
    await expect(parsed(spider({ sitemapMaxBytes: 100_000 }), answer(bomb))).rejects.toThrow('100000 bytes');
  });

  it('reads plain lists of addresses', async () => {
    const list = answer(
      'http://a.test/1\r\nnothing\r\nhttps://b.test/2\n',
      'http://a.test/list.txt',
      'text/plain',
    );
    expect(await urls(spider(), list)).toEqual(['http://a.test/1', 'https://b.test/2']);
  });

  it('leaves out what is no sitemap, and addresses that are not http', async () => {
    expect(await urls(spider(), answer('<html><url><loc>http://a.test/1</loc></url></html>'))).toEqual([]);
    expect(
      await urls(spider(), answer(urlset('javascript:alert(1)', 'file:///etc/passwd', 'ftp://a.test/'))),
    ).toEqual([]);
  });

  it('takes other languages when asked', async () => {
    const xml = urlset('http://a.test/en').replace(
      '</url>',
      '<xhtml:link rel="alternate" href="http://a.test/de"/></url>',
    );
    expect(await urls(spider(), answer(xml))).toEqual(['http://a.test/en']);
    expect(await urls(spider({ sitemapAlternateLinks: true }), answer(xml))).toEqual([
      'http://a.test/en',
      'http://a.test/de',
    ]);
  });

  it.each(['sync', 'async'])('lets a %s sitemapFilter choose by what the sitemap says', async (kind) => {
    class Fresh extends Site {
      override sitemapFilter(
        entries: Iterable<SitemapEntry> & AsyncIterable<SitemapEntry>,
        { type }: { type?: unknown },
      ) {
        const isFresh = ({ lastmod = '' }: SitemapEntry) => type === 'urlset' && lastmod > '2026';
        if (kind === 'sync') return [...entries].filter(isFresh);
        return (async function* () {
          for await (const entry of entries) if (isFresh(entry)) yield entry;
        })();
      }
    }
    const xml = urlset(
      'http://a.test/old',
      'http://a.test/new</loc><lastmod>2026-05-01</lastmod><loc>http://a.test/new',
    );
    expect((await gather(new Fresh().parseSitemap(answer(xml)))).map((one) => (one as Request).url)).toEqual([
      'http://a.test/new',
    ]);
  });
});
