import type { ItemRecord } from '../values/item.ts';
import type { CommittedItem } from './item-pipeline.ts';

/** Items of a job in the order of their commits; position 0 is the first item of the job. */
export interface ItemLog {
  /** Position behind the last item that was noted. */
  readonly end: number;
  /** Position behind the last item that is on disk. */
  readonly durableEnd: number;
  /** Items of `start()` that the log has: their ordinals are below this. */
  readonly startOrdinals: number;
  /** Notes the items of a commit; `owner`: what was set aside for it comes first. */
  append(items: readonly CommittedItem[], owner?: number): void;
  /** Sets items of a unit aside until its commit; without one they are gone after a restart. */
  setAside(owner: number, items: readonly CommittedItem[]): void;
  /** Forgets what was set aside for a unit. */
  discard(owner: number): void;
  /** Items on disk from a position on, at most about so many; none: there are no more. */
  read(from: number, limit: number): Promise<readonly ItemRecord[]>;
  /** Called when more items are on disk. */
  onDurable(listener: () => void): void;
}
