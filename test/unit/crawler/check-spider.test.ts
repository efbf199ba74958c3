import { describe, expect, it } from 'vitest';
import { checkSpider } from '../../../src/crawler/check-spider.ts';
import { CrawlSpider, Spider } from '../../../src/index.ts';

/** A spider with members that the types would refuse. */
const withMembers = (base: typeof Spider, prepare: (spider: object) => object): object =>
  prepare(new (class BooksSpider extends (base as new () => Spider) {})());
const withField = (name: string, value: unknown): object =>
  withMembers(Spider, (spider) => Object.defineProperty(spider, name, { value, enumerable: true }));

describe('checkSpider', () => {
  it('takes spiders that set no name', () => {
    for (const base of [Spider, CrawlSpider as typeof Spider])
      expect(() =>
        checkSpider(
          withMembers(base, (spider) => spider),
          'books',
        ),
      ).not.toThrow();
  });

  it("says ours for Scrapy's members", () => {
    expect(() => checkSpider(withField('start_urls', []), 'books')).toThrow(
      'spider books: start_urls is startUrls here',
    );
  });

  it('refuses a name, as a field, a getter or static, and says what to write', () => {
    class Getter extends Spider {
      override get name(): string {
        return 'other';
      }
    }
    class Static extends Spider {}
    Object.defineProperty(Static, 'name', { value: 'other', enumerable: true });
    for (const spider of [withField('name', 'other'), new Getter(), new Static()]) {
      expect(() => checkSpider(spider, 'books')).toThrow("write static spiderName = '…' instead of name");
    }
  });
});
