import { describe, expect, it } from 'vitest';
import { Request } from '../../../src/values/request.ts';
import { Response } from '../../../src/values/response.ts';

const html = (body: string, headers = {}): Response =>
  new Response('http://site.test/dir/', { headers: { 'content-type': 'text/html', ...headers }, body });
const parse = Object.assign(function parse() {}, {});

describe('Response', () => {
  it('knows its kind, text and encoding', () => {
    const response = new Response('http://site.test/', {
      headers: { 'content-type': 'text/html; charset=euc-kr' },
      body: Buffer.from([0xc7, 0xd1, 0xb1, 0xdb]),
    });
    expect([response.kind, response.encoding, response.text]).toEqual(['html', 'euc-kr', '한글']);
  });

  it('refuses text helpers on binary bodies', () => {
    const image = new Response('http://site.test/x.png', {
      headers: { 'content-type': 'image/png' },
      body: Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    });
    expect(() => image.text).toThrow(expect.objectContaining({ code: 'ERR_CRAWL_NOT_TEXT' }));
    expect(() => image.css('a')).toThrow('is binary (image/png)');
  });

  it('follows links by the base of the page', () => {
    const response = html('<base href="/b/"><a href=" x.html ">x</a>');
    expect(response.follow('y').url).toBe('http://site.test/b/y');
    expect(response.follow(response.css('a').at(0) ?? '').url).toBe('http://site.test/b/x.html');
    expect(response.follow(response.css('a::attr(href)').at(0) ?? '').url).toBe('http://site.test/b/x.html');
    expect(response.urlJoin('../z')).toBe('http://site.test/z');
  });

  it('follows all links of a query, and leaves out what is none', () => {
    const response = html(
      '<a href=1>1</a><a>2</a><a href="mailto:x">3</a><a href="http://[bad">4</a><p><a href=5>5</a></p>',
    );
    const urls = (source: Parameters<Response['followAll']>[0]) =>
      response.followAll(source).map(({ url }) => url);
    const all = ['http://site.test/dir/1', 'http://site.test/dir/5'];
    expect(urls('a')).toEqual(all);
    expect(response.css('a')).toHaveLength(5);
    expect(urls({ css: 'p a' })).toEqual(['http://site.test/dir/5']);
    expect(urls({ xpath: '//a/@href' })).toEqual(all);
    expect(urls(response.css('a'))).toEqual(all);
    expect(urls(['/z'])).toEqual(['http://site.test/z']);
    expect(() => urls({} as never)).toThrow(/one source/);
    expect(() => urls({ css: 'a', xpath: '//a' } as never)).toThrow(/one source/);
  });

  it('gives the options of follow() to its requests', () => {
    const [request] = html('<a href=1>').followAll('a', { callback: parse, priority: 3, meta: { mine: 1 } });
    expect(request).toMatchObject({ callback: parse, priority: 3, meta: { mine: 1 } });
  });

  it('reads JSON once', () => {
    const response = new Response('http://site.test/', { body: '{"a":[1,2]}' });
    expect(response.json()).toBe(response.json());
    expect(response.jmespath('a[1]').get()).toBe(2);
    expect(() => html('<p>').json()).toThrow(SyntaxError);
  });

  it('makes changed copies', () => {
    const response = html('<p>a</p>').replace({ status: 404, flags: ['cached'] });
    expect([response.status, response.ok, response.flags, response.css('p::text').get()]).toEqual([
      404,
      false,
      ['cached'],
      'a',
    ]);
  });

  it('lends the meta and arguments of its request', () => {
    const request = new Request('http://site.test/', { meta: { depth: 4 }, cbKwargs: { shelf: 1 } });
    const response = new Response(request.url, { request });
    expect([response.meta.depth, response.cbKwargs]).toEqual([4, { shelf: 1 }]);
  });
});
