import { utf8Bytes } from './percent-bytes.ts';
import { joinQuery, type QueryArgument, queryArguments } from './query-arguments.ts';

/** The first value of a query argument, decoded; undefined where the URL has none of that name. */
export function urlQueryParameter(url: string, name: string): string | undefined {
  return new URLSearchParams(cutUrl(url).query).get(name) ?? undefined;
}

/** How `cleanUrlQuery` chooses. */
export interface CleanUrlQueryOptions {
  /** Take the named arguments away and keep the rest. @defaultValue `false` */
  readonly remove?: boolean;
  /** Keep only the first argument of each name. @defaultValue `true` */
  readonly unique?: boolean;
  /** Keep the fragment. @defaultValue `false` */
  readonly keepFragments?: boolean;
}

/** The URL with only the named query arguments, or without them; their spelling and order stay. As w3lib's url_query_cleaner. */
export function cleanUrlQuery(
  url: string,
  names: Iterable<string>,
  { remove = false, unique = true, keepFragments = false }: CleanUrlQueryOptions = {},
): string {
  const { address, query, fragment } = cutUrl(url);
  const named = new Set(names);
  const seen = new Set<string>();
  const kept = query.split('&').filter((argument) => {
    const name = argument.split('=', 1)[0] ?? '';
    if (argument === '' || (unique && seen.has(name)) || named.has(name) === remove) return false;
    seen.add(name);
    return true;
  });
  return address + (kept.length === 0 ? '' : `?${kept.join('&')}`) + (keepFragments ? fragment : '');
}

/**
 * The URL with query arguments set: the first of a name is replaced, further ones of it go, new names are added
 * at the end. The whole query is written in its normal spelling. As w3lib's add_or_replace_parameters.
 */
export function addOrReplaceParameters(
  url: string,
  parameters: Readonly<Record<string, string | number | boolean>>,
): string {
  const { address, query, fragment } = cutUrl(url);
  const wanted = new Map(
    Object.entries(parameters).map(([name, value]) => [utf8Bytes(name), utf8Bytes(String(value))]),
  );
  const set = new Set<string>();
  const result: QueryArgument[] = [];
  for (const argument of queryArguments(utf8Bytes(query))) {
    const value = wanted.get(argument.name);
    if (value === undefined) result.push(argument);
    else if (!set.has(argument.name)) result.push({ name: argument.name, value });
    if (value !== undefined) set.add(argument.name);
  }
  for (const [name, value] of wanted) if (!set.has(name)) result.push({ name, value });
  return `${address}${result.length === 0 ? '' : `?${joinQuery(result)}`}${fragment}`;
}

interface UrlPieces {
  readonly address: string;
  /** Without its `?`. */
  readonly query: string;
  /** With its `#`. */
  readonly fragment: string;
}

function cutUrl(url: string): UrlPieces {
  const hashAt = url.indexOf('#');
  const end = hashAt < 0 ? url.length : hashAt;
  const found = url.indexOf('?');
  const queryAt = found < 0 || found > end ? end : found;
  return { address: url.slice(0, queryAt), query: url.slice(queryAt + 1, end), fragment: url.slice(end) };
}
