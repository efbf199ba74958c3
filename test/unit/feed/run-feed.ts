import type { FeedCursor, FeedResult } from '../../../src/contracts/feed.ts';
import { createFeed, type FeedEnvironment } from '../../../src/feed/create-feed.ts';
import type { FeedOptions } from '../../../src/settings/feed-options.ts';
import type { ItemRecord } from '../../../src/values/item.ts';
import { FeedClock } from './feed-clock.ts';

/** One run of a feed, as a job makes it. */
export interface FeedRun {
  readonly uri: string;
  readonly options?: FeedOptions;
  readonly environment?: Partial<FeedEnvironment>;
  readonly cursor?: FeedCursor | undefined;
  readonly batches: readonly (readonly ItemRecord[])[];
}

/** What a run gave: each cursor that it had, in order, and its result. */
export interface FeedRunResult extends FeedResult {
  readonly cursors: readonly FeedCursor[];
}

/** Opens a feed, writes batches, each to the file before the next, and closes it. */
export async function runFeed({
  uri,
  options = {},
  environment,
  cursor,
  batches,
}: FeedRun): Promise<FeedRunResult> {
  const clock = new FeedClock();
  const feed = createFeed(uri, options, { clock, ...environment });
  const cursors: FeedCursor[] = [];
  const note = (): void => {
    const now = feed.durability === 'cursor' ? feed.cursor?.() : undefined;
    if (now !== undefined && now !== cursors.at(-1)) cursors.push(now);
  };
  await feed.open(cursor);
  note();
  for (const batch of batches) {
    const before = cursors.length;
    const waits = feed.write(batch);
    clock.run();
    await waits;
    // As long as a loaded disk may take: turns alone are over at once.
    const lateMs = performance.now() + 10_000;
    while (feed.durability === 'cursor' && cursors.length === before && performance.now() < lateMs) {
      await new Promise(setImmediate);
      note();
    }
  }
  const result = await feed.close();
  note();
  return { ...result, cursors };
}
