import type { Request } from '../values/request.ts';

/** How the items of `start()` are numbered, as far as seeds must know it to be gone on with. */
export interface StartOrdinals {
  /** Number of the next item. */
  readonly next: number;
  /** The next item gets this number: those before it came of seeds that are not read again. */
  skipTo(ordinal: number): void;
}

/**
 * The seeds of a crawl: requests out of a file or stream, read only as they are asked for, once. A job goes on
 * behind the last seed that was committed. A seed is done with when the next one is asked for: what it leads to must
 * have been given by then.
 */
export interface SeedSource extends AsyncIterable<Request> {
  /** Whether the next seed is at hand, without a wait for file or stream. */
  readonly isReady: boolean;
  /** Whether anybody asked for seeds. */
  readonly isBegun: boolean;
  /** Named before the first seed is asked for. */
  countWith(ordinals: StartOrdinals): void;
  /** All that came of the seeds that are done with has been committed: they are not given again. */
  commit(): void;
  /** No further seed is given; one that is waited for does not come. */
  close(): void;
}
