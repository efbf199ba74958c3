import { describe, expect, it } from 'vitest';
import { attachSpider, isSpiderClass, Spider } from '../../../src/spider/spider.ts';
import { Response } from '../../../src/values/response.ts';

class BooksSpider extends Spider {
  override startUrls = ['http://site.test/1', 'http://site.test/2'];
}

describe('Spider', () => {
  it('starts with its startUrls, past the duplicate filter', () => {
    const requests = [...(new BooksSpider().start() as Iterable<{ url: string; dontFilter: boolean }>)];
    expect(requests.map(({ url, dontFilter }) => [url, dontFilter])).toEqual([
      ['http://site.test/1', true],
      ['http://site.test/2', true],
    ]);
  });

  it('takes the good addresses of startUrls, and names the others', () => {
    const spider = new BooksSpider();
    spider.startUrls = ['nowhere', 'http://site.test/1'];
    const seen: string[] = [];
    expect(() => {
      for (const { url } of spider.start() as Iterable<{ url: string }>) seen.push(url);
    }).toThrow('startUrls[0]: "nowhere" is not an absolute URL');
    expect(seen).toEqual(['http://site.test/1']);
    spider.startUrls = 'http://site.test/' as never;
    expect(() => [...(spider.start() as Iterable<unknown>)]).toThrow('startUrls is a list');
  });

  it('is known by its brand, as a class', () => {
    expect(isSpiderClass(BooksSpider)).toBe(true);
    expect(isSpiderClass(class {})).toBe(false);
    expect(isSpiderClass(new BooksSpider())).toBe(false);
  });

  it('says what it cannot do before the crawl runs', () => {
    expect(() => new BooksSpider().stats).toThrow('this.stats works once the crawl runs');
    expect(() => new BooksSpider().parse(new Response('http://site.test/'))).toThrow('has no parse()');
  });

  it('has no arguments in a field: none are known there, and none would look like an empty one', () => {
    class ShelfSpider extends Spider {
      override startUrls = [`http://site.test/${this.args.shelf}`];
    }
    expect(() => new ShelfSpider()).toThrow(
      'this.args works once the crawl runs, not in the constructor or a field',
    );
  });

  it('has name and arguments once it is attached', () => {
    const spider = new BooksSpider();
    attachSpider(spider, { name: 'books', args: { shelf: 'a' }, state: {}, runtime: {} as never });
    expect([spider.name, spider.args]).toEqual(['books', { shelf: 'a' }]);
  });
});
