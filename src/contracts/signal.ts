import type { Drop } from '../values/drop.ts';
import type { Failure } from '../values/failure.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';

/** The signals of a crawl and what their handlers receive. Scrapy's names. */
export interface SignalMap {
  engineStarted: Record<string, never>;
  engineStopped: Record<string, never>;
  spiderOpened: { readonly name: string };
  /** Nothing is left to do. A handler may push requests as `start()` gives them, or keep the crawl open. */
  spiderIdle: {
    readonly keepOpen: () => void;
    readonly push: (...requests: readonly Request[]) => void;
  };
  spiderClosed: { readonly name: string; readonly reason: string };
  spiderError: { readonly error: unknown; readonly response?: Response; readonly request?: Request };
  itemScraped: { readonly item: ItemRecord; readonly response?: Response };
  itemDropped: { readonly item: ItemRecord; readonly drop: Drop; readonly response?: Response };
  itemError: { readonly item: ItemRecord; readonly error: unknown; readonly response?: Response };
  requestScheduled: { readonly request: Request };
  requestDropped: { readonly request: Request; readonly reason: string };
  requestReachedDownloader: { readonly request: Request };
  requestLeftDownloader: { readonly request: Request };
  requestFailed: Failure;
  /** A response came back through the middlewares. */
  responseReceived: { readonly response: Response; readonly request: Request };
  /** A response left the downloader, before the middlewares. */
  responseDownloaded: { readonly response: Response; readonly request: Request };
  schedulerEmpty: Record<string, never>;
  feedClosed: {
    readonly uri: string;
    readonly format: string;
    readonly items: number;
    readonly bytes: number;
  };
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
