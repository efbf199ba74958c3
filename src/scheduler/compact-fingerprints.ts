import { join } from 'node:path';
import type { Journal } from '../contracts/journal.ts';
import { numberKey } from '../values/number-key.ts';
import { walkRecords } from '../values/walk-records.ts';
import { FRONTIER_KEYS } from './frontier-keys.ts';
import { type FrontierState, type ImageState, SEEN_IMAGE } from './frontier-state.ts';
import { writeSeenImage } from './seen-image.ts';
import { SeenSet } from './seen-set.ts';

/** How records of fingerprints are merged. */
export interface MergeOptions {
  /** Folder of the job. */
  readonly folder: string;
  /** Bytes from which on a record is large enough. @defaultValue 64 KiB */
  readonly largeBytes?: number;
  /** Fingerprints from which on the duplicate filter's image is worth writing. @defaultValue `100000` */
  readonly imageFrom?: number;
}

const WORDS = 4;
const LARGE_BYTES = 65_536;
const IMAGE_FROM = 100_000;
const RECORDS_A_MERGE = 1000;

/**
 * Merges the many small records of fingerprints, one for each batch of a crawl, into few large ones. Each step is
 * one batch after which the frontier is whole: the first small record takes the last ones in, so that the numbers
 * of the records have no gap. The image of the duplicate filter speaks of the old records: it goes first, and is
 * written anew at the end. Gives how many records there were and are.
 */
export async function compactFingerprints(
  journal: Journal,
  { folder, largeBytes = LARGE_BYTES, imageFrom = IMAGE_FROM }: MergeOptions,
): Promise<{ readonly before: number; readonly after: number }> {
  const text = await journal.get(FRONTIER_KEYS.state);
  if (text === undefined) return { before: 0, after: 0 };
  let state = JSON.parse(text.toString()) as FrontierState;
  const before = state.chunks;
  const read = async (chunk: number, count: number, reverse: boolean) =>
    journal.range(
      numberKey(FRONTIER_KEYS.fingerprints, reverse ? chunk - count : chunk),
      numberKey(FRONTIER_KEYS.fingerprints, reverse ? chunk : chunk + count),
      { limit: count, reverse },
    );
  let first = 0;
  let hasImage = (await journal.get(FRONTIER_KEYS.image)) !== undefined;
  while (first < state.chunks - 1) {
    const [small] = await read(first, 1, false);
    if (small === undefined || small.payload.length >= largeBytes) {
      first += 1;
      continue;
    }
    const parts = [small.payload];
    let bytes = small.payload.length;
    const most = Math.min(RECORDS_A_MERGE, state.chunks - 1 - first);
    for (const { key, payload } of await read(state.chunks, most, true)) {
      if (bytes >= largeBytes) break;
      parts.push(payload);
      bytes += payload.length;
      journal.delete(key);
    }
    journal.put(small.key, Buffer.concat(parts));
    state = { ...state, chunks: state.chunks - (parts.length - 1) };
    journal.put(FRONTIER_KEYS.state, JSON.stringify(state));
    if (hasImage) journal.delete(FRONTIER_KEYS.image);
    hasImage = false;
    await journal.flushed();
  }
  if (!hasImage && state.known >= imageFrom) await writeImage(journal, folder, state);
  return { before, after: state.chunks };
}

async function writeImage(journal: Journal, folder: string, { chunks }: FrontierState): Promise<void> {
  const seen = new SeenSet();
  const words = new Uint32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);
  for await (const { payload } of walkRecords(journal, FRONTIER_KEYS.fingerprints)) {
    for (let at = 0; at < payload.length; at += bytes.length) {
      bytes.set(payload.subarray(at, at + bytes.length));
      seen.addWords(words);
    }
  }
  await writeSeenImage(seen, join(folder, SEEN_IMAGE), () => journal.flushed());
  const image: ImageState = { chunks };
  journal.put(FRONTIER_KEYS.image, JSON.stringify(image));
  await journal.flushed();
}
