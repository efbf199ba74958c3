import type { Drop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Outcome } from './outcome.ts';
import type { Unit } from './unit.ts';

/** Where an item came from; names it for good, also over restarts. */
export interface ItemOrigin
  extends Pick<Unit, 'id' | 'attempt' | 'retries' | 'request' | 'response' | 'signal'> {
  /** Identity of the page's request, as text. */
  readonly fingerprint: string;
  /** The item's place among those of its page, from 0. */
  readonly ordinal: number;
}

/** An item on its way into the page's commit. */
export interface CommittedItem<Item extends object = ItemRecord> {
  readonly item: Item;
  readonly fingerprint: string;
  readonly ordinal: number;
}

/** A step that an item passes on its way to the feeds. Every hook but the name is optional. */
export interface ItemPipeline<Item extends object = ItemRecord> {
  readonly name: string;
  /** Nothing: the same item goes on. An item: that one. Drop: not this one, counted by its reason. Throwing: the item is lost to an error, counted and logged. */
  processItem?(item: Item, origin: ItemOrigin): Outcome<Item | Drop>;
  /**
   * All items of a commit, before it is acknowledged. Must be idempotent by (fingerprint, ordinal): after a
   * crash the same items may come again. Throwing stops the crawl.
   */
  commit?(batch: readonly CommittedItem<Item>[]): Outcome<never>;
  /** Whether `commit` writes the items somewhere: then the summary misses no output. @defaultValue `true` with `commit` */
  readonly keepsItems?: boolean;
  /** Awaited before the first request. Throwing ends the crawl before it starts; a CloseCrawlError says with which reason. */
  open?(): Outcome<never>;
  /** Awaited at the end, in reverse order. */
  close?(reason: string): Outcome<never>;
}
