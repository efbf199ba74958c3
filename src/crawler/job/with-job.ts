import { systemClock } from '../../clock/system-clock.ts';
import { JobRecords } from '../../job/job-records.ts';
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
  const records = await JobRecords.open({ folder, clock: systemClock, openStore: openLevelStore });
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
