import type { Journal } from '../contracts/journal.ts';
import { walkRecords } from '../values/walk-records.ts';
import type { KeptBatch } from './batch-job-feed.ts';
import { CURSOR_KEYS, type KeptCursor, type LiveCursor } from './job-feed.ts';

/** How the outputs of a damaged job go on. */
export interface FeedRepair {
  /** Where an item is now in the log. */
  readonly positionOf: (before: number) => number;
  /** Whether items are gone. */
  readonly hasLost: boolean;
  /**
   * Whether pages whose items are gone may be crawled again: then their items must leave the outputs, too, which
   * are written anew.
   */
  readonly mayComeAgain: boolean;
}

/** What becomes of the outputs. */
export interface RepairedFeeds {
  /** Outputs that keep what they have. */
  readonly kept: readonly string[];
  /** Outputs that the next run makes anew from the items that are left. */
  readonly anew: readonly string[];
}

/** Brings the places of feeds into line with the repaired item log. */
export async function repairFeeds(
  journal: Journal,
  { positionOf, hasLost, mayComeAgain }: FeedRepair,
): Promise<RepairedFeeds> {
  const kept: string[] = [];
  const anew: string[] = [];
  for await (const { key, payload } of walkRecords(journal, CURSOR_KEYS)) {
    const uri = key.slice(CURSOR_KEYS.length);
    const cursor = JSON.parse(payload.toString()) as Partial<KeptCursor> &
      Partial<LiveCursor> &
      Partial<KeptBatch>;
    const { items, first, batch, from } = cursor;
    if (batch !== undefined && from !== undefined) {
      const restart = { batch: 1, from: 0, chosen: 0, written: 0 };
      const place = mayComeAgain ? restart : { from: positionOf(from) };
      journal.put(key, JSON.stringify({ ...cursor, ...place }));
      (mayComeAgain ? anew : kept).push(uri);
    } else if (items === undefined) {
      if (hasLost) anew.push(uri);
    } else if (mayComeAgain && first !== undefined) {
      journal.put(key, JSON.stringify({ ...first, first }));
      anew.push(uri);
    } else {
      const place = positionOf(items);
      if (place !== items) journal.put(key, JSON.stringify({ ...cursor, items: place }));
      kept.push(uri);
    }
  }
  await journal.flushed();
  return { kept, anew };
}
