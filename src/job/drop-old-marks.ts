import { numberKey } from '../values/number-key.ts';
import { BATCH_MARK } from './job-journal.ts';
import type { JobRecords } from './job-records.ts';

const MARKS_A_BATCH = 1000;

/** Deletes the marks of all batches but the last, oldest first, so that those that are there have no gap. */
export async function dropOldMarks({ journal, store }: JobRecords): Promise<void> {
  await journal.flushed();
  const last = numberKey(BATCH_MARK, journal.durableBatch);
  for (;;) {
    const marks = await store.range(BATCH_MARK, last, { limit: MARKS_A_BATCH });
    if (marks.length === 0) break;
    await store.batch(marks.map(({ key }) => [key, undefined] as const));
  }
  await store.sync();
}
