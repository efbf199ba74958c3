import { type ArgumentsOf, Crawler, crawl, type ItemRecord, Spider } from '../../src/index.ts';

const ARGS = {
  category: { description: 'which shelf' },
  limit: { type: 'number', default: 5 },
  fast: { type: 'boolean', optional: true },
  tags: { type: 'list', default: [] },
} as const;

export class BooksSpider extends Spider<ItemRecord, ArgumentsOf<typeof ARGS>> {
  static override args = ARGS;

  override *parse() {
    const { category, limit, fast, tags } = this.args;
    yield { category: category.trim(), limit: limit + 1, fast: fast === true, tags: tags.join() };
    // @ts-expect-error Property 'limt' does not exist
    yield { limit: this.args.limt };
    // @ts-expect-error Type 'number' is not assignable to type 'string'
    const text: string = this.args.limit;
    // @ts-expect-error Type 'boolean | undefined' is not assignable to type 'boolean'
    const flag: boolean = this.args.fast;
    yield { text, flag };
  }
}

export class AnySpider extends Spider {
  override *parse() {
    // @ts-expect-error Object is of type 'unknown'
    yield { page: this.args.page + 1 };
    yield { page: String(this.args.page) };
  }
}

// @ts-expect-error Type '"integer"' is not assignable to type '"string" | "number" | "boolean" | "list"
export class WrongTable extends Spider {
  static override args = { limit: { type: 'integer' } } as const;
}

export const right = crawl(BooksSpider, { args: { category: 'poetry', limit: 3 } });
export const free = crawl(AnySpider, { args: { whatever: '1' } });
// @ts-expect-error Type 'string' is not assignable to type 'number'
export const wrongValue = crawl(BooksSpider, { args: { limit: '3' } });
// @ts-expect-error 'limt' does not exist in type
export const wrongName = new Crawler(BooksSpider, { args: { limt: 3 } });
