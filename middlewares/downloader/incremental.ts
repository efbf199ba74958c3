import { createHash, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import {
  CloseCrawlError,
  type ComponentContext,
  type DownloaderMiddleware,
  type Drop,
  drop,
  errorMessage,
  type Factory,
  named,
  type Request,
  type Response,
  type RetryLater,
  retryLater,
  type Unit,
} from '../../src/api.ts';
import { checkOwnFolder } from '../own-folder.ts';
import type { OpenStore } from '../record-store.ts';
import { PAGES_FOLDER, PageMemory, type Visit } from './page-memory.ts';
import { requestKey, storableUrl } from './request-key.ts';
import { refreshedHeaders } from './stored-answer.ts';

/** Options of {@link incremental}. */
export interface IncrementalOptions {
  /**
   * What of a page counts when it is compared with what it was: leave out what differs each time, such as a clock
   * or a token of a form. @defaultValue the body
   */
  readonly contentOf?: (response: Response) => string | Uint8Array;
  /** Keeps what is remembered elsewhere; `gone.jsonl` stays in `settings.incrementalDir`. @defaultValue LevelDB there */
  readonly openStore?: OpenStore;
}

/**
 * Remembers pages from crawl to crawl, in `settings.incrementalDir`; out unless it is set. Asks servers only for what
 * changed (ETag, Last-Modified), flags pages `new`, `changed` or `unchanged`, leaves alone what was fetched a short
 * time ago (`incrementalRevisit`, `meta.revisitAfterMs`) or bears the same `meta.itag`, and lists pages that are
 * gone in `gone.jsonl`. A page counts as fetched once it is committed without an error of its callback or pipelines.
 * A folder that holds something else is refused with a SettingsError.
 */
export function incremental(options: IncrementalOptions = {}): Factory<DownloaderMiddleware> {
  return named('incremental', (context) => {
    const { incrementalDir } = context.settings;
    if (incrementalDir === undefined) return undefined;
    const folder = resolve(incrementalDir);
    if (options.openStore === undefined)
      checkOwnFolder({
        setting: 'incrementalDir (--incremental)',
        folder,
        mark: PAGES_FOLDER,
        purpose: 'remembered pages',
      });
    return new Incremental(context, folder, options);
  });
}

/** What the request found, for the way back. */
interface Asked {
  readonly key: string;
  readonly before: Visit | undefined;
  /** Whether the server was asked for changes only, by this component. */
  readonly isConditional: boolean;
}

/** What is written when the page is committed. */
interface Pending {
  readonly key: string;
  readonly visit: Visit;
  readonly page: Response | undefined;
}

interface RevisitRule {
  readonly pattern: RegExp;
  readonly afterMs: number;
}

const GONE: ReadonlySet<number> = new Set([404, 410]);
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'range'];
const STATE = 'incremental';

class Incremental implements DownloaderMiddleware {
  readonly name = 'incremental';
  readonly #context: ComponentContext;
  readonly #folder: string;
  readonly #contentOf: (response: Response) => string | Uint8Array;
  readonly #openStore: OpenStore | undefined;
  readonly #rules: readonly RevisitRule[];
  readonly #pending = new WeakMap<Request, Pending>();
  /** Requests of which something was lost. */
  readonly #failed = new WeakSet<Request>();
  readonly #disconnect: (() => void)[] = [];
  #memory: PageMemory | undefined;

