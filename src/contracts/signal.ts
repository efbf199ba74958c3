import type { Drop } from '../values/drop.ts';
import type { Failure } from '../values/failure.ts';
import type { HeaderMap } from '../values/header-map.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { StopDownload } from './download-watch.ts';

/** The signals of a crawl and what their handlers receive. Scrapy's names. */
export interface SignalMap {
  /** Everything is open; nothing has been asked for. */
  engineStarted: Record<string, never>;
  /** Everything is closed. */
  engineStopped: Record<string, never>;
  /** Before `start()`. */
  spiderOpened: { readonly name: string };
  /** Nothing is left to do. A handler may push requests as `start()` gives them, or keep the crawl open. */
  spiderIdle: {
    readonly keepOpen: () => void;
    readonly push: (...requests: readonly Request[]) => void;
  };
  /** After `closed()`. */
  spiderClosed: { readonly name: string; readonly reason: string };
  /** A callback, errback or `start()` threw. */
  spiderError: { readonly error: unknown; readonly response?: Response; readonly request?: Request };
  /** An item came through the pipelines and its page was committed. */
  itemScraped: { readonly item: ItemRecord; readonly response?: Response };
  /** A pipeline dropped an item, or a callback did: what it gave has no fields. */
  itemDropped: { readonly item: ItemRecord; readonly drop: Drop; readonly response?: Response };
  /** A pipeline threw on an item: it is lost. */
  itemError: { readonly item: ItemRecord; readonly error: unknown; readonly response?: Response };
  /** A request passed the scheduler middlewares. */
  requestScheduled: { readonly request: Request };
  /** A rule dropped a request. */
  requestDropped: { readonly request: Request; readonly reason: string };
  /** A download begins. */
  requestReachedDownloader: { readonly request: Request };
  /** A download ended, well or not. */
  requestLeftDownloader: { readonly request: Request };
  /** A request failed for good, after all retries. */
  requestFailed: Failure;
  /** A response came back through the middlewares. */
  responseReceived: { readonly response: Response; readonly request: Request };
  /** A page was given to its callback and committed, in a job durably: its items and requests are safe. The page's unit ends when the handlers have. */
  pageCommitted: { readonly response: Response; readonly request: Request };
  /** The head of an answer has come, its body not yet. `stop()` cuts the download off: it fails with a DownloadStoppedError, or with `{ fail: false }` gives what came so far. Not for robots.txt and what else components fetch for themselves, nor for answers from caches, of `data:` and `file:` URLs. */
  headersReceived: {
    readonly request: Request;
    /** The address that answers. */
    readonly url: string;
    readonly status: number;
    readonly headers: HeaderMap;
    readonly stop: StopDownload;
  };
  /** A piece of a body has come, as it was sent: Content-Encoding is still on it. `stop()` cuts the download off, as in `headersReceived`. */
  bytesReceived: { readonly request: Request; readonly data: Uint8Array; readonly stop: StopDownload };
  /** A response left the downloader, before the middlewares. */
  responseDownloaded: { readonly response: Response; readonly request: Request };
  /** Nothing is queued; pages may still be under way. */
  schedulerEmpty: Record<string, never>;
  /** The process holds `memoryWarnBytes` of memory or more; once in a crawl. Scrapy's memusage_warning_reached. */
  memoryWarning: {
    readonly bytes: number;
    readonly warnBytes: number;
    /** Where the crawl closes; undefined: nowhere. */
    readonly limitBytes: number | undefined;
  };
  /** An output is complete. */
  feedClosed: {
    readonly uri: string;
    readonly format: string;
    readonly items: number;
    readonly bytes: number;
    /** Files, where it is cut into batches. */
    readonly batches?: number;
  };
  /** A file of an output is complete: a batch while the crawl goes on, or the only one. */
  feedSlotClosed: {
    readonly uri: string;
    readonly format: string;
    readonly items: number;
    readonly bytes: number;
    readonly batchId: number;
  };
  /** All outputs were closed, also those that failed. */
  feedExporterClosed: Record<string, never>;
}

/** The name of a signal. */
export type SignalName = keyof SignalMap;

/** Receives one signal. What it throws is logged and hinders nobody. */
export type SignalHandler<Name extends SignalName> = (data: SignalMap[Name]) => void | Promise<void>;

/** Where components listen to the crawl. */
export interface Signals {
  /** Connects a handler; gives a function that disconnects it. */
  on<Name extends SignalName>(name: Name, handler: SignalHandler<Name>): () => void;
  /** Whether somebody listens: ask before building costly data. */
  has(name: SignalName): boolean;
  /** Calls every handler and waits for all; a failing one is logged. */
  emit<Name extends SignalName>(name: Name, data: SignalMap[Name]): Promise<void> | undefined;
}
