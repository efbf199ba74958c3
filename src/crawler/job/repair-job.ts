import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../clock/system-clock.ts';
import type { Store, StoreEntry } from '../../contracts/store.ts';
import { JobError } from '../../errors/job-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { checkRecords } from '../../job/check-records.ts';
import { FrozenJournal } from '../../job/frozen-journal.ts';
import { JOB_FILES, readIdentityFile, storeFault } from '../../job/job.ts';
import { isJobFolder, JobRecords } from '../../job/job-records.ts';
import { type Salvage, salvageRecords } from '../../job/salvage-records.ts';
import { SEEN_IMAGE } from '../../scheduler/frontier-state.ts';
import { restoredFrontier } from '../../scheduler/restored-frontier.ts';
import { damagedFiles } from '../../store/damaged-files.ts';
import { openLevelStore, repairLevelStore, salvagedEntries } from '../../store/level-store.ts';
import { readTable } from '../../store/level-tables.ts';
import { mendableCopy } from '../../store/mendable-copy.ts';
import { aloneInJob, mustNotRun } from './alone-in-job.ts';
import { type MendedRecords, mendRecords } from './mend-records.ts';

/** What the repair of a job came to. */
export interface JobRepair extends MendedRecords {
  /** Where the damaged store is kept. */
  readonly damagedStore: string;
  /** Batches of changes that are missing between others. */
  readonly missingBatches: number;
  /** Files of the store itself were damaged: what they held is gone without a count. */
  readonly lostFiles: boolean;
}

/** Names in the folder of a job: what is being made, and what is done and only has to take its place. */
const MADE = 'store.new';
const DONE = 'store.repaired';
const COPY = 'store.copy';

/**
 * What is wrong with a job; undefined: nothing. All of it is read.
 *
 * @throws JobError when it runs elsewhere, is of a later release, or no job at all.
 */
export async function findDamage(folder: string): Promise<string | undefined> {
  if (isJobFolder(folder) && existsSync(join(folder, DONE)))
    await aloneInJob(folder, () => finishInterrupted(folder));
  const { tables, logs } = await damagedFiles(join(folder, JOB_FILES.store));
  const [file] = [...tables, ...logs];
  if (file !== undefined) {
    await mustNotRun(folder);
    return `its file ${JOB_FILES.store}/${file} is not what was written`;
  }
  try {
    await checkJob(folder, JOB_FILES.store);
    return undefined;
  } catch (error) {
    if (error instanceof JobError && error.problem === 'damaged') return wordsOf(error, folder);
    throw error;
  }
}

/**
 * Mends a damaged job: what can be read is written into a new store and made consistent there; only then the new
 * one takes the place of the damaged one, which is kept.
 *
 * @throws JobError when it runs elsewhere, or nothing can be saved; the job is as it was then.
 */
export async function repairJob(folder: string): Promise<JobRepair> {
  if (!existsSync(join(folder, JOB_FILES.store)))
    throw new JobError(folder, 'damaged', `there is no folder ${JOB_FILES.store}: nothing is left to save`);
  return await aloneInJob(folder, () => repairedJob(folder));
}

async function repairedJob(folder: string): Promise<JobRepair> {
  const made = join(folder, MADE);
  try {
    await rm(made, { recursive: true, force: true });
    const { store, salvage, lostFiles } = await salvaged(folder);
    const mended = await closing(store, () => mendRecords({ folder, store, salvage, lostFiles }));
    await checkJob(folder, MADE);
    await rename(made, join(folder, DONE));
    const damagedStore = await takePlace(folder);
    return { ...mended, damagedStore, missingBatches: salvage.missingBatches, lostFiles };
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error instanceof StoreError ? storeFault(folder, error) : error;
  } finally {
    await rm(join(folder, COPY), { recursive: true, force: true });
  }
}

/** Reads a job as its next run would, and more thoroughly; nothing is changed. */
async function checkJob(folder: string, name: string): Promise<void> {
  const records = await JobRecords.open({
    folder,
    clock: systemClock,
    openStore: (_path, options) => openLevelStore(join(folder, name), options),
  });
  try {
    const { journal } = records;
    const isBegun = readIdentityFile(folder)?.isBegun === true;
    if (records.identity === undefined && (isBegun || journal.durableBatch > 0))
      throw new JobError(folder, 'damaged', 'the record that says what it is about is missing');
    await checkRecords(folder, journal);
    await restoredFrontier(folder, new FrozenJournal(journal), systemClock);
  } catch (error) {
    throw error instanceof StoreError ? storeFault(folder, error) : error;
  } finally {
    await records.close().catch(() => {});
  }
}

/** A new store with all records that can be read. */
async function salvaged(
  folder: string,
): Promise<{ readonly store: Store; readonly salvage: Salvage; readonly lostFiles: boolean }> {
  const damagedPath = join(folder, JOB_FILES.store);
  // LevelDB writes to what it only opens, and drops what it cannot read: it gets a copy.
  const copy = join(folder, COPY);
  const damaged = await damagedFiles(damagedPath);
  const { tables } = damaged;
  await mendableCopy(damagedPath, copy, damaged);
  try {
    if (tables.length === 0) return { ...(await readInto(folder, salvagedEntries(copy))), lostFiles: false };
  } catch (error) {
    if (!(error instanceof StoreError) || error.problem === 'locked') throw error;
    await mendableCopy(damagedPath, copy, damaged);
  }
  await repairLevelStore(copy);
  return { ...(await readInto(folder, withBlocks(copy, damagedPath, tables))), lostFiles: true };
}

async function readInto(
  folder: string,
  entries: AsyncIterable<StoreEntry>,
): Promise<{ readonly store: Store; readonly salvage: Salvage }> {
  await rm(join(folder, MADE), { recursive: true, force: true });
  const store = await openLevelStore(join(folder, MADE), { create: true });
  try {
    return { store, salvage: await salvageRecords(entries, store) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The blocks of damaged tables that are whole come first: newer records of other tables are written over them. */
async function* withBlocks(
  repaired: string,
  damagedPath: string,
  damaged: readonly string[],
): AsyncIterable<StoreEntry> {
  for (const name of damaged) yield* readTable(await readFile(join(damagedPath, name))).entries;
  yield* salvagedEntries(repaired);
}

async function closing<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    await store.compact?.();
    await store.sync();
    return result;
  } finally {
    await store.close();
  }
}

/** Puts the repaired store in the place of the damaged one; gives where that is now. */
async function takePlace(folder: string): Promise<string> {
  const time = new Date(systemClock.now()).toISOString().slice(0, 19).replaceAll(':', '-');
  const store = join(folder, JOB_FILES.store);
  let kept = join(folder, `${JOB_FILES.store}.damaged-${time}`);
  for (let number = 2; existsSync(kept); number += 1)
    kept = join(folder, `${JOB_FILES.store}.damaged-${time}-${number}`);
  // The image of the duplicate filter may know pages whose requests are lost.
  await rm(join(folder, SEEN_IMAGE), { force: true });
  await rename(store, kept);
  await rename(join(folder, DONE), store);
  return kept;
}

/** A repair that ended between its last two steps. */
async function finishInterrupted(folder: string): Promise<void> {
  const done = join(folder, DONE);
  if (!existsSync(done)) return;
  if (existsSync(join(folder, JOB_FILES.store))) await rm(done, { recursive: true, force: true });
  else await rename(done, join(folder, JOB_FILES.store));
}

/** What is wrong, without what to do about it: that is being done. */
function wordsOf({ message }: JobError, folder: string): string {
  return message.replace(`job ${folder}: `, '').replace(/; `crawl job repair`.*$/, '');
}