  constructor(
    context: ComponentContext,
    folder: string,
    { contentOf = ({ body }) => body, openStore }: IncrementalOptions,
  ) {
    this.#context = context;
    this.#folder = folder;
    this.#contentOf = contentOf;
    this.#openStore = openStore;
    this.#rules = context.settings.incrementalRevisit.map(({ pattern, afterMs }) => ({
      pattern: new RegExp(pattern),
      afterMs,
    }));
  }

  async open(): Promise<undefined> {
    const { signals, state, logger, settings } = this.#context;
    const kept = state(STATE);
    // A job goes on with what it has of its items; another crawl that ends early may lose some.
    if (settings.jobDir !== undefined) kept.crawl ??= randomUUID();
    const crawl = kept.crawl === undefined ? undefined : String(kept.crawl);
    this.#memory = await PageMemory.open(this.#folder, crawl, logger, this.#openStore);
    const failed = (request: Request | undefined): void => {
      if (request !== undefined) this.#failed.add(request);
    };
    this.#disconnect.push(
      signals.on('spiderError', ({ request, response }) => failed(request ?? response?.request)),
      signals.on('itemError', ({ response }) => failed(response?.request)),
      signals.on('pageCommitted', ({ request }) => this.#committed(request)),
    );
  }

  async close(reason: string): Promise<undefined> {
    const { stats, logger } = this.#context;
    for (const disconnect of this.#disconnect) disconnect();
    const memory = this.#memory;
    this.#memory = undefined;
    if (memory === undefined) return;
    try {
      const failed = ['feed/failed_count', 'pipeline/failed_count'].some(
        (name) => stats.get(name) !== undefined,
      );
      if (!failed && !reason.endsWith('_error')) await memory.finish();
      const path = await memory.writeGone();
      const gone = stats.get('incremental/gone');
      if (gone !== undefined)
        logger.info(`${gone} pages that were there before are gone: ${path} lists them`);
    } finally {
      await memory.close();
    }
  }

  async processRequest(request: Request, unit: Unit): Promise<Drop | undefined> {
    const { settings } = this.#context;
    if (unit.isInline || request.method !== 'GET' || !/^https?:/i.test(request.url)) return undefined;
    const key = requestKey(request, settings);
    const before = await this.#orStop((memory) => memory.before(key));
    const skipped = before && this.#skipped(request, before);
    if (skipped !== undefined) return skipped;
    const isConditional = before !== undefined && (await this.#ask(key, before, unit));
    unit.notes.set(this, { key, before, isConditional } satisfies Asked);
    return undefined;
  }

  async processResponse(response: Response, unit: Unit): Promise<Response | RetryLater | Drop | undefined> {
    const { clock, stats } = this.#context;
    const asked = unit.notes.get(this) as Asked | undefined;
    if (asked === undefined) return undefined;
    const { key, before, isConditional } = asked;
    const { status, flags } = response;
    if (before !== undefined && GONE.has(status)) {
      stats.inc('incremental/gone');
      await this.#orStop((memory) => memory.rememberGone(key, before, status, clock.now()));
    } else if (before !== undefined && isConditional && status === 304) {
      stats.inc('incremental/not_modified');
      return this.#unmodified(key, before, response, unit);
    } else if (status === 200 && !flags.includes('partial')) {
      return this.#seen(asked, this.#digestOf(response), response, unit);
    }
    return undefined;
  }

  /** Why a page is not asked for, if so. A mark that changed outweighs the time. */
  #skipped({ url, meta }: Request, before: Visit): Drop | undefined {
    const { clock, stats } = this.#context;
    if (meta.itag !== undefined) {
      if (before.itag !== String(meta.itag) || before.gone !== undefined) return undefined;
      stats.inc('incremental/same_itag');
      return drop('same itag');
    }
    const forMs = meta.revisitAfterMs ?? this.#rules.find(({ pattern }) => pattern.test(url))?.afterMs ?? 0;
    // A clock that was set back must not keep a page out for good.
    const sinceMs = Math.abs(clock.now() - before.lastCheckedMs);
    if (sinceMs >= forMs) return undefined;
    stats.inc('incremental/not_due');
    return drop('not due');
  }

  /** Asks for changes only, where an unchanged page can be had from here or is not wanted. What the user asks stays. */
  async #ask(key: string, before: Visit, { headers }: Unit): Promise<boolean> {
    const { etag, lastModified, gone } = before;
    if (gone !== undefined || (etag === undefined && lastModified === undefined)) return false;
    if (CONDITIONS.some((name) => headers.has(name))) return false;
    if (!this.#drops && !(await this.#orStop((memory) => memory.isKept(key, before)))) return false;
    if (etag !== undefined) headers.set('If-None-Match', etag);
    if (lastModified !== undefined) headers.set('If-Modified-Since', lastModified);
    this.#context.stats.inc('incremental/conditional');
    return true;
  }

  get #drops(): boolean {
    return this.#context.settings.incrementalUnchanged === 'drop';
  }

  async #unmodified(
    key: string,
    before: Visit,
    response: Response,
    unit: Unit,
  ): Promise<Response | RetryLater | Drop> {
    const asked: Asked = { key, before, isConditional: true };
    if (this.#drops) return this.#seen(asked, before.digest, response, unit);
    const kept = await this.#orStop((memory) => memory.kept(key, before));
    // Damaged, and deleted for it: the next try asks for the whole page.
    if (kept === undefined) return retryLater('kept page is damaged', { afterMs: 0 });
    const headers = refreshedHeaders(kept.headers, response.headers);
    const whole = response.replace({ status: 200, headers, body: kept.body });
    return this.#seen(asked, before.digest, whole, unit, true);
  }

  async #seen(
    { key, before }: Asked,
    digest: string,
    response: Response,
    { request }: Unit,
    isKept = false,
  ): Promise<Response | Drop> {
    const { clock, stats } = this.#context;
    const nowMs = clock.now();
    const isSame = before !== undefined && before.gone === undefined && before.digest === digest;
    const verdict = before === undefined ? 'new' : isSame ? 'unchanged' : 'changed';
    stats.inc(`incremental/${verdict}`);
    // A 304 need not repeat what it confirms.
    const confirmed = response.status === 304 ? before : undefined;
    const etag = response.headers.get('etag') ?? confirmed?.etag;
    const modified = response.headers.get('last-modified') ?? confirmed?.lastModified;
    const itag = request.meta.itag ?? before?.itag;
    const visit: Visit = {
      url: storableUrl(request.url),
      ...(etag !== undefined && { etag }),
      ...(modified !== undefined && { lastModified: modified }),
      digest,
      ...(itag !== undefined && { itag: String(itag) }),
      firstSeenMs: before?.firstSeenMs ?? nowMs,
      lastSeenMs: nowMs,
      lastCheckedMs: nowMs,
      lastChangedMs: isSame ? before.lastChangedMs : nowMs,
    };
    if (isSame && this.#drops) {
      await this.#orStop((memory) => memory.remember(key, visit));
      return drop('unchanged');
    }
    const isToKeep = !this.#drops && !isKept && (etag !== undefined || modified !== undefined);
    this.#pending.set(request, { key, visit, page: isToKeep ? response : undefined });
    return response.replace({ flags: [...response.flags, verdict] });
  }

  #digestOf(response: Response): string {
    return createHash('sha256').update(this.#contentOf(response)).digest('base64url').slice(0, 22);
  }

  async #committed(request: Request): Promise<void> {
    const pending = this.#pending.get(request);
    if (pending === undefined || this.#failed.has(request) || this.#memory === undefined) return;
    this.#pending.delete(request);
    const { key, visit, page } = pending;
    await this.#orStop((memory) => memory.remember(key, visit, page));
  }

  /** Without its memory a crawl would take every page for new: it stops, and what was under way goes back to the queue. */
  async #orStop<Value>(work: (memory: PageMemory) => Promise<Value>): Promise<Value> {
    const { logger, stop } = this.#context;
    try {
      if (this.#memory === undefined) throw new Error('it is closed');
      return await work(this.#memory);
    } catch (error) {
      logger.error(`the memory of pages fails: ${errorMessage(error)}`, { folder: this.#folder });
      stop('incremental_error', error);
      throw new CloseCrawlError('incremental_error');
    }
  }
}
