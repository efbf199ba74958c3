import { escapeByte } from './percent-bytes.ts';
import { joinQuery, type QueryArgument, queryArguments } from './query-arguments.ts';

/** What counts in a canonical URL. */
export interface CanonicalUrlOptions {
  /** Keep arguments without a value. @defaultValue `true` */
  readonly keepBlankValues?: boolean;
  /** Keep the fragment: for pages that are told apart by it. @defaultValue `false` */
  readonly keepFragments?: boolean;
}

/** A path whose spelling is already the canonical one. */
const PLAIN_PATH = /^[\w\-.~/!$&'()*+,;=:@[\]|]*$/;
/** Arguments whose spelling is already the canonical one. */
const PLAIN_QUERY = /^[\w.~+-]+=[\w.~+-]+(?:&[\w.~+-]+=[\w.~+-]+)*$/;
const ESCAPE = /%([0-9a-f]{2})/gi;
/** What may not stand for itself in a path; a percent sign may where it makes no escape. */
const TO_ESCAPE = /[^\w\-.~/!$&'()*+,;=:@[\]|%]|%(?=[0-9a-f]{2})/gi;
const ESCAPED_SLASH = '\u0100';
const ESCAPED_QUESTION_MARK = '\u0101';

/**
 * One spelling for all addresses of a page, as Scrapy's canonicalize_url, after WHATWG parsing: arguments
 * sorted by name and value, fragment dropped, percent escapes normalised, spaces in the query as `+`. Bytes
 * that are no UTF-8 stay as they are, so different pages never get one spelling. Idempotent.
 *
 * @throws TypeError when the URL is not absolute.
 */
export function canonicalizeUrl(
  url: string,
  { keepBlankValues = true, keepFragments = false }: CanonicalUrlOptions = {},
): string {
  const { href } = new URL(url);
  const hashAt = href.indexOf('#');
  const address = hashAt < 0 ? href : href.slice(0, hashAt);
  const fragment = keepFragments && hashAt >= 0 && hashAt < href.length - 1 ? href.slice(hashAt) : '';
  const schemeEnd = address.indexOf(':') + 1;
  if (!address.startsWith('//', schemeEnd)) return address + fragment;
  const queryAt = address.indexOf('?');
  const pathEnd = queryAt < 0 ? address.length : queryAt;
  const slashAt = address.indexOf('/', schemeEnd + 2);
  const pathAt = slashAt < 0 || slashAt > pathEnd ? pathEnd : slashAt;
  const query = queryAt < 0 ? '' : canonicalQuery(address.slice(queryAt + 1), keepBlankValues);
  const page = address.slice(0, pathAt) + canonicalPath(address.slice(pathAt, pathEnd));
  return page + (query === '' ? '' : `?${query}`) + fragment;
}

function canonicalPath(path: string): string {
  if (PLAIN_PATH.test(path)) return path === '' ? '/' : path;
  return path.replace(ESCAPE, decoded).replace(TO_ESCAPE, encoded);
}

/** The byte of an escape. Those of `/` and `?` would cut the path elsewhere: they become marks above all bytes. */
function decoded(_escape: string, hex: string): string {
  const byte = Number.parseInt(hex, 16);
  if (byte === 0x2f) return ESCAPED_SLASH;
  return byte === 0x3f ? ESCAPED_QUESTION_MARK : String.fromCharCode(byte);
}

function encoded(byte: string): string {
  if (byte === ESCAPED_SLASH) return '%2F';
  return byte === ESCAPED_QUESTION_MARK ? '%3F' : escapeByte(byte);
}

function canonicalQuery(query: string, keepBlankValues: boolean): string {
  if (PLAIN_QUERY.test(query)) return query.includes('&') ? sortedPlain(query) : query;
  const parsed = queryArguments(query);
  const kept = keepBlankValues ? parsed : parsed.filter(({ value }) => value !== '');
  return joinQuery(kept.length > 1 ? kept.sort(byNameAndValue) : kept);
}

/** Sorts by name, then value: with the least of all characters in place of `=`, that is the order of the texts. */
function sortedPlain(query: string): string {
  return query.replaceAll('=', '\0').split('&').sort().join('&').replaceAll('\0', '=');
}

function byNameAndValue(a: QueryArgument, b: QueryArgument): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.value === b.value) return 0;
  return a.value < b.value ? -1 : 1;
}
