import { quoteQueryPart, unquoteQueryPart } from './percent-bytes.ts';

/** One argument of a query: byte strings, percent escapes undone. */
export interface QueryArgument {
  readonly name: string;
  readonly value: string;
}

/** The arguments of an ASCII query without its `?`. Empty ones (`&&`) are no arguments; `a` is `a=`. */
export function queryArguments(query: string): QueryArgument[] {
  const parsed: QueryArgument[] = [];
  for (const piece of query.split('&')) {
    if (piece === '') continue;
    const at = piece.indexOf('=');
    parsed.push({
      name: unquoteQueryPart(at < 0 ? piece : piece.slice(0, at)),
      value: at < 0 ? '' : unquoteQueryPart(piece.slice(at + 1)),
    });
  }
  return parsed;
}

/** The arguments as a query in its one normal spelling. */
export function joinQuery(parsed: readonly QueryArgument[]): string {
  return parsed.map(({ name, value }) => `${quoteQueryPart(name)}=${quoteQueryPart(value)}`).join('&');
}
