import pLimit, { type LimitFunction } from 'p-limit';
import {
  type ComponentContext,
  DownloadCancelledError,
  type Drop,
  fingerprint,
  type ItemOrigin,
  type ItemPipeline,
  type ItemRecord,
  isRequest,
  OutputError,
  Request,
  type Settings,
  SettingsError,
} from '../../src/api.ts';
import type { FileStore } from './file-store.ts';
import { FolderStore } from './folder-store.ts';
import type { MediaDownload } from './media-download.ts';
import { MediaError, mediaFailure } from './media-error.ts';
import type { MediaOptions, MediaResult } from './media-options.ts';
import { S3Store } from './s3-store.ts';

/** What sets one kind of media apart. */
export interface MediaKind {
  readonly name: string;
  readonly urlsField: string;
  readonly resultField: string;
  /** Most files in work at once, where the options say nothing. */
  readonly concurrency: number;
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** Results that are remembered; one that is forgotten is found again in the store. */
const MOST_REMEMBERED = 100_000;

/** Makes the store that options name, once the settings are known. @throws SettingsError when they name none. */
export function mediaStore(
  component: string,
  { store }: MediaOptions,
): (settings: Pick<Settings, 's3'>) => FileStore {
  if (typeof store === 'object' && store !== null) return () => store;
  if (typeof store !== 'string' || store === '') {
    throw new SettingsError(`${component}: store is missing: name a folder, such as out/${component}`);
  }
  const [, scheme] = SCHEME.exec(store) ?? [];
  if (scheme === undefined) return () => new FolderStore(store);
  if (scheme.toLowerCase() !== 's3') {
    throw new SettingsError(
      `${component}: nothing can store files at ${scheme}: give a folder, s3://bucket/prefix, or an object with the methods of FileStore`,
    );
  }
  return ({ s3 = {} }) => new S3Store(store, s3);
}

/** How many files are in work at once. @throws SettingsError when the options say no whole number from 1. */
export function mediaConcurrency({ name, concurrency: usual }: MediaKind, options: MediaOptions): number {
  const { concurrency = usual } = options;
  if (Number.isInteger(concurrency) && concurrency >= 1) return concurrency;
  throw new SettingsError(`${name}: concurrency is ${concurrency}: give a whole number from 1`);
}

/**
 * Downloads what the addresses in an item's field lead to before the item goes on, a bounded number at once. Each
 * request is made once in a crawl: items that want the same wait for it together.
 */
export class MediaPipeline implements ItemPipeline {
  readonly name: string;
  readonly keepsItems = false;
  readonly #kind: MediaKind;
  readonly #options: MediaOptions;
  readonly #context: ComponentContext;
  readonly #store: FileStore;
  readonly #download: MediaDownload;
  readonly #results = new Map<string, Promise<MediaResult>>();
  readonly #limit: LimitFunction;
  /** Why nothing can be stored any more. */
  #fault: OutputError | undefined;

  constructor(
    kind: MediaKind,
    options: MediaOptions,
    context: ComponentContext,
    store: FileStore,
    download: MediaDownload,
  ) {
    this.name = kind.name;
    this.#kind = kind;
    this.#options = options;
    this.#context = context;
    this.#store = store;
    this.#download = download;
    this.#limit = pLimit(mediaConcurrency(kind, options));
  }

  async open(): Promise<void> {
    await this.#store.open?.();
  }

