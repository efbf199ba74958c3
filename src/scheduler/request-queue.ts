import type { QueuedRequest } from './queued-request.ts';

/** The queue of one host: by priority, inside one newest first (`lifo`) or oldest first (`fifo`). */
export interface RequestQueue {
  readonly size: number;
  /** The priority of the next request; -Infinity: there is none. */
  readonly headPriority: number;
  push(entry: QueuedRequest): void;
  /** Puts a request back where it would be taken next among its priority. */
  pushBack(entry: QueuedRequest): void;
  /** The next request; undefined: there is none, or it must be read from disk first. */
  peek(): QueuedRequest | undefined;
  pop(): QueuedRequest | undefined;
  /** Takes everything out that is in memory. */
  clear(): void;
  /** Every request that is in memory, in no order. */
  values(): Iterable<QueuedRequest>;
}

/** Is told of every change of a frontier, so that it outlives the process. */
export interface FrontierNotes {
  /** A fingerprint is known from now on. */
  known(fingerprint: string): void;
  /** A request entered its host's queue; `from`: where it was before. */
  queued(entry: QueuedRequest, from: 'new' | 'delayed' | 'dead'): void;
  lent(entry: QueuedRequest): void;
  /** A lease was given back: the request is in its queue as if nothing had been. */
  returned(entry: QueuedRequest): void;
  /** A lease ended for good. */
  done(entry: QueuedRequest): void;
  /** A lease ended; the request waits for its retry. */
  delayed(entry: QueuedRequest): void;
  /** A lease ended; the request is given up. */
  dead(entry: QueuedRequest): void;
  /** Requests were dropped from where they stood. */
  dropped(entry: QueuedRequest): void;
  /** Nothing of the host is to be asked for so long. */
  blocked(host: string, forMs: number): void;
  /** The host may be asked again. */
  unblocked(host: string): void;
}
