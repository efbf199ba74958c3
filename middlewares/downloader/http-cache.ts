import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import {
  type ComponentContext,
  type DownloaderMiddleware,
  type Drop,
  drop,
  errorMessage,
  type Factory,
  HeaderMap,
  isCrawlError,
  named,
  originOf,
  Request,
  type Response,
  type Unit,
} from '../../src/api.ts';
import { checkOwnFolder } from '../own-folder.ts';
import { type OpenStore, RecordStore } from '../record-store.ts';
import {
  cacheControl,
  cachedFreshness,
  conditionalHeaders,
  confirmsCached,
  type HttpCacheRules,
  mayCacheRequest,
  mayCacheResponse,
} from './http-cache-policy.ts';
import { requestKey } from './request-key.ts';
import {
  agedHeaders,
  cachedResponse,
  mayStandIn,
  refreshedHeaders,
  type StoredAnswer,
  storedAnswer,
  userOf,
  varyMatches,
  varyNames,
} from './stored-answer.ts';

/** Options of {@link httpCache}. */
export interface HttpCacheOptions {
  /** Keeps the answers elsewhere. @defaultValue LevelDB in `settings.httpCacheDir` */
  readonly openStore?: OpenStore;
}

/**
 * Answers requests from disk. `settings.httpCache` says by which rules: `rfc9111` as a browser's own cache,
 * `replay` with whatever was stored before, whoever asked and whatever its headers say. Out unless it is set.
 * `meta.dontCache` exempts a request. A folder that holds something else is refused with a SettingsError.
 */
export function httpCache(options: HttpCacheOptions = {}): Factory<DownloaderMiddleware> {
  return named('http-cache', (context) => {
    if (context.settings.httpCache === 'off') return undefined;
    if (options.openStore === undefined) {
      const folder = folderOf(context);
      checkOwnFolder({
        setting: 'httpCacheDir (--replay)',
        folder,
        mark: 'CURRENT',
        purpose: 'stored answers',
      });
    }
    return new HttpCache(context, options);
  });
}

/** What a lookup came to, for the way back. */
interface Lookup {
  readonly key: string;
  /** Answered from the store. */
  readonly isHit?: boolean;
  readonly stale?: StaleAnswer;
}

/** A stored answer that the server is asked about. */
interface StaleAnswer {
  readonly stored: StoredAnswer;
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  /** It may be used where the server fails. */
  readonly mayStandIn: boolean;
}

function folderOf({ settings }: ComponentContext): string {
  return resolve(settings.httpCacheDir ?? DEFAULT_FOLDER);
}

const DEFAULT_FOLDER = '.orbweaver/httpcache';
const SALT_KEY = 'salt';
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const UNSAFE: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** What asks for a part of a page, or for the page only if it changed, is not answered with the page. */
const PARTIAL = [
  'range',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
];
/** RFC 9111 section 3.5. */
const FOR_ALL_USERS = ['public', 's-maxage', 'must-revalidate'];
const NETWORK_FAULTS: ReadonlySet<string> = new Set([
  'ERR_CRAWL_DOWNLOAD_TIMEOUT',
  'ERR_CRAWL_DNS',
  'ERR_CRAWL_CONNECTION_REFUSED',
  'ERR_CRAWL_CONNECTION_LOST',
  'ERR_CRAWL_DATA_LOSS',
  'ERR_CRAWL_PROXY',
]);

class HttpCache implements DownloaderMiddleware {
  readonly name = 'http-cache';
  readonly #context: ComponentContext;
  readonly #isReplay: boolean;
  readonly #rules: HttpCacheRules;
  readonly #openStore: OpenStore | undefined;
  #store: RecordStore | undefined;
  #salt = '';
  #hasReported = false;

