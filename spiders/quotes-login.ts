import { type ArgumentsOf, Request, type Response, Spider } from '../src/api.ts';

const ARGS = {
  base: {
    default: 'https://quotes.toscrape.com/',
    description: 'first page of the quotes, with its slash at the end',
  },
  username: { default: 'orbweaver', description: 'any name will do' },
  password: { default: 'practice', secret: true, description: 'any password will do' },
} as const;

/** A quote with what only members see. */
export interface MemberQuote {
  readonly text: string;
  readonly author: string;
  /** The author's page on Goodreads, or on the sandbox's likeness of it. */
  readonly goodreads: string;
}

/**
 * Logs in to Quotes to Scrape, or to the sandbox (`-a base=http://127.0.0.1:8000/quotes/`), and takes what
 * members see.
 */
export default class QuotesLoginSpider extends Spider<MemberQuote, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override *start(): Iterable<Request> {
    yield new Request(new URL('login', this.args.base), { dontFilter: true });
  }

  override *parse(response: Response): Iterable<Request> {
    const { username, password } = this.args;
    yield response.submitForm({
      formCss: 'input[name=password]',
      formData: { username, password },
      callback: this.parseWelcome,
      dontFilter: true,
    });
  }

  *parseWelcome(response: Response): Iterable<MemberQuote | Request> {
    if (response.css('a[href$="/logout"]').length === 0) throw new Error(`${response.url}: the login failed`);
    yield* this.parseQuotes(response);
  }

  *parseQuotes(response: Response): Iterable<MemberQuote | Request> {
    for (const quote of response.css('div.quote')) {
      yield {
        text: quote.css('span.text::text').get() ?? '',
        author: quote.css('small.author::text').get() ?? '',
        goodreads: response.urlJoin(quote.css('a[href*="goodreads"]::attr(href)').get() ?? ''),
      };
    }
    yield* response.followAll('li.next a', { callback: this.parseQuotes });
  }
}
