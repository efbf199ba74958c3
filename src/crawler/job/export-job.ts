import { systemClock } from '../../clock/system-clock.ts';
import type { Feed, FeedResult } from '../../contracts/feed.ts';
import { createFeed, type WholeFeed } from '../../feed/create-feed.ts';
import { JobItemLog } from '../../job/job-item-log.ts';
import type { FeedOptions } from '../../settings/feed-options.ts';
import { checkOutputs } from '../check-outputs.ts';
import { lookAtJob } from './with-job.ts';

const ITEMS_A_READ = 500;

/** How items are exported. */
export interface ExportOptions {
  /** Relative paths begin here. */
  readonly cwd: string;
  /** Ends the export in order once it is aborted: the reader of standard output has gone. */
  readonly onReaderGone?: () => void;
}

/**
 * Writes all items of a job that does not run into outputs, one after the other read of its log: files get all of
 * them or stay as they are. Outputs that the job itself writes are not told of it.
 *
 * @throws JobError as `inspectJob` does. @throws OutputError when an output cannot be written, SettingsError when two are one file.
 */
export async function exportJob(
  folder: string,
  outputs: Readonly<Record<string, FeedOptions>>,
  { cwd, onReaderGone }: ExportOptions,
): Promise<readonly FeedResult[]> {
  return lookAtJob(folder, async ({ journal, identity }) => {
    const items = await JobItemLog.open(folder, journal);
    let isGone = false;
    const environment = {
      clock: systemClock,
      folder: cwd,
      variables: { name: identity?.spider ?? 'job' },
      onReaderGone: () => {
        isGone = true;
        onReaderGone?.();
      },
    };
    const create = (whole?: WholeFeed): Feed[] =>
      Object.entries(outputs).map(([uri, options]) => createFeed(uri, options, { ...environment, whole }));
    checkOutputs(create());
    // A part of the items must neither take the place of what was there nor stand behind it.
    const feeds = create({ keepsContent: true });
    const opened: Feed[] = [];
    try {
      for (const feed of feeds) {
        await feed.open();
        opened.push(feed);
      }
      for (let position = 0; position < items.durableEnd && !isGone; ) {
        const some = await items.read(position, ITEMS_A_READ);
        if (some.length === 0) break;
        for (const feed of feeds) await feed.write(some);
        position += some.length;
      }
    } catch (error) {
      for (const feed of opened) await (feed.discard?.() ?? feed.close()).catch(() => {});
      throw error;
    }
    return await closeAll(feeds);
  });
}

/** Ends all outputs, also those behind one that fails. @throws the first fault. */
async function closeAll(feeds: readonly Feed[]): Promise<FeedResult[]> {
  const results: FeedResult[] = [];
  const faults: unknown[] = [];
  for (const feed of feeds) {
    try {
      results.push(await feed.close());
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return results;
}