  constructor(context: ComponentContext, { openStore }: HttpCacheOptions) {
    const { settings } = context;
    this.#context = context;
    this.#openStore = openStore;
    this.#isReplay = settings.httpCache === 'replay';
    this.#rules = {
      alwaysStore: settings.httpCacheAlwaysStore,
      ignoreResponseCacheControls: settings.httpCacheIgnoreResponseCacheControls,
      ignoreSchemes: settings.httpCacheIgnoreSchemes,
    };
  }

  async open(): Promise<undefined> {
    const { logger } = this.#context;
    const store = await RecordStore.open(folderOf(this.#context), {
      kind: 'HTTP cache',
      lockedAdvice:
        'wait until that crawl has ended, or give this one another folder (httpCacheDir, --replay)',
      logger,
      openStore: this.#openStore,
    });
    this.#store = store;
    const known = await store.read<{ readonly salt: string }>(SALT_KEY);
    this.#salt = known?.head.salt ?? randomBytes(16).toString('base64url');
    if (known === undefined) await store.write(SALT_KEY, { salt: this.#salt });
  }

  async close(): Promise<undefined> {
    await this.#store?.close();
    this.#store = undefined;
  }

  async processRequest(request: Request, unit: Unit): Promise<Response | Drop | undefined> {
    const { stats, settings } = this.#context;
    if (request.meta.dontCache === true || !this.#isCacheable(request, unit)) return undefined;
    const key = requestKey(request, settings);
    // What was tried again must not meet the very answer that was not good enough.
    const mayAnswer = unit.retries === 0 || settings.httpCacheIgnoreMissing;
    const found = mayAnswer ? await this.#find(key, unit) : undefined;
    if (found?.response !== undefined) {
      stats.inc('httpcache/hit');
      unit.notes.set(this, { key, isHit: true } satisfies Lookup);
      return found.response;
    }
    unit.notes.set(this, { key, ...(found && { stale: found }) } satisfies Lookup);
    if (found !== undefined) return undefined;
    stats.inc('httpcache/miss');
    if (!settings.httpCacheIgnoreMissing && !cacheControl(unit.headers).has('only-if-cached'))
      return undefined;
    stats.inc('httpcache/ignore');
    return drop('not in cache');
  }

  async processResponse(response: Response, unit: Unit): Promise<Response | undefined> {
    const { stats } = this.#context;
    const lookup = unit.notes.get(this) as Lookup | undefined;
    if (lookup?.isHit === true) return undefined;
    if (!this.#isReplay && UNSAFE.has(unit.request.method)) await this.#invalidate(response, unit.request);
    if (lookup === undefined) return undefined;
    unit.notes.delete(this);
    const { key, stale } = lookup;
    if (stale === undefined) {
      stats.inc('httpcache/firsthand');
      await this.#keep(key, response, unit);
      return undefined;
    }
    const { headers, stored } = stale;
    const confirms = confirmsCached({ status: stored.status, headers }, response, this.#rules);
    if (confirms && response.status === 304) return this.#refresh(key, stale, response, unit);
    if (confirms && stale.mayStandIn) return this.#recover(stale, unit);
    stats.inc('httpcache/invalidate');
    if (!(await this.#keep(key, response, unit)) && response.status < 500) await this.#remove(key);
    return undefined;
  }

  processException(error: unknown, unit: Unit): Response | undefined {
    const lookup = unit.notes.get(this) as Lookup | undefined;
    if (lookup?.stale?.mayStandIn !== true) return undefined;
    if (!isCrawlError(error) || !NETWORK_FAULTS.has(error.code)) return undefined;
    unit.notes.set(this, { key: lookup.key, isHit: true } satisfies Lookup);
    return this.#recover(lookup.stale, unit);
  }

  #isCacheable({ url, method }: Request, { headers }: Unit): boolean {
    if (!mayCacheRequest({ url, headers: this.#isReplay ? NO_HEADERS : headers }, this.#rules)) return false;
    return this.#isReplay || (SAFE.has(method) && !PARTIAL.some((name) => headers.has(name)));
  }

  /** A stored answer: as the response where it may be used, else for asking the server about it. */
  async #find(
    key: string,
    unit: Unit,
  ): Promise<(StaleAnswer & { readonly response?: Response }) | undefined> {
    const { clock, settings } = this.#context;
    const record = await this.#safely((store) => store.read<StoredAnswer>(key));
    if (record === undefined) return undefined;
    const { head: stored, body } = record;
    const { status } = stored;
    const nowMs = clock.now();
    if (this.#isReplay) {
      const limitMs = settings.httpCacheExpirationMs;
      if (limitMs > 0 && nowMs - stored.storedAtMs > limitMs) return undefined;
      const headers = new HeaderMap(stored.headers as Record<string, string | string[] | null>);
      return {
        stored,
        headers,
        body,
        mayStandIn: false,
        response: cachedResponse(unit, status, headers, body),
      };
    }
    if (!varyMatches(stored, unit.headers, this.#salt)) return undefined;
    const headers = agedHeaders(stored, nowMs);
    if (this.#isOfAnother(stored, headers, unit)) return this.#askForUser({ stored, headers, body }, unit);
    const { fresh, headers: conditions } = cachedFreshness({ status, headers }, unit, this.#rules, nowMs);
    const stale = {
      stored,
      headers,
      body,
      mayStandIn: mayStandIn({ status, headers }, unit.headers, this.#rules, nowMs),
    };
    if (fresh) return { ...stale, response: cachedResponse(unit, status, headers, body) };
    const isReload = cacheControl(unit.headers).has('no-cache');
    // An answer with no-cache is for asking about: the server may confirm it instead of sending it again.
    this.#ask(unit, isReload ? conditions : conditionalHeaders(headers));
    return stale;
  }

  /** Whether it was given to somebody else: another login, another session. */
  #isOfAnother({ user }: StoredAnswer, headers: HeaderMap, unit: Unit): boolean {
    if (cacheControl(headers).has('public')) return false;
    return user !== userOf(unit.headers, this.#salt);
  }

  /** Only the server can say that this user's page is the same, and only by its tag: a date says nothing of whose page it is. */
  #askForUser(given: Omit<StaleAnswer, 'mayStandIn'>, unit: Unit): StaleAnswer | undefined {
    const tag = given.headers.get('etag');
    if (tag === undefined) return undefined;
    this.#ask(unit, { 'if-none-match': tag });
    return { ...given, mayStandIn: false };
  }

  #ask({ headers }: Unit, conditions: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(conditions)) headers.set(name, value);
  }

  async #refresh(key: string, stale: StaleAnswer, confirmed: Response, unit: Unit): Promise<Response> {
    const { stats } = this.#context;
    stats.inc('httpcache/revalidate');
    const headers = refreshedHeaders(stale.headers, confirmed.headers);
    const { status } = stale.stored;
    const head = this.#headOf({ status, headers }, unit);
    await this.#safely((store) => store.write(key, head, stale.body));
    return cachedResponse(unit, status, headers, stale.body);
  }

  #recover({ stored, headers, body }: StaleAnswer, unit: Unit): Response {
    const { stats } = this.#context;
    stats.inc('httpcache/errorrecovery');
    return cachedResponse(unit, stored.status, headers, body);
  }

  /** Stores an answer that may be stored; whether it did. */
  async #keep(key: string, response: Response, unit: Unit): Promise<boolean> {
    const { stats } = this.#context;
    if (!this.#mayKeep(response, unit)) {
      stats.inc('httpcache/uncacheable');
      return false;
    }
    const head = this.#headOf(response, unit);
    const isKept = await this.#safely(async (store) => {
      await store.write(key, head, response.body);
      return true;
    });
    if (isKept === true) stats.inc('httpcache/store');
    return isKept === true;
  }

  /** What is stored of an answer. Its cookies were for whoever asked: a browser's cache keeps none either. */
  #headOf({ status, headers: given }: Pick<Response, 'status' | 'headers'>, unit: Unit): StoredAnswer {
    const headers = new HeaderMap(given);
    if (!this.#isReplay) headers.delete('set-cookie');
    return storedAnswer({ status, headers }, unit, this.#context.clock.now(), this.#salt);
  }

  #mayKeep({ status, headers, flags }: Response, unit: Unit): boolean {
    const { settings } = this.#context;
    const { httpCacheIgnoreStatuses, retry, retryStatuses } = settings;
    // A body that went elsewhere is not here to be kept.
    if (flags.includes('streamed')) return false;
    if (flags.includes('partial') || httpCacheIgnoreStatuses.includes(status)) return false;
    // A fault that passes is not to be frozen.
    if (retry && retryStatuses.includes(status)) return false;
    if (this.#isReplay) return status !== 304;
    if (varyNames(headers).includes('*') || !mayCacheResponse({ status, headers }, this.#rules)) return false;
    const control = cacheControl(headers, this.#rules.ignoreResponseCacheControls);
    return !unit.headers.has('authorization') || FOR_ALL_USERS.some((name) => control.has(name));
  }

  /** A page that was written to is not what it was (RFC 9111 section 4.4), nor are those of its site that the answer names. */
  async #invalidate({ status, headers }: Response, { url, meta }: Request): Promise<void> {
    const { stats, settings } = this.#context;
    if (status < 200 || status >= 400) return;
    const named = [headers.get('location'), headers.get('content-location')].flatMap((given) => {
      const target = given === undefined ? null : URL.parse(given, url);
      return target !== null && originOf(target.href) === originOf(url) ? [target.href] : [];
    });
    for (const target of new Set([url, ...named])) {
      for (const method of SAFE) {
        if (await this.#remove(requestKey(new Request(target, { method, meta }), settings)))
          stats.inc('httpcache/invalidate');
      }
    }
  }

  async #remove(key: string): Promise<boolean> {
    return (await this.#safely((store) => store.remove(key))) === true;
  }

  /** A cache that fails costs time, never the crawl. */
  async #safely<Value>(work: (store: RecordStore) => Promise<Value>): Promise<Value | undefined> {
    const { logger, stats } = this.#context;
    if (this.#store === undefined) return undefined;
    try {
      return await work(this.#store);
    } catch (error) {
      stats.inc('httpcache/errors');
      if (!this.#hasReported)
        logger.error(`the HTTP cache fails, pages are fetched instead: ${errorMessage(error)}`);
      this.#hasReported = true;
      return undefined;
    }
  }
}

const NO_HEADERS = new HeaderMap();
