import { type ArgumentsOf, Request, type Response, Spider } from '../src/api.ts';

const ARGS = {
  base: { default: 'http://127.0.0.1:8000/', description: 'front page of the sandbox (crawl sandbox)' },
} as const;

/** A book as the sandbox's API describes it. */
export interface ApiProduct {
  readonly id: number;
  readonly title: string;
  readonly price: number;
  readonly currency: string;
  readonly tax: number;
  readonly category: string;
  readonly rating: number;
  readonly stock: number;
  readonly reviews: number;
  readonly upc: string;
  readonly description: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  readonly url: string;
  readonly image: string;
}

interface ProductPage {
  readonly products: readonly ApiProduct[];
  /** Address of the next page. */
  readonly next: string | null;
}

/** Every book of the sandbox by its JSON API. */
export default class ProductsApiSpider extends Spider<ApiProduct, ArgumentsOf<typeof ARGS>> {
  static override args: typeof ARGS = ARGS;

  override *start(): Iterable<Request> {
    yield new Request(new URL('api/products?page=1&per_page=50', this.args.base), { dontFilter: true });
  }

  override *parse(response: Response): Iterable<ApiProduct | Request> {
    const { products, next } = response.json<ProductPage>();
    yield* products;
    if (next !== null) yield response.follow(next);
  }
}
