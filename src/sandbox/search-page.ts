import { type Answer, page, type Visit } from './answer.ts';
import { type Product, products } from './catalogue.ts';
import { html } from './html.ts';
import { listingPage, PAGE_SIZE } from './listing-page.ts';
import { pageCount } from './page-count.ts';
import { pageNumber } from './page-number.ts';
import { shopLayout } from './shop-layout.ts';

const LONGEST_QUERY = 100;

/** The search form, and under it the books whose titles hold the words of `q`. */
export function searchPage({ query }: Visit): Answer | undefined {
  const words = (query.get('q') ?? '').slice(0, LONGEST_QUERY).trim();
  const form = html`<form action="/search" method="get" role="search">
<input type="search" name="q" value="${words}" maxlength="${LONGEST_QUERY}" aria-label="Words of the title">
<button type="submit">Search</button>
</form>
`;
  if (words === '') return page(shopLayout('/search', 'Search', html`<h1>Search</h1>\n${form}`));
  const number = pageNumber(query.get('page'));
  const results = found(words);
  if (number === undefined || number > pageCount(results.length, PAGE_SIZE)) return undefined;
  return listingPage(
    {
      pathOf: (at) => `/search?${new URLSearchParams({ q: words, ...(at > 1 && { page: String(at) }) })}`,
      heading: `Search: ${words}`,
      title: `Search: ${words}`,
      products: results,
      introduction: form,
    },
    number,
  );
}

function found(words: string): readonly Product[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return products().filter(({ title }) => wanted.every((word) => title.toLowerCase().includes(word)));
}
