import { Crawler, crawl, Request, type Response, Spider } from '../../src/index.ts';
import { testSpider } from '../../src/testing/index.ts';

// What callbacks are inferred to give must not be taken for the items.
interface Book {
  title: string;
}

class Starts extends Spider<Book> {
  override *start() {
    yield new Request('http://a.test/');
  }
  override *parse(response: Response): Iterable<Book> {
    yield { title: response.url };
  }
}
class StartsAsync extends Spider<Book> {
  override async *start() {
    yield new Request('http://a.test/');
  }
  override async *parse(response: Response) {
    yield { title: response.url };
    yield new Request('http://a.test/2');
  }
}
class None extends Spider<Book> {
  override *parse(response: Response) {
    yield { title: response.url };
  }
}
class Plain extends Spider {
  override *start() {
    yield new Request('http://a.test/');
  }
}
export const a: Crawler<Book> = new Crawler(Starts);
export const b: Crawler<Book> = new Crawler(StartsAsync);
export const c: Crawler<Book> = new Crawler(None);
export const d: Crawler = new Crawler(Plain);
export const e: AsyncIterable<Book> = crawl(Starts);
export const f = testSpider(Starts, {});
// @ts-expect-error Type 'Crawler<Book,
export const g: Crawler<{ name: string }> = new Crawler(Starts);
