import type { HeaderMap, Request, Response } from '../../src/api.ts';
import { httpDateMs, integerOf } from './http-date.ts';

/** What the rules of caching may be told. */
export interface HttpCacheRules {
  /** Store every answer that may be stored, also those without validators and lifetimes. @defaultValue `false` */
  readonly alwaysStore?: boolean;
  /** Directives in the Cache-Control of answers that count as not there. @defaultValue `[]` */
  readonly ignoreResponseCacheControls?: readonly string[];
  /** Schemes of URLs that are not cached. @defaultValue `[]` */
  readonly ignoreSchemes?: readonly string[];
}

/** An answer as far as the rules look at it. */
export type CacheableAnswer = Pick<Response, 'status' | 'headers'>;

/** Whether a stored answer may be used unasked, and else how the server is asked whether it still holds. */
export interface CachedFreshness {
  readonly fresh: boolean;
  /** Conditional headers for the request, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The directives of a Cache-Control header, names in lower case; null: without a value. */
export type CacheControl = ReadonlyMap<string, string | null>;

/** Redirects for good hold a year unless they say otherwise, as in Firefox. */
const PERMANENT: ReadonlySet<number> = new Set([300, 301, 308]);
const YEAR_SECONDS = 365 * 24 * 60 * 60;
/** Statuses that are kept for their validator alone. */
const WITH_VALIDATOR: ReadonlySet<number> = new Set([200, 203, 401]);

/** Reads Cache-Control; several headers count as one, of a directive that comes twice the last is taken. */
export function cacheControl(headers: HeaderMap, ignored: readonly string[] = []): CacheControl {
  const directives = new Map<string, string | null>();
  for (const directive of headers.getAll('cache-control').join(',').split(',')) {
    const text = directive.trim();
    const at = text.indexOf('=');
    const name = (at === -1 ? text : text.slice(0, at)).toLowerCase();
    if (name !== '') directives.set(name, at === -1 ? null : text.slice(at + 1));
  }
  for (const name of ignored) directives.delete(name.toLowerCase());
  return directives;
}

/** Whether the answer to a request may be stored, or come from the store, at all. */
export function mayCacheRequest(
  { url, headers }: Pick<Request, 'url' | 'headers'>,
  { ignoreSchemes = [] }: HttpCacheRules = {},
): boolean {
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase();
  return !ignoreSchemes.includes(scheme) && !cacheControl(headers).has('no-store');
}

/**
 * Whether an answer may be stored (RFC 9111 section 3, for a private cache) and is worth it: it says how long it
 * holds, holds for good, or can be asked about again.
 */
export function mayCacheResponse({ status, headers }: CacheableAnswer, rules: HttpCacheRules = {}): boolean {
  const control = cacheControl(headers, rules.ignoreResponseCacheControls);
  if (control.has('no-store') || status === 206 || status === 304) return false;
  if (rules.alwaysStore === true) return true;
  if (control.has('max-age') || headers.has('expires') || PERMANENT.has(status)) return true;
  return WITH_VALIDATOR.has(status) && (headers.has('last-modified') || headers.has('etag'));
}

/**
 * Whether a stored answer may be used unasked at a time (milliseconds since 1970): RFC 9111 section 4.2 with
 * max-age, Expires, then Firefox's guess of a tenth of the time since Last-Modified. The request's max-age,
 * max-stale and no-cache count. A no-cache of either side gives no conditional headers: the page is asked for whole.
 */
export function cachedFreshness(
  stored: CacheableAnswer,
  request: Pick<Request, 'headers'>,
  rules: HttpCacheRules,
  nowMs: number,
): CachedFreshness {
  const control = cacheControl(stored.headers, rules.ignoreResponseCacheControls);
  const asked = cacheControl(request.headers);
  if (control.has('no-cache') || asked.has('no-cache')) return { fresh: false, headers: {} };
  const staleFor = staleSeconds(stored, rules, nowMs, maxAge(asked));
  if (staleFor < 0 || (acceptsStale(asked, staleFor) && !control.has('must-revalidate'))) {
    return { fresh: true, headers: {} };
  }
  return { fresh: false, headers: conditionalHeaders(stored.headers) };
}

/** Whether an answer says that the stored one holds: 304, or a server error where a stale page may stand in. */
export function confirmsCached(
  stored: CacheableAnswer,
  { status }: Pick<CacheableAnswer, 'status'>,
  rules: HttpCacheRules = {},
): boolean {
  if (status < 500) return status === 304;
  return !cacheControl(stored.headers, rules.ignoreResponseCacheControls).has('must-revalidate');
}

/** Headers that ask the server whether an answer still holds. */
export function conditionalHeaders(stored: HeaderMap): Record<string, string> {
  const modified = stored.get('last-modified');
  const tag = stored.get('etag');
  return {
    ...(modified !== undefined && { 'if-modified-since': modified }),
    ...(tag !== undefined && { 'if-none-match': tag }),
  };
}

/** Seconds since a stored answer became stale; negative while it is fresh. */
export function staleSeconds(
  stored: CacheableAnswer,
  rules: HttpCacheRules,
  nowMs: number,
  mostSeconds: number = Number.POSITIVE_INFINITY,
): number {
  return currentAge(stored.headers, nowMs) - Math.min(lifetime(stored, rules, nowMs), mostSeconds);
}

function acceptsStale(asked: CacheControl, staleFor: number): boolean {
  const limit = asked.get('max-stale');
  if (limit === undefined) return false;
  if (limit === null) return true;
  const seconds = integerOf(limit);
  return seconds !== undefined && staleFor < Math.max(0, seconds);
}

function maxAge(control: CacheControl): number | undefined {
  const seconds = integerOf(control.get('max-age'));
  return seconds === undefined ? undefined : Math.max(0, seconds);
}

function lifetime({ status, headers }: CacheableAnswer, rules: HttpCacheRules, nowMs: number): number {
  const given = maxAge(cacheControl(headers, rules.ignoreResponseCacheControls));
  if (given !== undefined) return given;
  const date = dateOf(headers, 'date') ?? nowMs;
  if (headers.has('expires')) {
    const expires = dateOf(headers, 'expires');
    // RFC 9111 section 5.3: what cannot be read, such as 0, lies in the past.
    return expires === undefined ? 0 : Math.max(0, (expires - date) / 1000);
  }
  const modified = dateOf(headers, 'last-modified');
  if (modified !== undefined && modified <= date) return (date - modified) / 10_000;
  return PERMANENT.has(status) ? YEAR_SECONDS : 0;
}

function currentAge(headers: HeaderMap, nowMs: number): number {
  const date = dateOf(headers, 'date') ?? nowMs;
  return Math.max(0, (nowMs - date) / 1000, integerOf(headers.get('age')) ?? 0);
}

/** The first second of 1970 is what a server without a clock says. */
function dateOf(headers: HeaderMap, name: string): number | undefined {
  const ms = httpDateMs(headers.get(name));
  return ms === 0 ? undefined : ms;
}
