import type { Answer } from './answer.ts';
import { type Category, categoryPath, products } from './catalogue.ts';
import { html } from './html.ts';
import { listingPage } from './listing-page.ts';
import { SITE_NAME } from './shop-layout.ts';

const WELCOME = html`<div class="alert" id="welcome">
<p>Welcome. This is a practice site for crawlers, served from your own machine by the Orbweaver framework: 1,000 invented books in 50 categories on 50 pages, <a href="/quotes/">100 quotes</a> with a login and pages that need JavaScript, a <a href="/search">search form</a>, a JSON API, a <a href="/sitemap.xml">sitemap</a>, and corners that are slow or fail. <a href="/about.html">What is where</a>.</p>
</div>`;

/** The shop's front: the first books, and what this site is. */
export function frontPage(): Answer {
  const pathOf = (page: number) => (page === 1 ? '/index.html' : `/catalogue/page-${page}.html`);
  const heading = 'All products';
  return listingPage({ pathOf, heading, title: SITE_NAME, products: products(), introduction: WELCOME }, 1);
}

/** A page of the list of every book. */
export function cataloguePage(number: number): Answer {
  const pathOf = (page: number) => `/catalogue/page-${page}.html`;
  const heading = 'All products';
  return listingPage({ pathOf, heading, title: heading, products: products() }, number);
}

/** A page of the category that holds every book. */
export function booksPage(number: number): Answer {
  const pathOf = (page: number) =>
    `/catalogue/category/books_1/${page === 1 ? 'index' : `page-${page}`}.html`;
  return listingPage({ pathOf, heading: 'Books', title: 'Books', products: products() }, number);
}

/** A page of one category. */
export function categoryPage(category: Category, number: number): Answer {
  const { name } = category;
  const pathOf = (page: number) => categoryPath(category, page);
  return listingPage({ pathOf, heading: name, title: name, products: category.products, category }, number);
}
