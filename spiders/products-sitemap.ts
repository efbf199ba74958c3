import {
  type ArgumentsOf,
  type Request,
  type Response,
  type SitemapRule,
  SitemapSpider,
} from '../src/api.ts';
import { type Book, bookOn } from './books.ts';

const ARGS = {
  base: { default: 'http://127.0.0.1:8000/', description: 'front page of the sandbox (crawl sandbox)' },
} as const;

/** Every book of the sandbox by its sitemaps, which its robots.txt names. */
export default class ProductsSitemapSpider extends SitemapSpider<Book, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override sitemapRules: readonly SitemapRule[] = [[/\/catalogue\/[^/]+_\d+\/index\.html$/, this.parseBook]];

  override start(): Iterable<Request> {
    return this.sitemapRequests([new URL('robots.txt', this.args.base)]);
  }

  *parseBook(response: Response): Iterable<Book> {
    yield bookOn(response);
  }
}
