import { describe, expect, it, onTestFinished } from 'vitest';
import { isResponse, NotTextError, Request, Response, type Selector, Spider } from '../../src/index.ts';
import { rawServer } from '../support/raw-server.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';

const html = (body: string, url = 'https://a.test/dir/page'): Response =>
  new Response(url, { headers: { 'Content-Type': 'text/html' }, body });

const urls = (requests: readonly Request[]): string[] => requests.map(({ url }) => url);

describe('Response', () => {
  it('is made of its parts and copied with changes', () => {
    const request = new Request('https://a.test/', { meta: { mine: 1 } });
    const response = new Response('https://a.test/', {
      status: 404,
      headers: { 'X-One': ['1', '2'] },
      body: 'text',
      flags: ['cached'],
      request,
      protocol: 'h2',
      ipAddress: '127.0.0.1',
    });
    expect(response).toMatchObject({ url: 'https://a.test/', status: 404, ok: false, flags: ['cached'] });
    expect(response.headers.getAll('x-one')).toEqual(['1', '2']);
    const copy = response.copy();
    expect(copy).not.toBe(response);
    expect(copy).toEqual(response);
    const changed = response.replace({ url: 'https://b.test/', body: '<p>x</p>', status: 200 });
    expect(isResponse(changed)).toBe(true);
    expect(changed).toMatchObject({ url: 'https://b.test/', status: 200, flags: ['cached'], request });
    expect(changed.css('p::text').get()).toBe('x');
    expect(response).toMatchObject({ status: 404, text: 'text' });
  });

  it('gives meta and cbKwargs of its request', () => {
    const request = new Request('https://a.test/', { meta: { mine: 1 }, cbKwargs: { name: 'x' } });
    const response = new Response(request.url, { request });
    expect(response.meta).toBe(request.meta);
    expect(response.cbKwargs).toBe(request.cbKwargs);
    expect(new Response('https://a.test/').meta).toEqual({});
  });

  it('resolves addresses against itself or the base of the page', () => {
    expect(html('').urlJoin('../x?y#z')).toBe('https://a.test/x?y#z');
    expect(html('<base href="/other/">').urlJoin('x')).toBe('https://a.test/other/x');
    expect(html('<base href="//cdn.test/">').urlJoin('https://b.test/')).toBe('https://b.test/');
    const xml = new Response('https://a.test/dir/x', {
      headers: { 'Content-Type': 'text/xml' },
      body: '<base href="/other/"/>',
    });
    expect(xml.urlJoin('y')).toBe('https://a.test/dir/y');
  });

  it('follows addresses, links, elements and attributes, with the options of a request', () => {
    const page = html('<a href=" next ">n</a><link href="/feed"><img src="/i.png"><p>no link</p>');
    expect(page.follow('next').url).toBe('https://a.test/dir/next');
    expect(page.follow(new URL('https://b.test/')).url).toBe('https://b.test/');
    expect(page.follow({ url: 'https://a.test/l', text: '', fragment: '', nofollow: false }).url).toBe(
      'https://a.test/l',
    );
    const first = (query: string): Selector => [...page.css(query)][0] as Selector;
    expect(page.follow(first('a')).url).toBe('https://a.test/dir/next');
    expect(page.follow(first('link')).url).toBe('https://a.test/feed');
    expect(page.follow(first('a::attr(href)')).url).toBe('https://a.test/dir/next');
    expect(() => page.follow(first('p'))).toThrow(/href/);
    const options = {
      callback: 'parseNext',
      errback: 'failed',
      method: 'POST',
      headers: { 'X-A': '1' },
      body: 'b',
      cookies: { c: '1' },
      meta: { m: 1 },
      priority: 2,
      dontFilter: true,
      cbKwargs: { k: 1 },
      flags: ['f'],
    } as const;
    const request = page.follow('next', options);
    const { headers: _headers, body: _body, cookies: _cookies, ...same } = options;
    expect(request).toMatchObject(same);
    expect(request.headers.get('x-a')).toBe('1');
    expect(Buffer.from(request.body ?? []).toString()).toBe('b');
  });

  it('sends queries of links in the encoding of the page', () => {
    const page = new Response('https://a.test/', {
      headers: { 'Content-Type': 'text/html; charset=iso-8859-1' },
      body: Buffer.from('<a href="/é?q=é">x</a>', 'latin1'),
    });
    expect(urls(page.followAll('a'))).toEqual(['https://a.test/%C3%A9?q=%E9']);
  });

  it('follows all links of one source and skips elements without one', () => {
    const page = html('<a href=1>1</a><a>none</a><a href=mailto:a@b.test>m</a><a class=b href=2>2</a>');
    expect(urls(page.followAll('a'))).toEqual(['https://a.test/dir/1', 'https://a.test/dir/2']);
    expect(urls(page.followAll({ css: 'a.b' }))).toEqual(['https://a.test/dir/2']);
    expect(urls(page.followAll({ xpath: '//a[@class]/@href' }))).toEqual(['https://a.test/dir/2']);
    expect(urls(page.followAll(page.css('a')))).toHaveLength(2);
    expect(urls(page.followAll(['x', new URL('https://b.test/')]))).toEqual([
      'https://a.test/dir/x',
      'https://b.test/',
    ]);
    expect(() => page.followAll({ css: 'a', xpath: '//a' } as never)).toThrow(/one source/);
    const [first] = page.followAll('a', { callback: 'parseNext', cbKwargs: { k: 1 } });
    expect(first).toMatchObject({ callback: 'parseNext', cbKwargs: { k: 1 } });
  });

  it('decodes and parses once, when asked', () => {
    const page = html('<p>1 &amp; 2</p>');
    expect(page.text).toBe('<p>1 &amp; 2</p>');
    expect(page.selector).toBe(page.selector);
    expect(page.css('p::text').get()).toBe('1 & 2');
    expect(page.xpath('//p/text()').getAll()).toEqual(['1 & 2']);
    const data = new Response('https://a.test/api', {
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":[1,2]}',
    });
    expect(data.json()).toEqual({ a: [1, 2] });
    expect(data.json()).toBe(data.json());
    expect(() => new Response('https://a.test/', { body: 'no json' }).json()).toThrow(SyntaxError);
  });

  it('queries JSON', () => {
    const data = new Response('https://a.test/api', {
      headers: { 'Content-Type': 'application/json' },
      body: '{"items":[{"name":"a","n":1},{"name":"b","n":2}]}',
    });
    expect(data.jmespath('items[].name').getAll()).toEqual(['a', 'b']);
    expect(data.jmespath('items[?n > `1`].n').get()).toBe(2);
    expect(data.jmespath('items').jmespath('name').getAll()).toEqual(['a', 'b']);
    expect(data.jmespath('nothing').get('none')).toBe('none');
  });

  it('finds its encoding by argument, mark, header, declaration, detection', () => {
    const encodingOf = (body: Buffer | string, type = 'text/html', encoding?: string): string =>
      new Response('https://a.test/', {
        headers: { 'Content-Type': type },
        body: typeof body === 'string' ? Buffer.from(body, 'latin1') : body,
        ...(encoding !== undefined && { encoding }),
      }).encoding.toLowerCase();
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('<meta charset=koi8-r>')]);
    expect(encodingOf(marked, 'text/html; charset=shift_jis', 'big5')).toBe('big5');
    expect(encodingOf(marked, 'text/html; charset=shift_jis')).toBe('utf-8');
    expect(encodingOf('<meta charset=koi8-r>', 'text/html; charset=shift_jis')).toBe('shift_jis');
    expect(encodingOf('<meta charset=koi8-r>', 'text/html; charset=unknown')).toBe('koi8-r');
    expect(encodingOf('<?xml version="1.0" encoding="koi8-r"?><a/>', 'text/xml')).toBe('koi8-r');
    expect(encodingOf(Buffer.from('<p>é'))).toBe('utf-8');
    expect(encodingOf('<p>\xe9')).toBe('windows-1252');
    const page = new Response('https://a.test/', {
      headers: { 'Content-Type': 'text/html; charset=koi8-r' },
      body: Buffer.from([0xd0, 0xcf]),
    });
    expect(page.text).toBe('по');
  });

  it('knows its kind by type, file name, address, beginning', () => {
    const kindOf = (url: string, headers: Record<string, string>, body = ''): string =>
      new Response(url, { headers, body: Buffer.from(body, 'latin1') }).kind;
    const type = (value: string): string => kindOf('https://a.test/x.bin', { 'Content-Type': value });
    expect(['text/html', 'application/xhtml+xml'].map(type)).toEqual(['html', 'html']);
    expect(
      ['text/xml', 'application/rss+xml', 'application/atom+xml', 'application/rdf+xml'].map(type),
    ).toEqual(['xml', 'xml', 'xml', 'xml']);
    expect(['application/json', 'text/plain'].map(type)).toEqual(['json', 'text']);
    expect(kindOf('https://a.test/x.html', { 'Content-Disposition': 'attachment; filename="x.xml"' })).toBe(
      'xml',
    );
    expect(kindOf('https://a.test/feed.json?x', {})).toBe('json');
    expect(kindOf('https://a.test/', {}, '<!DOCTYPE html><p>x')).toBe('html');
    expect(kindOf('https://a.test/', {}, '<?xml version="1.0"?><a/>')).toBe('xml');
    expect(kindOf('https://a.test/', {}, `${'x'.repeat(5000)}\x01`)).toBe('text');
    expect(kindOf('https://a.test/', {}, `${'x'.repeat(4990)}\x01`)).toBe('binary');
    const image = new Response('https://a.test/i.png', {
      headers: { 'Content-Type': 'image/png' },
      body: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1]),
    });
    for (const ask of [() => image.text, () => image.css('p'), () => image.json()])
      expect(ask).toThrow(NotTextError);
  });

  it('bears flags, which the log shows', async () => {
    const server = await rawServer((socket, { target }) => {
      if (target === '/robots.txt') socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it');
    });
    onTestFinished(() => server.close());
    class Flags extends Spider {
      override *start() {
        yield new Request(`${server.origin}/lost`, { meta: { failOnDataLoss: false } });
        yield new Request(`${server.origin}/stopped`, { meta: { cutBodyAt: 4 } });
      }
      override *parse({ url, flags, text }: Response) {
        yield { path: new URL(url).pathname, flags, text };
      }
    }
    const { items, logger } = await runSpider(Flags);
    expect(items).toContainEqual({ path: '/lost', flags: ['partial'], text: 'half of it' });
    expect(items).toContainEqual({ path: '/stopped', flags: ['partial'], text: 'half' });
    const crawled = logger.records.filter(({ message }) => message.startsWith('crawled 200'));
    expect(crawled.map(({ fields }) => fields.flags)).toEqual([['partial'], ['partial']]);
  });

  it('knows the connection that it came by', async () => {
    const { url } = await site({ '/': 'x' });
    class Facts extends Spider {
      override startUrls = [url('/')];
      override *parse({ ipAddress, protocol }: Response) {
        yield { ipAddress, protocol };
      }
    }
    expect((await runSpider(Facts)).items).toEqual([{ ipAddress: '127.0.0.1', protocol: 'http/1.1' }]);
  });
});
