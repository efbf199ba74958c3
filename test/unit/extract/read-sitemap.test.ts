import { describe, expect, it } from 'vitest';
import { readSitemap } from '../../../src/extract/read-sitemap.ts';
import { countTurns } from '../../support/count-turns.ts';

const entries = (inside: string) => [...readSitemap(`<urlset>${inside}</urlset>`).entries];
const locs = (inside: string) => entries(inside).map(({ loc }) => loc);

describe('readSitemap', () => {
  it('tells what it is', () => {
    const types = ['<s:urlset xmlns:s="x"/>', '<!-- c --><sitemapindex>', 'http://a.test/', '<html>', '<'];
    expect(types.map((text) => readSitemap(text).type)).toEqual([
      'urlset',
      'sitemapindex',
      'list',
      undefined,
      undefined,
    ]);
  });

  it('gives all that it says of an address', () => {
    const fields = '<lastmod> 2026-05-01 </lastmod><changefreq>daily</changefreq><priority>0.5</priority>';
    expect(entries(`<url><loc>http://a.test/?a=1&amp;b=&#50;</loc>${fields}</url>`)).toEqual([
      { loc: 'http://a.test/?a=1&b=2', lastmod: '2026-05-01', changefreq: 'daily', priority: '0.5' },
    ]);
  });

  it('reads CDATA, comments and prefixes', () => {
    expect(locs('<s:url><s:loc><![CDATA[http://a.test/?a&b]]><!-- no -->c</s:loc></s:url>')).toEqual([
      'http://a.test/?a&bc',
    ]);
  });

  it('takes no address of an image for that of the page', () => {
    const image = '<image:image><image:loc>http://a.test/x.png</image:loc><loc>no</loc></image:image>';
    expect(locs(`<url>${image}<loc>http://a.test/</loc>${image}</url>`)).toEqual(['http://a.test/']);
  });

  it('goes on behind entries that are broken', () => {
    const broken =
      '<url><loc>http://a.test/1<lastmod>2026</lastmod></url><url><loc>http://a.test/2</loc><url><loc>http://a.test/3</b>';
    expect(locs(broken)).toEqual(['http://a.test/1', 'http://a.test/2', 'http://a.test/3']);
  });

  it('leaves out an entry whose address needs an entity of the DTD', () => {
    expect(
      locs('<url><loc>http://a.test/&x;</loc></url><url><loc>http://a.test/&amp;x;</loc></url>'),
    ).toEqual(['http://a.test/&x;']);
  });

  it('keeps links to other languages, and no other links', () => {
    const links = '<x:link rel="alternate" hreflang="de" href="/de"/><x:link rel="amphtml" href="/amp"/>';
    expect(entries(`<url>${links}<loc>/en</loc></url>`)).toEqual([{ loc: '/en', alternate: ['/de'] }]);
  });

  it('reads an entry when it is asked for, as often as it is', () => {
    const { entries: list } = readSitemap(
      `<urlset>${'<url><loc>http://a.test/</loc></url>'.repeat(1000)}</urlset>`,
    );
    for (const { loc } of list) {
      expect(loc).toBe('http://a.test/');
      break;
    }
    expect([...list]).toHaveLength(1000);
  });

  it('lets the event loop breathe on a file of many entries', async () => {
    const text = `<urlset>${'<url><loc>http://a.test/page</loc></url>'.repeat(1500)}</urlset>`;
    const { values, turns } = await countTurns(readSitemap(text).entries);
    expect(values).toBe(1500);
    expect(turns).toBeGreaterThanOrEqual(1500 / 15 - 1);
  });

  it('lets it breathe where nothing is an entry', async () => {
    const { entries } = readSitemap(`<urlset>${'<x>text</x>'.repeat(100_000)}`);
    const { values, turns } = await countTurns(entries);
    expect(values).toBe(0);
    expect(turns).toBeGreaterThan(3);
  });
});
