import { type ArgumentsOf, Request, type Response, Spider } from '../src/api.ts';

const ARGS = {
  base: { default: 'https://books.toscrape.com/', description: 'front page of the shop' },
} as const;

const RATINGS = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five'];

/** A book of the shop. */
export interface Book {
  readonly title: string;
  /** As printed. */
  readonly price: string;
  /** Copies in stock. */
  readonly availability: number;
  /** 1 to 5 stars. */
  readonly rating: number;
  readonly category: string;
  readonly upc: string;
  readonly description: string;
  readonly url: string;
}

/** Every book of Books to Scrape, or of the sandbox (`-a base=http://127.0.0.1:8000/`), by its list of all products. */
export default class BooksSpider extends Spider<Book, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override *start(): Iterable<Request> {
    yield new Request(this.args.base, { dontFilter: true });
  }

  override *parse(response: Response): Iterable<Request> {
    yield* response.followAll('article.product_pod h3 a', { callback: this.parseBook });
    yield* response.followAll('li.next a');
  }

  *parseBook(response: Response): Iterable<Book> {
    yield bookOn(response);
  }
}

/** The book that a product page shows. */
export function bookOn(response: Response): Book {
  const main = response.css('.product_main');
  const available = main.css('.availability').re(/\((\d+) available\)/);
  const stars = main.css('.star-rating::attr(class)').get() ?? '';
  return {
    title: main.css('h1::text').get() ?? '',
    price: main.css('.price_color::text').get() ?? '',
    availability: Number(available[0] ?? 0),
    rating: RATINGS.indexOf(stars.split(' ').at(-1) ?? ''),
    category: response.css('.breadcrumb li:nth-child(3) a::text').get() ?? '',
    upc: response.xpath('//th[.="UPC"]/following-sibling::td/text()').get() ?? '',
    description: response.css('#product_description + p::text').get() ?? '',
    url: response.url,
  };
}
