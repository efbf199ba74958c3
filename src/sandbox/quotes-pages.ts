import { type Answer, page } from './answer.ts';
import { type Html, html } from './html.ts';
import { pageCount } from './page-count.ts';
import { type Author, authors, type Quote, quotes, quotesTagged } from './quotations.ts';
import { quotesLayout, quotesPager } from './quotes-layout.ts';

/** Quotes on a page. */
export const QUOTES_PER_PAGE = 10;

/** A page of all quotes, or of those that bear a tag; who is logged in also sees where else an author is found. */
export function quotesPage(tag: string | undefined, number: number, user: string): Answer {
  const list = quotesTagged(tag);
  const base = tag === undefined ? '/quotes' : `/quotes/tag/${tag}`;
  const shown = list.slice((number - 1) * QUOTES_PER_PAGE, number * QUOTES_PER_PAGE);
  const heading =
    tag === undefined ? undefined : html`<h3>Viewing tag: <a href="${base}/page/1/">${tag}</a></h3>`;
  const last = pageCount(list.length, QUOTES_PER_PAGE);
  const content = html`${heading}
<div class="columns">
<div class="col-md-8">
${shown.map((quote) => quoteBox(quote, user !== ''))}${quotesPager((at) => `${base}/page/${at}/`, number, last)}
</div>
<aside class="col-md-4 tags-box">
<h2>Top Ten tags</h2>
${topTags(10).map(([name]) => html`<span class="tag-item"><a class="tag" href="/quotes/tag/${name}/">${name}</a></span>\n`)}</aside>
</div>`;
  return page(quotesLayout(user, content));
}

/** The page of one author. */
export function authorPage({ name, bornDate, bornLocation, description }: Author, user: string): Answer {
  const content = html`<div class="author-details">
<h3 class="author-title">${name}</h3>
<p><strong>Born:</strong> <span class="author-born-date">${bornDate}</span> <span class="author-born-location">${bornLocation}</span></p>
<p><strong>Description:</strong></p>
<div class="author-description">${description}</div>
</div>`;
  return page(quotesLayout(user, content));
}

/** Where the page of an author is on the catalogue of writers that only members are shown. */
export function goodreadsPath({ slug }: Author): string {
  return `/quotes/goodreads/author/show/${authors().findIndex((author) => author.slug === slug) + 1}.${slug}`;
}

/** An author's page on that catalogue. */
export function goodreadsPage(author: Author, user: string): Answer {
  const count = quotes().filter((quote) => quote.author === author).length;
  const content = html`<h1>${author.name}</h1>\n<p class="works">${count} ${count === 1 ? 'quote' : 'quotes'}</p>`;
  return page(quotesLayout(user, content));
}

/** The tags that most quotes bear, with their counts, most first. */
export function topTags(count: number): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const tag of quotes().flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, count);
}

function quoteBox({ text, author, tags }: Quote, member: boolean): Html {
  return html`<div class="quote" itemscope itemtype="http://schema.org/CreativeWork">
<span class="text" itemprop="text">${text}</span>
<span>by <small class="author" itemprop="author">${author.name}</small>
<a href="/quotes/author/${author.slug}">(about)</a>
${member ? html`- <a href="${goodreadsPath(author)}">(Goodreads page)</a>\n` : undefined}</span>
<div class="tags">
Tags:
<meta class="keywords" itemprop="keywords" content="${tags.join(',')}">
${tags.map((tag) => html`<a class="tag" href="/quotes/tag/${tag}/page/1/">${tag}</a>\n`)}</div>
</div>
`;
}
