import type { Store, StoreChange, StoreEntry } from '../contracts/store.ts';
import { HeadCheck } from './head-check.ts';
import { ITEM_KEYS } from './job-item-log.ts';
import { BATCH_MARK, MARKS_KEPT } from './job-journal.ts';
import { unsealRecord } from './record.ts';

/** What a walk over the records of a damaged job found. */
export interface Salvage {
  /** Records that are not what was written, by the first character of their keys. */
  readonly bad: ReadonlyMap<string, number>;
  /** Keys of those of the job itself: states, counters, places of feeds. */
  readonly badKeys: readonly string[];
  /** Batches that are missing between others. */
  readonly missingBatches: number;
  /** Counters, states or places of feeds are not those of the last batch. */
  readonly hasOldHeads: boolean;
}

const BATCH_BYTES = 1024 * 1024;
const OWN_KEYS = /^[a-z]/;
/** Records that are many, and are told by their number only. */
const MANY: ReadonlySet<string> = new Set(['q', 'd', 'x', 'h', 'f', BATCH_MARK, ...Object.values(ITEM_KEYS)]);

/** Writes the records that are what was written into a new store, whose batches are counted anew. */
export async function salvageRecords(entries: AsyncIterable<StoreEntry>, into: Store): Promise<Salvage> {
  const bad = new Map<string, number>();
  const badKeys: string[] = [];
  const heads = new HeadCheck();
  let lastHeads = '';
  let lastBatch = 0;
  const batches = new Set<number>();
  let changes: StoreChange[] = [];
  let bytes = 0;
  for await (const { key, value } of entries) {
    if (key.startsWith(BATCH_MARK)) {
      const number = Number.parseInt(key.slice(BATCH_MARK.length), 16);
      // A mark whose payload alone is damaged still says that its batch is there.
      if (Number.isSafeInteger(number)) batches.add(number);
      // Blocks of damaged tables come first, and hold marks that come again.
      if (!(number >= lastBatch)) continue;
      lastBatch = number;
      lastHeads = unsealRecord(key, value)?.toString() ?? '';
      continue;
    }
    heads.note(key, value);
    if (unsealRecord(key, value) === undefined) {
      const kind = key.slice(0, 1);
      bad.set(kind, (bad.get(kind) ?? 0) + 1);
      if (OWN_KEYS.test(key) && !MANY.has(kind)) badKeys.push(key);
    } else {
      changes.push([key, value]);
      bytes += key.length + value.length;
      if (bytes < BATCH_BYTES) continue;
      await into.batch(changes);
      changes = [];
      bytes = 0;
    }
  }
  if (changes.length > 0) await into.batch(changes);
  const expected = Math.min(lastBatch, MARKS_KEPT);
  let found = 0;
  for (const number of batches) if (number > lastBatch - expected) found += 1;
  return {
    bad,
    badKeys,
    missingBatches: expected - found,
    hasOldHeads: lastHeads !== '' && lastHeads !== heads.text,
  };
}
