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

  it('refuses pipelines that are no list of functions, or not those of the class', () => {
    class Mine {}
    const withPipelines = (pipelines: unknown): object =>
      new (class extends Spider {
        static override pipelines = pipelines as never;
      })();
    expect(() => checkSpider(withPipelines({ 'x.Mine': 300 }), 'books')).toThrow(
      'spider books: pipelines must be a list of functions that make components',
    );
    expect(() => checkSpider(withPipelines([Mine]), 'books')).toThrow('write () => new Mine()');
    expect(() => checkSpider(withField('pipelines', []), 'books')).toThrow('write static pipelines = [');
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
