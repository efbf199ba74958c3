import { Cookie, CookieJar, getPublicSuffix, MemoryCookieStore } from 'tough-cookie';
import type { RequestCookies } from '../../src/api.ts';

/** As browsers have it. */
const MOST_COOKIES_PER_DOMAIN = 180;
const LONGEST_COOKIE = 4096;
const MOST_DOMAINS = 20_000;
const LONGEST_AGE_S = 100 * 365 * 24 * 60 * 60;

/** A cookie as plain data. */
export type StoredCookie = Readonly<Record<string, unknown>>;

/** The cookies of one session, bounded in number and size. */
export class CookieSession {
  readonly #store = new MemoryCookieStore();
  readonly #jar = new CookieJar(this.#store);
  /** That ever got a cookie, the one that waited longest for a further one first. */
  readonly #domains = new Set<string>();
  /** All cookies as plain data, until one changes. */
  #stored: readonly StoredCookie[] | undefined;

  /** A session as `toJSON` gave it; what has expired since stays out. */
  static from(stored: readonly unknown[]): CookieSession {
    const session = new CookieSession();
    for (const one of stored) {
      const cookie = Cookie.fromJSON(one);
      if (cookie?.domain == null || cookie.path === null || isExpired(cookie)) continue;
      session.#store.putCookie(cookie, () => {});
      session.#domains.delete(cookie.domain);
      session.#domains.add(cookie.domain);
    }
    return session;
  }

  /** Its cookies as plain data, in the order they were made; session cookies too, they are what a login is. */
  toJSON(): readonly StoredCookie[] {
    if (this.#stored !== undefined) return this.#stored;
    let all: Cookie[] = [];
    // The store in memory calls back at once.
    this.#store.getAllCookies((_error, found = []) => {
      all = found;
    });
    this.#stored = all
      .filter((cookie) => !isExpired(cookie))
      .sort((a, b) => a.creationIndex - b.creationIndex)
      .map((cookie) => ({ ...cookie.toJSON(), lastAccessed: undefined }));
    return this.#stored;
  }

  /** The Cookie header for a URL; undefined where there is none to send. */
  header(url: string): string | undefined {
    if (this.#domains.size === 0) return undefined;
    return this.#jar.getCookieStringSync(url) || undefined;
  }

  /** Takes a Set-Cookie header; false where its cookie may not be set by that URL or makes no sense. */
  receive(setCookie: string, url: string): boolean {
    if (setCookie.length > LONGEST_COOKIE * 2) return false;
    const cookie = Cookie.parse(setCookie);
    return cookie !== undefined && this.#set(cookie, url);
  }

  /** Takes the cookies that a request names; gives the names of those that do not belong to its URL. */
  add(cookies: RequestCookies, url: string): readonly string[] {
    const isSecure = url.startsWith('https:');
    return listOf(cookies)
      .filter(({ name, value, domain = null, path = null, secure = isSecure }) => {
        const cookie = new Cookie({
          key: name,
          value: String(value),
          domain: withoutDot(domain),
          path,
          secure,
        });
        return !this.#set(cookie, url);
      })
      .map(({ name }) => name);
  }

  #set(cookie: Cookie, url: string): boolean {
    if (cookie.key.length + cookie.value.length > LONGEST_COOKIE) return false;
    // A cookie of a public suffix would go to every site below it, unless it is for that very host.
    if (cookie.domain === new URL(url).hostname && isPublicSuffix(cookie.domain)) cookie.domain = null;
    useDate(cookie);
    this.#stored = undefined;
    const stored = this.#jar.setCookieSync(cookie, url, { ignoreError: true });
    if (stored?.domain == null) return false;
    this.#keepBounds(stored.domain);
    return true;
  }

  #keepBounds(domain: string): void {
    this.#domains.delete(domain);
    this.#domains.add(domain);
    if (this.#domains.size > MOST_DOMAINS) this.#forgetOldestDomain();
    // The store in memory calls back at once.
    this.#store.findCookies(domain, '', true, (_error, found = []) => {
      const cookies = found.filter((cookie) => cookie.domain === domain);
      if (cookies.length <= MOST_COOKIES_PER_DOMAIN) return;
      const oldest = cookies.reduce((a, b) => (a.creationIndex < b.creationIndex ? a : b));
      this.#store.removeCookie(domain, oldest.path ?? '/', oldest.key, () => {});
    });
  }

  #forgetOldestDomain(): void {
    for (const domain of this.#domains) {
      this.#domains.delete(domain);
      this.#store.removeCookies(domain, '', () => {});
      return;
    }
  }
}

interface NamedCookie {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly domain?: string;
  readonly path?: string;
  readonly secure?: boolean;
}

/** The Cookie header of a request's own cookies, for requests that no session knows. */
export function ownCookieHeader(cookies: RequestCookies): string | undefined {
  return (
    listOf(cookies)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ') || undefined
  );
}

function listOf(cookies: RequestCookies): readonly NamedCookie[] {
  if (isList(cookies)) return cookies;
  return Object.entries(cookies).map(([name, value]) => ({ name, value }));
}

function isList(cookies: RequestCookies): cookies is readonly NamedCookie[] {
  return Array.isArray(cookies);
}

/** Max-Age as a date: tough-cookie counts it from when a cookie was last sent, RFC 6265 from when it was set. */
function useDate(cookie: Cookie): void {
  if (typeof cookie.maxAge !== 'number') return;
  const forS = Math.min(cookie.maxAge, LONGEST_AGE_S);
  cookie.expires = new Date(forS > 0 ? Date.now() + forS * 1000 : 0);
  cookie.maxAge = null;
}

function isExpired(cookie: Cookie): boolean {
  const expiresMs = cookie.expiryTime();
  return expiresMs !== undefined && expiresMs <= Date.now();
}

function isPublicSuffix(domain: string): boolean {
  return getPublicSuffix(domain, { allowSpecialUseDomain: true, ignoreError: true }) === undefined;
}

function withoutDot(domain: string | null): string | null {
  return domain?.replace(/^\./, '').toLowerCase() || null;
}
