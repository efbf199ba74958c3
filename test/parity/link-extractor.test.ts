import { describe, expect, it } from 'vitest';
import {
  IGNORED_EXTENSIONS,
  type Link,
  LinkExtractor,
  type LinkExtractorOptions,
  Response,
} from '../../src/index.ts';

const page = (body: string, headers = { 'content-type': 'text/html' }) =>
  new Response('https://a.test/dir/page.html', { body: Buffer.from(body), headers });

/** Addresses of the links on a page. */
const urls = (body: string, options: LinkExtractorOptions = {}) =>
  new LinkExtractor(options).extractLinks(page(body)).map(({ url }: Link) => url);

/** Paths of the links on a page. */
const paths = (body: string, options: LinkExtractorOptions = {}) =>
  urls(body, options).map((url) => url.replace('https://a.test/', ''));

describe('LinkExtractor', () => {
  it('gives links with address, text, fragment and nofollow, over the base of the page', () => {
    const body = '<a href="one.html#top"> One <b>bold</b></a><a rel="x nofollow" href="/two">Two</a>';
    expect(new LinkExtractor().extractLinks(page(body))).toEqual([
      {
        url: 'https://a.test/dir/one.html#top',
        text: expect.stringMatching(/^\s*One\s+bold$/),
        fragment: 'top',
        nofollow: false,
      },
      { url: 'https://a.test/two', text: 'Two', fragment: '', nofollow: true },
    ]);
    expect(urls('<base href="https://b.test/x/"><a href=y>')).toEqual(['https://b.test/x/y']);
    expect(urls('<a href="javascript:x()">j</a><a href="mailto:a@b">m</a><a href="http://[">n</a>')).toEqual(
      [],
    );
    expect(new LinkExtractor().extractLinks(page('{}', { 'content-type': 'application/json' }))).toEqual([]);
  });

  it('takes what is allowed and not denied', () => {
    const body = '<a href=/item/1>1</a><a href=/item/2>2</a><a href=/list/1>3</a>';
    expect(paths(body, { allow: /item/ })).toEqual(['item/1', 'item/2']);
    expect(paths(body, { allow: ['^https://a.test/item/1$', /list/] })).toEqual(['item/1', 'list/1']);
    expect(paths(body, { allow: /item/, deny: ['/2$'] })).toEqual(['item/1']);
    expect(paths(body, { deny: /item/ })).toEqual(['list/1']);
  });

  it('takes domains with their sub-domains, and leaves some out', () => {
    const body = ['a.test', 'x.a.test', 'nota.test', 'b.test']
      .map((host) => `<a href=https://${host}/>x</a>`)
      .join('');
    const hosts = (options: LinkExtractorOptions) => urls(body, options).map((url) => new URL(url).host);
    expect(hosts({ allowDomains: ['a.test'] })).toEqual(['a.test', 'x.a.test']);
    expect(hosts({ allowDomains: 'x.a.test' })).toEqual(['x.a.test']);
    expect(hosts({ denyDomains: ['a.test', 'b.test'] })).toEqual(['nota.test']);
  });

  it('looks only into what CSS and XPath find', () => {
    const body = `<nav><a href=/nav>n</a></nav><div class=main><a href=/main>m</a></div><p><a href=/p id=p>p</a></p>`;
    expect(paths(body, { restrictCss: '.main' })).toEqual(['main']);
    expect(paths(body, { restrictXpath: ['//p', '//nav'] }).sort()).toEqual(['nav', 'p']);
    expect(paths(body, { restrictCss: ['.main'], restrictXpath: '//a[@id="p"]' }).sort()).toEqual([
      'main',
      'p',
    ]);
    expect(paths(body, { restrictCss: '.none' })).toEqual([]);
  });

  it('leaves files out by their endings', () => {
    const body = '<a href=a.pdf>1</a><a href=b.JPG?x=1>2</a><a href=c.html>3</a><a href=d.tar.gz>4</a>';
    expect(paths(body)).toEqual(['dir/c.html']);
    expect(paths(body, { denyExtensions: [] })).toHaveLength(4);
    expect(paths(body, { denyExtensions: ['html', '.gz'] })).toEqual(['dir/a.pdf', 'dir/b.JPG?x=1']);
    expect(IGNORED_EXTENSIONS.length).toBeGreaterThanOrEqual(91);
    for (const ending of ['zip', 'png', 'mp4', 'docx', 'exe', 'css', 'iso'])
      expect(IGNORED_EXTENSIONS).toContain(ending);
  });

  it('takes links by their text', () => {
    const body = '<a href=/1>Next page</a><a href=/2>Previous</a><a href=/3><b>next</b></a>';
    expect(paths(body, { restrictText: /next/i })).toEqual(['1', '3']);
    expect(paths(body, { restrictText: ['^Prev', 'page$'] })).toEqual(['1', '2']);
  });

  it('looks at elements and attributes that are named, or at any', () => {
    const body =
      '<a href=/a title=/t>a</a><area href=/area><link href=/link><img src=/img data-big=/big><form action=/form></form>';
    expect(paths(body)).toEqual(['a', 'area']);
    expect(paths(body, { tags: ['link', 'img'], attrs: ['href', 'src'] })).toEqual(['link', 'img']);
    expect(paths(body, { tags: '*', denyTags: ['area', 'link'] })).toEqual(['a']);
    expect(paths(body, { tags: '*', attrs: '*', denyAttrs: ['title', 'data-big'] })).toEqual([
      'a',
      'area',
      'link',
      'img',
      'form',
    ]);
  });

  it('gives each address once, stripped; canonical or changed where asked; matches one', () => {
    const body = '<a href="/b?y=1&x=2">1</a><a href=" /b?y=1&x=2 ">2</a><a href="/b?x=2&y=1#f">3</a>';
    expect(paths(body)).toEqual(['b?y=1&x=2', 'b?x=2&y=1#f']);
    expect(paths(body, { unique: false })).toHaveLength(3);
    expect(paths(body, { canonicalize: true })).toEqual(['b?x=2&y=1']);
    const given: string[] = [];
    const processValue = (value: string) => {
      given.push(value);
      return /go\('(.*)'\)/.exec(value)?.[1];
    };
    expect(paths(`<a href=" javascript:go('/x')">x</a><a href=/none>y</a>`, { processValue })).toEqual(['x']);
    expect(given).toEqual(["javascript:go('/x')", '/none']);
    new LinkExtractor({ processValue, strip: false }).extractLinks(page('<a href=" /z ">z</a>'));
    expect(given.at(-1)).toBe(' /z ');
    const extractor = new LinkExtractor({ allow: /item/, denyDomains: 'b.test' });
    expect(extractor.matches('https://a.test/item/1')).toBe(true);
    for (const url of ['https://a.test/list', 'https://b.test/item', 'https://a.test/item.pdf', 'data:,item'])
      expect(extractor.matches(url)).toBe(false);
  });
});
