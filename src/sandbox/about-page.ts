import { type Answer, page } from './answer.ts';
import { html } from './html.ts';
import { breadcrumb, shopLayout } from './shop-layout.ts';

const PATH = '/about.html';

// What would lead a crawler astray on purpose is named, not linked.
const PLACES: readonly (readonly [string, string | undefined, string])[] = [
  ['/', '/', 'the shop: 1,000 books, 20 on a page, laid out as on Books to Scrape'],
  ['/catalogue/category/books_1/', '/catalogue/category/books_1/index.html', 'the same by category'],
  ['/search?q=', '/search', 'a search form with results'],
  ['/api/products?page=1&per_page=50', '/api/products?page=1&per_page=50', 'the books as JSON, page by page'],
  ['/sitemap.xml', '/sitemap.xml', 'a sitemap index; one of its sitemaps is gzipped'],
  ['/robots.txt', '/robots.txt', 'allows all but /private/'],
  ['/private/', '/private/', 'forbidden by robots.txt: a polite crawler never comes'],
  ['/quotes/', '/quotes/', '100 quotes with authors and tags, laid out as on Quotes to Scrape'],
  ['/quotes/js/', '/quotes/js/', 'the same, written by JavaScript from data in the page'],
  ['/quotes/scroll', '/quotes/scroll', 'the same, loaded while you scroll'],
  ['/quotes/api/quotes?page=1', '/quotes/api/quotes?page=1', 'what that page loads'],
  ['/quotes/login', '/quotes/login', 'a login with a CSRF token; any name and password will do'],
  ['/quotes/search.aspx', '/quotes/search.aspx', 'a form in two steps with a view state'],
  ['/slow?ms=2000', undefined, 'answers late, by 10 seconds at most'],
  ['/flaky?key=me', undefined, '503 with Retry-After at the first visit of each key, then 200'],
  ['/status/418', undefined, 'answers with that status'],
  ['/gone', undefined, '410'],
  ['/redirect/3', undefined, 'so many redirects, then a page'],
  ['/redirect-loop', undefined, 'redirects without end'],
];

/** What is where. */
export function aboutPage(): Answer {
  const content = html`${breadcrumb(PATH, [['Home', '/index.html']], 'About')}
<h1>What is where</h1>
<p>Everything is made by a generator that always gives the same: what a crawl must find here is known in advance. Nothing leaves your machine.</p>
<table class="table">
${PLACES.map(
  ([name, href, what]) =>
    html`<tr><td>${href === undefined ? html`<code>${name}</code>` : html`<a href="${href}">${name}</a>`}</td><td>${what}</td></tr>\n`,
)}</table>`;
  return page(shopLayout(PATH, 'About', content));
}
