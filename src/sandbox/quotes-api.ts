import { type Answer, json, type Visit } from './answer.ts';
import { pageCount } from './page-count.ts';
import { pageNumber } from './page-number.ts';
import { type Quote, quotesTagged } from './quotations.ts';
import { goodreadsPath, QUOTES_PER_PAGE, topTags } from './quotes-pages.ts';

/** A page of `/quotes/api/quotes`. */
export function quotesApi({ query }: Visit): Answer {
  const page = pageNumber(query.get('page'));
  if (page === undefined) return json({ error: 'page must be 1 or more' }, 400);
  const tag = query.get('tag') ?? undefined;
  const list = quotesTagged(tag);
  return json({
    has_next: page < pageCount(list.length, QUOTES_PER_PAGE),
    page,
    quotes: list.slice((page - 1) * QUOTES_PER_PAGE, page * QUOTES_PER_PAGE).map(quoteData),
    tag: tag ?? null,
    top_ten_tags: topTags(10),
  });
}

/** A quote as the API and the pages with JavaScript hold it. */
export function quoteData({ text, author, tags }: Quote): object {
  const { name, slug } = author;
  return { author: { goodreads_link: goodreadsPath(author), name, slug }, tags, text };
}
