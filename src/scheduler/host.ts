import type { HostPass } from '../contracts/scheduler.ts';
import type { HostPace } from './host-pace.ts';
import type { HeapMember } from './indexed-heap.ts';
import type { RequestQueue } from './request-queue.ts';

/** Somebody who waits for a place at a host outside of the queue. */
export interface Waiter {
  enter(pass: HostPass): void;
}

/** Where a host stands: in one of the heaps, or out of both. */
export type HostPlace = 'ready' | 'waiting' | 'none';

/** All that the memory scheduler knows of one host. */
export interface Host extends HeapMember {
  readonly name: string;
  /** The origin of its last new request. */
  origin: string;
  readonly queue: RequestQueue;
  readonly pace: HostPace;
  /** Those who go before the queue, first come first served. */
  waiters: Set<Waiter> | undefined;
  /** Origins whose requests may go, and until when (monotonic), the longest known first. */
  preparedUntilMs: Map<string, number> | undefined;
  /** The origin that is being prepared; the queue stands still for it. */
  preparing: string | undefined;
  place: HostPlace;
  inFlight: number;
  /** Monotonic time before which no download starts. */
  nextAtMs: number;
  /** The last place that was given and what it did to `nextAtMs`: taken back where nothing comes to be downloaded. */
  delayedBy: { readonly place: object; readonly beforeMs: number; readonly untilMs: number } | undefined;
  /** Serial number of its last turn: the lowest was served least recently. */
  servedAt: number;
}