  async processItem(item: ItemRecord, origin: ItemOrigin): Promise<ItemRecord | Drop | undefined> {
    const wanted = this.#wanted(item, origin);
    if (wanted === undefined) return undefined;
    const results = await Promise.all(wanted.map((one) => this.#result(one, item, origin)));
    const { completed, resultField = this.#kind.resultField } = this.#options;
    if (completed !== undefined) return completed(item, results);
    const stored = results.filter((one) => !('error' in one));
    // Defined, not assigned: a field may be called __proto__.
    const fields = Object.getOwnPropertyDescriptors({ ...item, [resultField]: stored });
    return Object.create(Object.getPrototypeOf(item), fields);
  }

  /** A page whose files could not be written is not done. */
  commit(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  async close(): Promise<void> {
    this.#results.clear();
    await this.#store.close?.();
  }

  /** Undefined: the item says nothing of files. */
  #wanted(item: ItemRecord, origin: ItemOrigin): readonly unknown[] | undefined {
    const { requests, urlsField = this.#kind.urlsField } = this.#options;
    if (requests !== undefined) return [...requests(item, origin)];
    const value = item[urlsField];
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value : [value];
  }

  async #result(wanted: unknown, item: ItemRecord, origin: ItemOrigin): Promise<MediaResult> {
    const { url: page } = origin.response ?? origin.request;
    try {
      const request = isRequest(wanted) ? wanted : requestOf(wanted, origin);
      return await this.#shared(request, item, origin);
    } catch (error) {
      return this.#failed(mediaFailure(shown(wanted), error), page);
    }
  }

  async #shared(request: Request, item: ItemRecord, origin: ItemOrigin): Promise<MediaResult> {
    const key = fingerprint(request);
    for (;;) {
      const known = this.#results.get(key);
      const result = await (known ?? this.#begin(key, request, item, origin));
      // The page that asked first may have been given up; this one was not.
      const isFinal = known === undefined || origin.signal.aborted || this.#context.signal.aborted;
      if (isFinal || !isCancelled(result)) return { ...result, url: request.url };
      if (this.#results.get(key) === known) this.#results.delete(key);
    }
  }

  #begin(key: string, request: Request, item: ItemRecord, origin: ItemOrigin): Promise<MediaResult> {
    const running = this.#limit(() => this.#obtain(request, item, origin));
    this.#results.set(key, running);
    if (this.#results.size > MOST_REMEMBERED) {
      const [oldest] = this.#results.keys();
      if (oldest !== undefined) this.#results.delete(oldest);
    }
    return running;
  }

  async #obtain(request: Request, item: ItemRecord, origin: ItemOrigin): Promise<MediaResult> {
    const { stats } = this.#context;
    try {
      this.#checkWanted(request, origin);
      const stored = await this.#download.run(request, item);
      stats.inc('media/count');
      stats.inc(`media/status/${stored.status}`);
      return stored;
    } catch (error) {
      if (error instanceof OutputError) this.#giveUp(error);
      return this.#failed(mediaFailure(request.url, error), (origin.response ?? origin.request).url);
    }
  }

  /** What waited for its turn may not be wanted any more. */
  #checkWanted({ url }: Request, { signal }: ItemOrigin): void {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#context.signal.aborted) throw new DownloadCancelledError(url, 'the crawl stops');
    if (signal.aborted) throw new DownloadCancelledError(url, 'the page of its item was given up');
  }

  #failed(
    failure: MediaResult & { readonly error: Error; readonly reason: string },
    page: string,
  ): MediaResult {
    const { stats, logger } = this.#context;
    const { url, reason, error } = failure;
    stats.inc('media/failed');
    stats.inc(`media/failed/${reason}`);
    logger.warn(`${this.name}: not stored: ${error.message}`, { url, page });
    return failure;
  }

  /** Without its store a crawl would write items whose files are missing. */
  #giveUp(fault: OutputError): void {
    this.#fault ??= fault;
    this.#context.stop('media_error', fault);
  }
}

/** Addresses come from pages: they lead to the web, never to the crawler's own disk. */
function requestOf(wanted: unknown, { response }: ItemOrigin): Request {
  if (typeof wanted !== 'string' && !(wanted instanceof URL)) {
    throw new MediaError('no address', `${shown(wanted)} is no address`);
  }
  const given = String(wanted);
  // It would be the address of the page.
  if (given.trim() === '') throw new MediaError('no address', 'the address is empty');
  const url = URL.canParse(given) || response === undefined ? given : response.urlJoin(given);
  if (!/^https?:/i.test(url.trim())) throw new MediaError('no address', `${url} is no http(s) address`);
  return new Request(url);
}

/** For messages; an object from a page need not be able to be a text. */
function shown(wanted: unknown): string {
  if (typeof wanted === 'object' && wanted !== null && !(wanted instanceof URL)) {
    return isRequest(wanted) ? wanted.url : 'an object';
  }
  return String(wanted);
}

function isCancelled(result: MediaResult): boolean {
  return 'error' in result && 'code' in result.error && result.error.code === 'ERR_CRAWL_DOWNLOAD_CANCELLED';
}
