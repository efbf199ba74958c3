import { describe, expect, it } from 'vitest';
import { LinkExtractor, type LinkExtractorOptions } from '../../../src/extract/link-extractor.ts';
import { Response } from '../../../src/values/response.ts';
import { growth } from '../../support/growth.ts';

const HTML = `
  <nav><a href="/" id="home">Home</a> <a href="/books/?page=2">Books</a></nav>
  <main>
    <a href="item_1.html">One</a> <a href="item_1.html#reviews">Reviews</a>
    <a href="https://partner.test/x" rel="external nofollow">Partner</a>
    <a href="mailto:x@site.test">mail</a> <a href="javascript:void(0)">js</a> <a href="http://[bad">bad</a>
    <a href="/price.pdf">list</a> <img src="/cover.html">
  </main>`;
const page = (html: string, type = 'text/html'): Response =>
  new Response('http://site.test/shop/', { headers: { 'content-type': type }, body: html });
const urls = (options: LinkExtractorOptions = {}, html = HTML): string[] =>
  new LinkExtractor(options).extractLinks(page(html)).map(({ url }) => url);

describe('LinkExtractor', () => {
  it('takes the links that lead somewhere, absolute and in order', () => {
    expect(urls()).toEqual([
      'http://site.test/',
      'http://site.test/books/?page=2',
      'http://site.test/shop/item_1.html',
      'http://site.test/shop/item_1.html#reviews',
      'https://partner.test/x',
    ]);
  });

  it('says text, fragment and nofollow of each', () => {
    const links = new LinkExtractor({ allow: /reviews|partner/ }).extractLinks(page(HTML));
    expect(links).toEqual([
      {
        url: 'http://site.test/shop/item_1.html#reviews',
        text: 'Reviews',
        fragment: 'reviews',
        nofollow: false,
      },
      { url: 'https://partner.test/x', text: 'Partner', fragment: '', nofollow: true },
    ]);
  });

  it('lets deny win over allow', () => {
    expect(urls({ allow: 'item_1', deny: /#/ })).toEqual(['http://site.test/shop/item_1.html']);
  });

  it('takes expressions with a g flag as if they had none', () => {
    const extractor = new LinkExtractor({ allow: /item_1/g });
    expect(extractor.matches('http://site.test/item_1')).toBe(true);
    expect(extractor.matches('http://site.test/item_1')).toBe(true);
  });

  it.each<[string, LinkExtractorOptions, string[]]>([
    ['allowDomains', { allowDomains: 'partner.test' }, ['https://partner.test/x']],
    ['restrictCss', { restrictCss: 'nav a:first-child' }, ['http://site.test/']],
    ['restrictXpath', { restrictXpath: '//a[@id="home"]' }, ['http://site.test/']],
    ['restrictText', { restrictText: /^Boo/ }, ['http://site.test/books/?page=2']],
    ['tags and attrs', { tags: 'img', attrs: 'src' }, ['http://site.test/cover.html']],
    [
      'denyTags beside *',
      { tags: '*', attrs: '*', denyTags: ['a'], denyAttrs: ['id'] },
      ['http://site.test/cover.html'],
    ],
    [
      'processValue',
      { processValue: (value) => (value === '/' ? '/start' : undefined) },
      ['http://site.test/start'],
    ],
  ])('obeys %s', (_name, options, wanted) => {
    expect(urls(options)).toEqual(wanted);
  });

  it('counts spellings of one address once with canonicalize', () => {
    const html = '<a href="/a?b=1&amp;c=2">1</a><a href="/a?c=2&amp;b=1">2</a>';
    expect(urls({ canonicalize: true }, html)).toEqual(['http://site.test/a?b=1&c=2']);
    expect(urls({}, html)).toHaveLength(2);
  });

  it('sends queries in the encoding of their page', () => {
    const response = new Response('http://site.test/', {
      headers: { 'content-type': 'text/html; charset=iso-8859-1' },
      body: Buffer.from('<a href="/caf\u00e9?q=caf\u00e9">c</a>', 'latin1'),
    });
    expect(new LinkExtractor().extractLinks(response)[0]?.url).toBe('http://site.test/caf%C3%A9?q=caf%E9');
  });

  it('finds nothing on pages without markup', () => {
    expect(new LinkExtractor().extractLinks(page('{"a":"<a href=/x>"}', 'application/json'))).toEqual([]);
  });

  it('throws for an expression that is none', () => {
    expect(() => new LinkExtractor({ allow: '(' })).toThrow(SyntaxError);
  });

  it("throws for an option that it does not have, such as Scrapy's restrict_xpaths", () => {
    expect(() => new LinkExtractor({ restrictXpaths: '//nav' } as never)).toThrow(
      'a link extractor has no option "restrictXpaths": did you mean restrictXpath?',
    );
  });

  it('looks once at each link of nested regions', () => {
    const seen: string[] = [];
    const processValue = (value: string) => {
      seen.push(value);
      return value;
    };
    const html = `${'<div>'.repeat(100)}<a href="/1">1</a><a href="/2">2</a>`;
    urls({ restrictCss: ['div', 'div div', 'a'], processValue }, html);
    expect(seen).toEqual(['/1', '/2']);
  });

  it('gives links of nested regions in the order of the regions, repeated only without unique', () => {
    const html = '<main><a href="/1">1</a><p><a href="/2">2</a></p></main><p><a href="/3">3</a></p>';
    const found = (unique: boolean) =>
      urls({ restrictXpath: '//p', restrictCss: ['main', 'p'], unique }, html).map((url) => url.slice(-1));
    expect(found(true)).toEqual(['2', '3', '1']);
    expect(found(false)).toEqual(['2', '3', '1', '2', '2', '3']);
  });

  it('reads links with any number of blanks inside in linear time', () => {
    expect(growth((size) => urls({}, `<a href="/a${' '.repeat(size)}b">`))).toBeLessThan(24);
  });
});
