import { systemClock } from '../../clock/system-clock.ts';
import { StoreError } from '../../errors/store-error.ts';
import { JobRecords, type JobRecordsOptions } from '../../job/job-records.ts';
import { openLevelCopy } from '../../store/level-copy.ts';
import { openLevelStore } from '../../store/level-store.ts';

/**
 * Opens a job that does not run, for one piece of work, and closes it.
 *
 * @throws JobError when it runs elsewhere, is damaged, of a later release, or no job at all.
 */
export async function withJob<Result>(
  folder: string,
  work: (records: JobRecords) => Promise<Result>,
): Promise<Result> {
  return await withRecords(folder, openLevelStore, work);
}

/**
 * The same for work that only reads: it is also done where nothing can be written, on a read-only file system.
 *
 * @throws JobError as `withJob` does.
 */
export async function lookAtJob<Result>(
  folder: string,
  work: (records: JobRecords) => Promise<Result>,
  openStore: JobRecordsOptions['openStore'] = openLevelStore,
): Promise<Result> {
  const open: JobRecordsOptions['openStore'] = async (path, options) => {
    try {
      return await openStore(path, options);
    } catch (error) {
      if (isReadOnly(error)) return await openLevelCopy(path);
      throw error;
    }
  };
  return await withRecords(folder, open, work);
}

function isReadOnly(error: unknown): boolean {
  const cause = error instanceof StoreError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'EROFS';
}

async function withRecords<Result>(
  folder: string,
  openStore: JobRecordsOptions['openStore'],
  work: (records: JobRecords) => Promise<Result>,
): Promise<Result> {
  const records = await JobRecords.open({ folder, clock: systemClock, openStore });
  let result: Result;
  try {
    result = await work(records);
  } catch (error) {
    await records.close().catch(() => {});
    throw error;
  }
  await records.close();
  return result;
}
