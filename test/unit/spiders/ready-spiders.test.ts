import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import BooksSpider, { type Book } from '../../../spiders/books.ts';
import ProductsApiSpider, { type ApiProduct } from '../../../spiders/products-api.ts';
import QuotesSpider, { type Author, type Quote } from '../../../spiders/quotes.ts';
import QuotesApiSpider from '../../../spiders/quotes-api.ts';
import QuotesLoginSpider, { type MemberQuote } from '../../../spiders/quotes-login.ts';
import { products } from '../../../src/sandbox/catalogue.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox-server.ts';
import { expectedAuthors, expectedProducts, expectedQuotes } from '../../../src/sandbox/truth.ts';
import { runSpider } from './run-spider.ts';

let sandbox: Sandbox;
let base: string;
let quotesBase: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  base = sandbox.url;
  quotesBase = `${base}quotes/`;
});
afterAll(() => sandbox.close());

const byUrl = (books: readonly Book[]) => [...books].sort((a, b) => (a.url < b.url ? -1 : 1));
const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();

// Those that need an engine are in test/integration/spider-kinds.test.ts.
describe('the ready spiders on the sandbox', () => {
  it('books finds every book as it is', async () => {
    expect(byUrl(await runSpider<Book>(BooksSpider, { base }))).toEqual(byUrl(expectedProducts(base)));
  });

  it('products-api finds every book with all that the shop knows of it', async () => {
    const found = await runSpider<ApiProduct>(ProductsApiSpider, { base });
    expect(found).toMatchObject(products());
    expect(found.map(({ url }) => url)).toEqual(expectedProducts(base).map(({ url }) => url));
  });

  it('quotes finds every quote', async () => {
    expect(await runSpider<Quote | Author>(QuotesSpider, { base: quotesBase })).toEqual(expectedQuotes());
  });

  it('quotes finds every author too when asked', async () => {
    const found = await runSpider<Quote | Author>(QuotesSpider, { base: quotesBase, authors: true });
    expect(sorted(found)).toEqual(sorted([...expectedQuotes(), ...expectedAuthors()]));
  });

  it('quotes-api finds every quote', async () => {
    expect(await runSpider<Quote>(QuotesApiSpider, { base: quotesBase })).toEqual(expectedQuotes());
  });

  it('quotes-login finds on every quote what only members see', async () => {
    const found = await runSpider<MemberQuote>(QuotesLoginSpider, { base: quotesBase });
    expect(found).toMatchObject(expectedQuotes().map(({ text, author }) => ({ text, author })));
    expect(found.every(({ goodreads }) => goodreads.startsWith(`${quotesBase}goodreads/`))).toBe(true);
  });

  it('leaves alone what robots.txt forbids', () => {
    expect([...sandbox.hits.keys()].filter((path) => path.startsWith('/private'))).toEqual([]);
  });
});
