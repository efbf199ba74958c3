import { type ArgumentsOf, Request, type Response, Spider } from '../src/api.ts';
import type { Quote } from './quotes.ts';

const ARGS = {
  base: {
    default: 'https://quotes.toscrape.com/',
    description: 'first page of the quotes, with its slash at the end',
  },
} as const;

interface QuotePage {
  readonly has_next: boolean;
  readonly page: number;
  readonly quotes: readonly {
    readonly text: string;
    readonly author: { readonly name: string };
    readonly tags: readonly string[];
  }[];
}

/** The same quotes by the JSON behind the page that loads while one scrolls. */
export default class QuotesApiSpider extends Spider<Quote, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override *start(): Iterable<Request> {
    yield new Request(new URL('api/quotes?page=1', this.args.base), { dontFilter: true });
  }

  override *parse(response: Response): Iterable<Quote | Request> {
    const { quotes, has_next: hasNext, page } = response.json<QuotePage>();
    for (const { text, author, tags } of quotes) yield { text, author: author.name, tags };
    if (hasNext) yield response.follow(`?page=${page + 1}`);
  }
}
