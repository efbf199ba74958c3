import type { Journal, JournalRecord } from '../contracts/journal.ts';
import { keyAfter } from '../values/number-key.ts';

const RECORDS_A_READ = 4000;

/** Records on disk whose keys begin with a prefix, in their order; `from`: only those from this key on. */
export async function* journalRecords(
  journal: Journal,
  prefix: string,
  from: string = prefix,
): AsyncGenerator<JournalRecord> {
  for (let next = from; ; ) {
    const records = await journal.range(next, keyAfter(prefix), { limit: RECORDS_A_READ });
    yield* records;
    const last = records.at(-1);
    if (last === undefined) return;
    next = `${last.key}\0`;
  }
}
