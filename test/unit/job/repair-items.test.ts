import { beforeEach, describe, expect, it } from 'vitest';
import { JobItemLog } from '../../../src/job/job-item-log.ts';
import { JobJournal } from '../../../src/job/job-journal.ts';
import { repairItems } from '../../../src/job/repair-items.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { numberKey } from '../../../src/values/number-key.ts';
import { MemoryStore } from '../../support/memory-store.ts';

let records: Map<string, Uint8Array>;

const item = (name: string, ordinal = 0) => ({ item: { name }, fingerprint: `page ${name}`, ordinal });

async function journalOf(): Promise<JobJournal> {
  const store = new MemoryStore(records);
  const failed = (error: Error): never => {
    throw error;
  };
  return new JobJournal({ folder: 'job', store, clock: new ManualClock(), lastBatch: 0, onFailure: failed });
}

async function names(): Promise<unknown[]> {
  const log = await JobItemLog.open('job', await journalOf());
  const all: unknown[] = [];
  for (let at = 0; at < log.durableEnd; ) {
    const some = await log.read(at, 2);
    all.push(...some.map(({ name }) => name));
    at += some.length;
  }
  return all;
}

/** a, b; then a large page of c and d that was set aside; then e. */
beforeEach(async () => {
  records = new Map();
  const journal = await journalOf();
  const log = await JobItemLog.open('job', journal);
  log.append([item('a')]);
  log.append([item('b')]);
  log.setAside(1, [item('c')]);
  log.setAside(1, [item('d', 1)]);
  log.append([], 1);
  log.append([item('e')]);
  await journal.flushed();
});

const keyOf = (prefix: string, number: number): string => numberKey(prefix, number);

describe('repairItems', () => {
  it('leaves a whole log as it is', async () => {
    expect(await repairItems(await journalOf(), () => {})).toMatchObject({ items: 5, lost: 0 });
    expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('closes gaps and says where the items are now', async () => {
    records.delete(keyOf('i', 1));
    const { items, lost, positionOf } = await repairItems(await journalOf(), () => {});
    expect({ items, lost }).toEqual({ items: 4, lost: 1 });
    expect([0, 1, 2, 3, 5].map(positionOf)).toEqual([0, 1, 1, 2, 4]);
    expect(await names()).toEqual(['a', 'c', 'd', 'e']);
  });

  it('closes gaps in what was set aside', async () => {
    records.delete(numberKey(`${keyOf('p', 1)}/`, 0));
    expect((await repairItems(await journalOf(), () => {})).lost).toBe(1);
    expect(await names()).toEqual(['a', 'b', 'd', 'e']);
  });

  it('puts a large page back where only the record that refers to it is lost', async () => {
    records.delete(keyOf('i', 2));
    expect(await repairItems(await journalOf(), () => {})).toMatchObject({ items: 5, lost: 0 });
    expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('cannot say how many are lost without its counters, and tells the pages that are there', async () => {
    records.delete('sitems');
    const pages: string[] = [];
    expect((await repairItems(await journalOf(), (page) => pages.push(page))).lost).toBeUndefined();
    expect(pages).toEqual(['page a', 'page b', 'page c', 'page d', 'page e']);
  });
});
