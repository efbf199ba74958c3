import { systemClock } from '../../clock/system-clock.ts';
import type { Store } from '../../contracts/store.ts';
import { JobError } from '../../errors/job-error.ts';
import { JOB_KEYS, readIdentityFile } from '../../job/job.ts';
import { CURSOR_KEYS } from '../../job/job-feed.ts';
import { JobJournal } from '../../job/job-journal.ts';
import { MEMORY_KEYS } from '../../job/job-memory.ts';
import { type RepairedFeeds, repairFeeds } from '../../job/repair-feeds.ts';
import { repairItems } from '../../job/repair-items.ts';
import type { Salvage } from '../../job/salvage-records.ts';
import { FRONTIER_KEYS } from '../../scheduler/frontier-keys.ts';
import { type RepairedFrontier, repairFrontier } from '../../scheduler/repair-frontier.ts';
import { SeenSet } from '../../scheduler/seen-set.ts';

/** What is mended. */
export interface MendOptions {
  readonly folder: string;
  /** A store with the records that are what was written. */
  readonly store: Store;
  readonly salvage: Salvage;
  readonly lostFiles: boolean;
}

/** What is left, and what is gone. */
export interface MendedRecords {
  readonly frontier: RepairedFrontier;
  readonly items: number;
  /** Items that are gone; undefined: nobody knows how many there were. */
  readonly lostItems: number | undefined;
  readonly feeds: RepairedFeeds;
  /** What else is gone, in words. */
  readonly lost: readonly string[];
}

/** Makes the records of a job consistent again; nobody else has the store open. */
export async function mendRecords({
  folder,
  store,
  salvage,
  lostFiles,
}: MendOptions): Promise<MendedRecords> {
  const { badKeys, missingBatches, hasOldHeads } = salvage;
  let failure: Error | undefined;
  const journal = await JobJournal.open({
    folder,
    store,
    clock: systemClock,
    onFailure: (error) => {
      failure = error;
    },
  });
  const mayBeOld = lostFiles || missingBatches > 0 || hasOldHeads;
  await mendIdentity(folder, journal);
  // That `start()` has ended is said by the key alone.
  if (badKeys.includes(JOB_KEYS.startDone)) journal.put(JOB_KEYS.startDone, '{}');
  journal.delete(JOB_KEYS.finish);
  const pagesWithItems = new SeenSet();
  const items = await repairItems(journal, (fingerprint) => pagesWithItems.add(fingerprint));
  if (mayBeOld || badKeys.some((key) => key.startsWith(CURSOR_KEYS))) journal.put(JOB_KEYS.feedsLost, '{}');
  const feeds = await repairFeeds(journal, {
    positionOf: items.positionOf,
    hasLost: items.lost !== 0,
    mayComeAgain: mayBeOld,
  });
  const delivered = await deliveredPages(journal);
  const frontier = await repairFrontier(journal, { pagesWithItems, mayBeOld, delivered });
  await journal.close();
  if (failure !== undefined) throw failure;
  return { frontier, items: items.items, lostItems: items.lost, feeds, lost: wordsOf(badKeys) };
}

/** What the job is about is also in a file that people can read. */
async function mendIdentity(folder: string, journal: JobJournal): Promise<void> {
  if ((await journal.get(JOB_KEYS.identity)) !== undefined) return;
  const copy = readIdentityFile(folder);
  if (copy === undefined)
    throw new JobError(
      folder,
      'damaged',
      'what it is about is lost, in its records and in job.json: no spider could go on with it',
    );
  const { isBegun: _isBegun, ...identity } = copy;
  journal.put(JOB_KEYS.identity, JSON.stringify(identity));
}

async function deliveredPages(journal: JobJournal): Promise<number> {
  const stats = await journal.get(MEMORY_KEYS.stats);
  if (stats === undefined) return 0;
  return (JSON.parse(stats.toString()) as Record<string, number>)['page/count'] ?? 0;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  [MEMORY_KEYS.stats, 'the stats of earlier runs'],
  [JOB_KEYS.runs, 'the list of earlier runs'],
  [FRONTIER_KEYS.leases, 'which pages were worked on when it ended'],
  [JOB_KEYS.startGeneration, 'how often start() was restarted'],
]);

/** Records of the job itself that are gone, in words; those that were made again are not. */
function wordsOf(badKeys: readonly string[]): string[] {
  return badKeys.flatMap((key) => {
    const known = WORDS.get(key);
    if (known !== undefined) return [known];
    if (key.startsWith(MEMORY_KEYS.state)) return [`the state of ${key.slice(MEMORY_KEYS.state.length)}`];
    if (!key.startsWith(CURSOR_KEYS)) return [];
    const uri = key.slice(CURSOR_KEYS.length);
    return [`the place in ${uri}: the next run writes it anew; move the file away, or overwrite it (-O)`];
  });
}
