import { type ArgumentsOf, Request, type Response, Spider } from '../src/api.ts';

const ARGS = {
  base: {
    default: 'https://quotes.toscrape.com/',
    description: 'first page of the quotes, with its slash at the end',
  },
  authors: { type: 'boolean', default: false, description: 'also the pages of the authors' },
} as const;

/** Something that was said. */
export interface Quote {
  readonly text: string;
  readonly author: string;
  readonly tags: readonly string[];
}

/** Who said it. */
export interface Author {
  readonly name: string;
  /** As printed. */
  readonly bornDate: string;
  /** As printed. */
  readonly bornLocation: string;
  readonly description: string;
}

/** Every quote of Quotes to Scrape, or of the sandbox (`-a base=http://127.0.0.1:8000/quotes/`). */
export default class QuotesSpider extends Spider<Quote | Author, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override *start(): Iterable<Request> {
    yield new Request(this.args.base, { dontFilter: true });
  }

  override *parse(response: Response): Iterable<Quote | Request> {
    for (const quote of response.css('div.quote')) {
      yield {
        text: quote.css('span.text::text').get() ?? '',
        author: quote.css('small.author::text').get() ?? '',
        tags: quote.css('div.tags a.tag::text').getAll(),
      };
    }
    if (this.args.authors) yield* response.followAll('small.author + a', { callback: this.parseAuthor });
    yield* response.followAll('li.next a');
  }

  *parseAuthor(response: Response): Iterable<Author> {
    yield authorOn(response);
  }
}

/** The author that a page tells of. */
export function authorOn(response: Response): Author {
  const text = (query: string) => (response.css(`${query}::text`).get() ?? '').trim();
  return {
    name: text('.author-title'),
    bornDate: text('.author-born-date'),
    bornLocation: text('.author-born-location'),
    description: text('.author-description'),
  };
}
