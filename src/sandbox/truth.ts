import { printedPrice, productPath, products } from './catalogue.ts';
import { authors, quotes } from './quotations.ts';

/** A book as the spiders `books` and `products-sitemap` must scrape it. */
export interface ExpectedProduct {
  readonly title: string;
  /** As printed: `£51.77`. */
  readonly price: string;
  /** Copies in stock. */
  readonly availability: number;
  readonly rating: number;
  readonly category: string;
  readonly upc: string;
  /** '' for a book without one. */
  readonly description: string;
  /** Absolute. */
  readonly url: string;
}

/** A quote as the quotes spiders must scrape it. */
export interface ExpectedQuote {
  readonly text: string;
  readonly author: string;
  readonly tags: readonly string[];
}

/** An author as the spider `quotes` must scrape one. */
export interface ExpectedAuthor {
  readonly name: string;
  readonly bornDate: string;
  readonly bornLocation: string;
  readonly description: string;
}

/** All books of the sandbox at `base` (its `url`), by id. */
export function expectedProducts(base: string): readonly ExpectedProduct[] {
  return products().map((product) => ({
    title: product.title,
    price: printedPrice(product.price),
    availability: product.stock,
    rating: product.rating,
    category: product.category,
    upc: product.upc,
    description: product.description,
    url: new URL(productPath(product), base).href,
  }));
}

/** All quotes, in page order. */
export function expectedQuotes(): readonly ExpectedQuote[] {
  return quotes().map(({ text, author, tags }) => ({ text, author: author.name, tags }));
}

/** All authors. */
export function expectedAuthors(): readonly ExpectedAuthor[] {
  return authors().map(({ name, bornDate, bornLocation, description }) => ({
    name,
    bornDate,
    bornLocation,
    description,
  }));
}
