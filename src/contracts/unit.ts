import type { HeaderMap } from '../values/header-map.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { BodySink } from './body-sink.ts';
import type { DownloadWatch } from './download-watch.ts';
import type { WireExchange } from './wire-exchange.ts';

/**
 * One page's work, from its lease to its commit, as hooks see it. What this attempt sends beyond the request
 * itself is written here and is gone with it: a retry or redirect starts from the request again.
 */
export interface Unit {
  /** Unique within the crawl. */
  readonly id: number;
  /** 1; 2 once a process has ended with it; one more each time a process ended while its answer was worked on. */
  readonly attempt: number;
  /** Failed tries before this one. */
  readonly retries: number;
  readonly request: Request;
  /** The answer, once there is one. */
  readonly response: Response | undefined;
  /** Whether it is an inline download (`this.fetch`, robots.txt, media): not queued, no callback. */
  readonly isInline: boolean;
  /** Aborted when the unit is given up. */
  readonly signal: AbortSignal;
  /** Headers of this attempt; starts as a copy of the request's. Write here, not to the request. */
  readonly headers: HeaderMap;
  /** Proxy of this attempt, with its credentials. */
  proxy: string | undefined;
  /** Limit for the whole response, in milliseconds. */
  timeoutMs: number;
  /** Most bytes of the body, unpacked. */
  maxBodyBytes: number;
  /**
   * Called with what went over the network, before the download settles; also when the answer was cut off by an
   * error. Not called when there was no answer. For archives: it keeps the packed body in memory.
   */
  onExchange?: ((exchange: WireExchange) => void) | undefined;
  /** Sees the answer while it comes; set for the listeners of `headersReceived` and `bytesReceived`. */
  readonly watch?: DownloadWatch | undefined;
  /** Where the body of the answer goes instead of memory; set by inline downloads that ask for it. */
  readonly bodySink?: BodySink | undefined;
  /** Notes of middlewares to themselves, by a key of their own. */
  readonly notes: Map<unknown, unknown>;
}
