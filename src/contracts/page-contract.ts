import type { ItemRecord } from '../values/item.ts';
import type { Request, RequestOptions } from '../values/request.ts';
import type { RequestMeta } from '../values/request-meta.ts';
import type { Response } from '../values/response.ts';

/** How many: exactly so many, or at least the first and at most the second. */
export type ContractCount = number | readonly [least: number, most?: number];

/** What a callback made of the page of a contract. */
export interface ContractOutcome {
  readonly response: Response;
  readonly items: readonly ItemRecord[];
  readonly requests: readonly Request[];
}

/**
 * A rule of one's own. Gives what is wrong as a text, or throws, as `assert` does; nothing means that it holds. A rule
 * is named in reports by the function's name.
 */
export type ContractCheck = (
  outcome: ContractOutcome,
) => string | undefined | void | Promise<string | undefined | void>;

/** What a page gives as long as the site is as the callback expects it; `crawl check` asks. Scrapy's contracts. */
export interface PageContract {
  /** The page. */
  readonly url: string;
  /** Second argument of the callback. */
  readonly cbKwargs?: unknown;
  /** The request's `meta`. */
  readonly meta?: RequestMeta;
  /** Whatever else the request has: `method`, `headers`, `json`. */
  readonly request?: Omit<RequestOptions, 'callback' | 'errback' | 'cbKwargs' | 'meta'>;
  /** How much the callback gives. @defaultValue anything, also nothing */
  readonly returns?: { readonly items?: ContractCount; readonly requests?: ContractCount };
  /**
   * Fields that each item has: `undefined`, `null` and an empty text count as missing. There must be an item, unless
   * `returns.items` allows none.
   */
  readonly scrapes?: readonly string[];
  /** Rules of one's own. */
  readonly checks?: readonly ContractCheck[];
}

/** Contracts by the name of the callback that they are about. */
export type Contracts = Readonly<Record<string, PageContract | readonly PageContract[]>>;

/** Contracts whose names are methods of a spider: `static contracts: ContractsOf<BooksSpider> = { … }`. */
export type ContractsOf<Self> = {
  readonly [Name in keyof Self as Self[Name] extends (response: never, args: never) => unknown
    ? Name
    : never]?: PageContract | readonly PageContract[];
};
