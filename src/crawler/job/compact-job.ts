import { folderBytes } from '../../job/folder-bytes.ts';
import { JobItemLog } from '../../job/job-item-log.ts';
import { compactFingerprints } from '../../scheduler/compact-fingerprints.ts';
import { removeUnfinishedImages } from '../../scheduler/seen-image.ts';
import { withJob } from './with-job.ts';

/** What compacting a job came to, in bytes of all its files. */
export interface JobCompaction {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Makes the files of a job that does not run as small as they can be without losing anything. A crash on the way
 * leaves the job whole.
 *
 * @throws JobError as `inspectJob` does.
 */
export async function compactJob(folder: string): Promise<JobCompaction> {
  const bytesBefore = await folderBytes(folder);
  await withJob(folder, async ({ journal, store }) => {
    // Opening the log notes the end of items that were set aside for pages that came to nothing.
    await JobItemLog.open(folder, journal);
    await removeUnfinishedImages(folder);
    await compactFingerprints(journal, { folder });
    await store.compact?.();
  });
  return { bytesBefore, bytesAfter: await folderBytes(folder) };
}
