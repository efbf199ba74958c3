import { type ArgumentsOf, CrawlSpider, Request, type Response, type Rule } from '../src/api.ts';
import { type Book, bookOn } from './books.ts';

const ARGS = {
  base: { default: 'https://books.toscrape.com/', description: 'front page of the shop' },
} as const;

/** A book, and the page of its category that led to it. */
export interface ShelvedBook extends Book {
  readonly shelf: string;
}

/** Every book of Books to Scrape, or of the sandbox (`-a base=http://127.0.0.1:8000/`), by the shop's categories. */
export default class BooksByCategorySpider extends CrawlSpider<ShelvedBook, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override rules: readonly Rule[] = [
    { linkExtractor: { allow: /\/category\/books\//, restrictCss: ['.side_categories', '.next'] } },
    {
      linkExtractor: { restrictCss: 'article.product_pod h3' },
      callback: this.parseBook,
      processRequest: (request, page) =>
        // The front page lists all books, of any category.
        page.url.includes('/category/') ? request.replace({ cbKwargs: { shelf: page.url } }) : undefined,
    },
  ];

  override *start(): Iterable<Request> {
    yield new Request(this.args.base, { dontFilter: true });
  }

  *parseBook(response: Response, { shelf }: { shelf: string }): Iterable<ShelvedBook> {
    yield { ...bookOn(response), shelf };
  }
}
