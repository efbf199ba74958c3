import type { Candidate } from '../values/candidate.ts';
import type { HeapMember } from './indexed-heap.ts';

/** A request as the memory scheduler holds it, from push to ack. */
export interface QueuedRequest extends HeapMember {
  readonly id: number;
  readonly candidate: Candidate;
  attempt: number;
  retries: number;
  priority: number;
  state: 'queued' | 'delayed' | 'leased' | 'dead';
  /** When a delayed request may go, monotonic. */
  dueMs: number;
  /** Why it is delayed or dead. */
  reason: string | undefined;
}
