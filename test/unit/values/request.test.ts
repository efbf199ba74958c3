import { describe, expect, it } from 'vitest';
import { HeaderMap } from '../../../src/values/header-map.ts';
import { isRequest, Request } from '../../../src/values/request.ts';

describe('Request', () => {
  it('has an absolute, escaped URL and GET', () => {
    const request = new Request('HTTP://Site.test/a b?q=é#f');
    expect(request.url).toBe('http://site.test/a%20b?q=%C3%A9#f');
    expect([request.method, request.body, request.priority, request.dontFilter]).toEqual([
      'GET',
      undefined,
      0,
      false,
    ]);
  });

  it('sends forms in the body, or with GET in the query', () => {
    const post = new Request('http://site.test/', { formData: { a: 1, b: ['x', 'y z'] } });
    expect([post.method, String(post.body), post.headers.get('content-type')]).toEqual([
      'POST',
      'a=1&b=x&b=y+z',
      'application/x-www-form-urlencoded',
    ]);
    expect(new Request('http://site.test/?old=1', { method: 'GET', formData: { q: 'a&b' } }).url).toBe(
      'http://site.test/?q=a%26b',
    );
  });

  it('sends JSON', () => {
    const request = new Request('http://site.test/', { json: { a: [1] } });
    expect([request.method, String(request.body)]).toEqual(['POST', '{"a":[1]}']);
    expect(request.headers.get('Content-Type')).toBe('application/json');
  });

  it.each([
    ['/relative', 'response.follow()'],
    ['', 'is not an absolute URL'],
    ['http://[bad', 'is not a valid URL'],
  ])('refuses %j', (url, message) => {
    expect(() => new Request(url)).toThrow(message);
  });

  it.each([
    [{ priority: Number.NaN }, 'priority must be a finite number'],
    [{ method: 'GET /' }, 'is not an HTTP method'],
    [{ callback: (() => () => {})() }, 'callback must be a method of the spider'],
    [{ callback: function parse() {}.bind(null) }, 'needs no bind()'],
    [{ errback: 5 }, 'errback must be a method of the spider'],
    [{ dont_filter: true }, 'a request has no option "dont_filter": did you mean dontFilter?'],
    [{ data: { a: 1 } }, 'did you mean json?'],
  ])('refuses %o', (options, message) => {
    expect(() => new Request('http://site.test/', options as never)).toThrow(message);
  });

  it('makes changed copies that share no parts', () => {
    const first = new Request('http://site.test/', { headers: { A: '1' }, meta: { depth: 2 }, priority: 5 });
    const second = first.replace({ url: 'http://site.test/2', priority: 7 });
    second.headers.set('A', '2');
    second.meta.depth = 9;
    expect([first.url, first.headers.get('a'), first.meta.depth, first.priority]).toEqual([
      'http://site.test/',
      '1',
      2,
      5,
    ]);
    expect([second.url, second.priority]).toEqual(['http://site.test/2', 7]);
    expect(first.replace({ body: undefined }).body).toBeUndefined();
  });

  it('is known by its brand', () => {
    expect(isRequest(new Request('http://site.test/'))).toBe(true);
    expect(isRequest({ url: 'http://site.test/' })).toBe(false);
  });
});

describe('HeaderMap', () => {
  it('ignores case and keeps every value', () => {
    const headers = new HeaderMap([
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    expect(headers.getAll('SET-COOKIE')).toEqual(['a=1', 'b=2']);
    expect(headers.get('set-cookie')).toBe('b=2');
    expect([...headers]).toEqual([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]);
  });

  it('keeps a header from being sent, whoever sets a default', () => {
    const headers = new HeaderMap({ Accept: null });
    headers.setDefault('accept', '*/*');
    expect(headers.has('accept')).toBe(true);
    expect([...headers]).toEqual([]);
  });

  it('copies without sharing', () => {
    const first = new HeaderMap({ A: '1' });
    const second = new HeaderMap(first);
    second.append('a', '2');
    expect(second.delete('nothing')).toBe(false);
    expect(first.getAll('a')).toEqual(['1']);
    expect(new HeaderMap().size).toBe(0);
  });
});
