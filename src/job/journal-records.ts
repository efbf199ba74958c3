import type { Journal, JournalRecord } from '../contracts/journal.ts';
import { keyAfter } from '../values/number-key.ts';

/** Records on disk whose keys begin with a prefix, in their order. */
export async function* journalRecords(journal: Journal, prefix: string): AsyncGenerator<JournalRecord> {
  for (let from = prefix; ; ) {
    const records = await journal.range(from, keyAfter(prefix));
    yield* records;
    const last = records.at(-1);
    if (last === undefined) return;
    from = `${last.key}\0`;
  }
}
