import type { Candidate } from '../values/candidate.ts';
import type { HeapMember } from './indexed-heap.ts';

/** A request as a scheduler holds it, from push to ack. */
export interface QueuedRequest extends Candidate, HeapMember {
  readonly id: number;
  /** Its place among requests of equal priority; new each time it enters a queue. */
  sequence: number;
  attempt: number;
  /** Processes that ended while it was lent. @defaultValue `0` */
  losses?: number | undefined;
  retries: number;
  priority: number;
  state: 'queued' | 'delayed' | 'leased' | 'dead';
  /** When a delayed request may go, monotonic. */
  dueMs: number;
  /** Why it is delayed or dead. */
  reason: string | undefined;
  /** The one behind it in the queue of its host. */
  next: QueuedRequest | undefined;
  /** Where it stands on disk while it is queued or leased. */
  key?: string | undefined;
  /** Its record, as long as it is noted but not written: to be fixed before the request changes. */
  record?: { fix(): void } | undefined;
  /** Its page has handed outputs on before its commit. */
  hasHandedOn?: true | undefined;
  /** What a dead request last got. */
  facts?: FailureFacts | undefined;
}

/** What is kept of a failure besides its reason. */
export interface FailureFacts {
  /** Status of the last answer. */
  readonly status?: number | undefined;
  /** Code or name of the error. */
  readonly code?: string | undefined;
  /** When it failed, wall clock. */
  readonly atMs?: number | undefined;
}

/** A request as it first comes to a scheduler. The names of its host are those given: equal ones share memory. */
export function newRequest(candidate: Candidate, id: number, host: string, origin: string): QueuedRequest {
  const { request, fingerprint, seenAs, filtered, callback, errback } = candidate;
  return {
    id,
    request,
    fingerprint,
    seenAs,
    host,
    origin,
    filtered,
    callback,
    errback,
    sequence: 0,
    attempt: 1,
    retries: 0,
    priority: request.priority,
    state: 'queued',
    dueMs: 0,
    reason: undefined,
    next: undefined,
    heapIndex: -1,
  };
}
