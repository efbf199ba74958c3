import { gunzipSync } from 'node:zlib';
import { type ArgumentsOf, Request, type Response, Spider } from '../src/api.ts';
import { type Book, bookOn } from './books.ts';

const ARGS = {
  base: { default: 'http://127.0.0.1:8000/', description: 'front page of the sandbox (crawl sandbox)' },
} as const;

const LARGEST_SITEMAP_BYTES = 50 * 1024 * 1024;
const BOOK_PAGE = /\/catalogue\/[^/]+_\d+\/index\.html$/;

/** Every book of the sandbox by its sitemaps. */
export default class ProductsSitemapSpider extends Spider<Book, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override *start(): Iterable<Request> {
    yield new Request(new URL('sitemap.xml', this.args.base), { dontFilter: true });
  }

  override *parse(response: Response): Iterable<Request> {
    const sitemap = response.url.endsWith('.gz') ? unpacked(response) : response;
    yield* sitemap.followAll(sitemap.css('sitemap > loc::text').getAll());
    const pages = sitemap.css('url > loc::text').getAll();
    yield* sitemap.followAll(
      pages.filter((url) => BOOK_PAGE.test(url)),
      { callback: this.parseBook },
    );
  }

  *parseBook(response: Response): Iterable<Book> {
    yield bookOn(response);
  }
}

function unpacked(response: Response): Response {
  const body = gunzipSync(response.body, { maxOutputLength: LARGEST_SITEMAP_BYTES });
  return response.replace({ body, headers: { 'content-type': 'application/xml' } });
}
