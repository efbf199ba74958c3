import type { Journal } from '../contracts/journal.ts';
import { numberKey } from '../values/number-key.ts';
import { walkRecords } from '../values/walk-records.ts';
import { asidePrefix, type Group, ITEM_KEYS, type LogState } from './job-item-log.ts';
import { damaged } from './job-journal.ts';

/** Every key begins with one of these characters. */
const FIRST_KEY = ' ';
const BEHIND_ALL_KEYS = '\x7f';
const BYTES_A_READ = 4 * 1024 * 1024;

/**
 * Reads all records of a job, and its item log from end to end.
 *
 * @throws JobError when one of them is not what was written, or an item is missing.
 */
export async function checkRecords(folder: string, journal: Journal): Promise<void> {
  for (let from = FIRST_KEY; ; ) {
    const records = await journal.range(from, BEHIND_ALL_KEYS, { mostBytes: BYTES_A_READ });
    const last = records.at(-1);
    if (last === undefined) break;
    from = `${last.key}\0`;
  }
  const text = await journal.get(ITEM_KEYS.state);
  const { end }: Pick<LogState, 'end'> = text === undefined ? { end: 0 } : JSON.parse(text.toString());
  let position = 0;
  for await (const { key, payload } of walkRecords(journal, ITEM_KEYS.item)) {
    const group = JSON.parse(payload.toString()) as Group;
    const count = 'aside' in group ? await asideCount(journal, group.aside) : group.i.length;
    if (key !== numberKey(ITEM_KEYS.item, position) || ('aside' in group && count !== group.count))
      throw damaged(folder, `item ${position} is missing from its log`);
    position += count;
  }
  if (position !== end) throw damaged(folder, `${position} items are in its log where ${end} were written`);
}

/** Items that were set aside under a number, up to the first that is missing. */
async function asideCount(journal: Journal, number: number): Promise<number> {
  const prefix = asidePrefix(number);
  let count = 0;
  for await (const { key, payload } of walkRecords(journal, prefix)) {
    const group = JSON.parse(payload.toString()) as Group;
    if (key !== numberKey(prefix, count) || !('i' in group)) return count;
    count += group.i.length;
  }
  return count;
}
