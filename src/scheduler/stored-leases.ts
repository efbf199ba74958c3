import type { Journal } from '../contracts/journal.ts';
import { FRONTIER_KEYS } from './frontier-keys.ts';

/** A lease on disk. Its request stands in its queue until the lease ends, under the key with this sequence. */
export interface StoredLease {
  readonly sequence: number;
  readonly attempt: number;
  /** What is known of its answer: it is worked on, and for long. */
  readonly work?: 'begun' | 'slow' | undefined;
}

/** All leases are one record, which each batch that changes one writes over: most end within a batch or two. */
type Tuple = readonly [sequence: number, attempt: number, work?: StoredLease['work']];

/** The record of all leases. */
export function storedLeases(leases: Iterable<StoredLease>): string {
  const tuples: Tuple[] = [];
  for (const { sequence, attempt, work } of leases)
    tuples.push(work === undefined ? [sequence, attempt] : [sequence, attempt, work]);
  return JSON.stringify(tuples);
}

/** The leases of a job by their sequences. @throws JobError when the record is damaged. */
export async function readLeases(journal: Journal): Promise<Map<number, StoredLease>> {
  const stored = await journal.get(FRONTIER_KEYS.leases);
  const tuples = stored === undefined ? [] : (JSON.parse(stored.toString()) as Tuple[]);
  return new Map(tuples.map(([sequence, attempt, work]) => [sequence, { sequence, attempt, work }]));
}
