import { type Answer, page } from './answer.ts';
import { type Category, categories, categoryPath, type Product } from './catalogue.ts';
import { type Content, type Html, html } from './html.ts';
import { pageCount } from './page-count.ts';
import { productPod } from './product-pod.ts';
import { relativeLink } from './relative-link.ts';
import { breadcrumb, shopLayout } from './shop-layout.ts';

/** Books on a page. */
export const PAGE_SIZE = 20;

/** A list of books that is cut into pages. */
export interface Listing {
  /** Where one of its pages is. */
  pathOf(page: number): string;
  readonly heading: string;
  readonly title: string;
  readonly products: readonly Product[];
  /** What stands above the books of its first page. */
  readonly introduction?: Content;
  /** The category whose entry is marked at the side. */
  readonly category?: Category;
}

/** One page of a list, from 1 to its page count. */
export function listingPage(listing: Listing, number: number): Answer {
  const { pathOf, heading, title, products: all, introduction, category } = listing;
  const path = pathOf(number);
  const first = (number - 1) * PAGE_SIZE;
  const shown = all.slice(first, first + PAGE_SIZE);
  const crumbs: [string, string][] = [['Home', '/index.html']];
  if (category) crumbs.push(['Books', '/catalogue/category/books_1/index.html']);
  const content = html`${breadcrumb(path, crumbs, heading)}
<div class="columns">
${sidebar(path, category)}
<div>
<div class="page-header action"><h1>${heading}</h1></div>
${number === 1 ? introduction : undefined}
<form method="get" class="form-horizontal"><strong>${all.length}</strong> results${
    all.length > PAGE_SIZE
      ? html` - showing <strong>${first + 1}</strong> to <strong>${first + shown.length}</strong>`
      : undefined
  }.</form>
<section>
<ol class="row">
${shown.map((product) => productPod(path, product))}</ol>
${pager(path, pathOf, number, pageCount(all.length, PAGE_SIZE))}
</section>
</div>
</div>`;
  return page(shopLayout(path, title, content));
}

function sidebar(path: string, current: Category | undefined): Html {
  return html`<aside class="sidebar col-sm-4 col-md-3">
<div class="side_categories">
<ul class="nav nav-list">
<li><a href="${relativeLink(path, '/catalogue/category/books_1/index.html')}">Books</a>
<ul>
${categories().map((category) => {
  const href = relativeLink(path, categoryPath(category));
  return html`<li><a href="${href}">${category === current ? html`<strong>${category.name}</strong>` : category.name}</a></li>\n`;
})}</ul>
</li>
</ul>
</div>
</aside>`;
}

function pager(
  path: string,
  pathOf: (page: number) => string,
  number: number,
  last: number,
): Html | undefined {
  if (last === 1) return undefined;
  const step = (name: string, to: number) =>
    to >= 1 && to <= last
      ? html`<li class="${name}"><a href="${relativeLink(path, pathOf(to))}">${name}</a></li>\n`
      : undefined;
  return html`<div><ul class="pager">
${step('previous', number - 1)}<li class="current">Page ${number} of ${last}</li>
${step('next', number + 1)}</ul></div>`;
}
