import { aboutPage } from './about-page.ts';
import { type Answer, redirectTo } from './answer.ts';
import { categories, categoryPath, productPath, products } from './catalogue.ts';
import { cover } from './cover.ts';
import { PAGE_SIZE } from './listing-page.ts';
import { pageCount } from './page-count.ts';
import { productPage } from './product-page.ts';
import { coverPath } from './product-pod.ts';
import { authors, quotes, quotesTagged } from './quotations.ts';
import { authorPage, goodreadsPage, goodreadsPath, QUOTES_PER_PAGE, quotesPage } from './quotes-pages.ts';
import { scriptedQuotesPage, scrollingQuotesPage } from './quotes-script-pages.ts';
import { booksPage, cataloguePage, categoryPage, frontPage } from './shop-lists.ts';
import { STYLESHEET } from './stylesheet.ts';
import { TAGS } from './vocabulary.ts';

/** Makes a page; `user` is who is logged in, or ''. */
export type FixedPage = (user: string) => Answer;

/** Every page whose content depends on nothing but its path and who is logged in, by path. */
export function fixedPages(): ReadonlyMap<string, FixedPage> {
  return new Map([...shopPages(), ...quotesPages()]);
}

function* shopPages(): Iterable<[string, FixedPage]> {
  yield ['/', frontPage];
  yield ['/index.html', frontPage];
  yield ['/about.html', aboutPage];
  yield ['/static/style.css', () => ({ type: 'text/css; charset=utf-8', body: STYLESHEET })];
  for (const number of pages(products().length, PAGE_SIZE)) {
    yield [`/catalogue/page-${number}.html`, () => cataloguePage(number)];
    const file = number === 1 ? 'index' : `page-${number}`;
    yield [`/catalogue/category/books_1/${file}.html`, () => booksPage(number)];
  }
  for (const category of categories()) {
    for (const number of pages(category.products.length, PAGE_SIZE)) {
      yield [categoryPath(category, number), () => categoryPage(category, number)];
    }
  }
  for (const product of products()) {
    yield [productPath(product), () => productPage(product)];
    yield [coverPath(product), () => ({ type: 'image/png', body: cover(product.id) })];
  }
}

function* quotesPages(): Iterable<[string, FixedPage]> {
  yield ['/quotes', () => redirectTo('/quotes/', 301)];
  yield ['/quotes/', (user) => quotesPage(undefined, 1, user)];
  yield ['/quotes/js/', () => scriptedQuotesPage(1)];
  yield ['/quotes/scroll', scrollingQuotesPage];
  yield ['/quotes/search', () => redirectTo('/quotes/search.aspx', 301)];
  for (const number of pages(quotes().length, QUOTES_PER_PAGE)) {
    yield [`/quotes/page/${number}/`, (user) => quotesPage(undefined, number, user)];
    yield [`/quotes/js/page/${number}/`, () => scriptedQuotesPage(number)];
  }
  for (const tag of TAGS) {
    yield [`/quotes/tag/${tag}/`, (user) => quotesPage(tag, 1, user)];
    for (const number of pages(quotesTagged(tag).length, QUOTES_PER_PAGE)) {
      yield [`/quotes/tag/${tag}/page/${number}/`, (user) => quotesPage(tag, number, user)];
    }
  }
  for (const author of authors()) {
    const path = `/quotes/author/${author.slug}`;
    yield [path, () => redirectTo(`${path}/`, 301)];
    yield [`${path}/`, (user) => authorPage(author, user)];
    yield [goodreadsPath(author), (user) => goodreadsPage(author, user)];
  }
}

function pages(things: number, size: number): readonly number[] {
  return Array.from({ length: pageCount(things, size) }, (_, index) => index + 1);
}
