import { type ArgumentsOf, Request, type Response, Spider } from '../src/api.ts';
import { type Author, authorOn } from './quotes.ts';

const ARGS = {
  base: {
    default: 'https://quotes.toscrape.com/',
    description: 'first page of the quotes, with its slash at the end',
  },
} as const;

/**
 * Every author of Quotes to Scrape, or of the sandbox (`-a base=http://127.0.0.1:8000/quotes/`), once: many quotes lead
 * to the same author, and the duplicate filter lets each page through one time.
 */
export default class AuthorsSpider extends Spider<Author, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override *start(): Iterable<Request> {
    yield new Request(this.args.base, { dontFilter: true });
  }

  override *parse(response: Response): Iterable<Request> {
    yield* response.followAll('small.author + a', { callback: this.parseAuthor });
    yield* response.followAll('li.next a');
  }

  *parseAuthor(response: Response): Iterable<Author> {
    yield authorOn(response);
  }
}
