import { describe, expect, it } from 'vitest';
import type { CommittedItem } from '../../../src/contracts/item-pipeline.ts';
import type { RangeOptions, StoreEntry } from '../../../src/contracts/store.ts';
import { ITEM_KEYS, JobItemLog } from '../../../src/job/job-item-log.ts';
import { JobJournal } from '../../../src/job/job-journal.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { MemoryStore } from '../../support/memory-store.ts';

/** Counts what it is asked for. */
class CountingStore extends MemoryStore {
  reads = 0;

  override get(key: string): Promise<Uint8Array | undefined> {
    this.reads += 1;
    return super.get(key);
  }

  override range(from: string, to: string, options?: RangeOptions): Promise<readonly StoreEntry[]> {
    this.reads += 1;
    return super.range(from, to, options);
  }
}

const committed = (from: number, count: number, fingerprint = 'page'): CommittedItem[] =>
  Array.from({ length: count }, (_, at) => ({ item: { id: from + at }, fingerprint, ordinal: from + at }));

async function opened(records: Map<string, Uint8Array> = new Map()) {
  const options = { folder: 'job', clock: new ManualClock(), onFailure: () => {} };
  const store = new CountingStore(records);
  const journal = await JobJournal.open({ ...options, store });
  store.reads = 0;
  const log = await JobItemLog.open('job', journal);
  const { reads } = store;
  const ids = async (from = 0): Promise<unknown[]> => {
    const found: unknown[] = [];
    while (from + found.length < log.durableEnd) {
      const some = await log.read(from + found.length, 50);
      expect(some.length).toBeGreaterThan(0);
      found.push(...some.map((item) => item.id));
    }
    return found;
  };
  return { journal, log, ids, records, reads };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

describe('JobItemLog', () => {
  it('counts items at once, and gives them once they are on disk', async () => {
    const { journal, log, ids } = await opened();
    log.append(committed(0, 3));
    expect([log.end, log.durableEnd, await log.read(0, 10)]).toEqual([3, 0, []]);
    await journal.flushed();
    expect([log.durableEnd, await ids()]).toEqual([3, [0, 1, 2]]);
  });

  it('reads from any position, within records and between them', async () => {
    const { journal, log, ids } = await opened();
    log.append(committed(0, 250));
    log.append(committed(250, 2));
    await journal.flushed();
    for (const from of [0, 1, 99, 100, 101, 249, 250, 251])
      expect(await ids(from)).toEqual(numbers(from, 252));
  });

  it('gives large items a few at a time, also those that were set aside', async () => {
    const { journal, log, ids } = await opened();
    const large = committed(0, 40).map((one) => ({
      ...one,
      item: { ...one.item, html: 'x'.repeat(100_000) },
    }));
    log.setAside(7, large.slice(0, 20));
    log.append(large.slice(20), 7);
    await journal.flushed();
    expect((await log.read(0, 500)).length).toBeLessThan(10);
    expect((await log.read(25, 500)).length).toBeLessThan(10);
    expect(await ids()).toEqual(numbers(0, 40));
  });

  it('puts what was set aside for a page before the rest of the page, in the place of its commit', async () => {
    const { journal, log, ids } = await opened();
    log.setAside(7, committed(10, 150));
    log.setAside(7, committed(160, 150));
    log.append(committed(0, 10));
    log.append(committed(310, 5), 7);
    log.append(committed(315, 5));
    await journal.flushed();
    expect(await ids()).toEqual(numbers(0, 320));
    expect(await ids(205)).toEqual(numbers(205, 320));
  });

  it('forgets what was set aside for a page that came to nothing', async () => {
    const { journal, log, ids } = await opened();
    log.setAside(7, committed(100, 5));
    log.discard(7);
    log.setAside(7, committed(0, 2));
    log.append([], 7);
    await journal.flushed();
    expect(await ids()).toEqual([0, 1]);
  });

  it('deletes what no commit took when it is opened again, and keeps the rest', async () => {
    const first = await opened();
    first.log.setAside(1, committed(0, 3));
    first.log.append([], 1);
    first.log.setAside(2, committed(100, 3));
    await first.journal.flushed();
    const again = await opened(first.records);
    await again.journal.flushed();
    expect([...first.records.keys()].filter((key) => key.startsWith('p'))).toHaveLength(1);
    expect(await again.ids()).toEqual([0, 1, 2]);
    again.log.setAside(1, committed(3, 1));
    again.log.append([], 1);
    await again.journal.flushed();
    expect(await again.ids()).toEqual([0, 1, 2, 3]);
  });

  it('opens as quickly behind many large pages as behind one', async () => {
    const readsBehind = async (pages: number): Promise<number[]> => {
      const first = await opened();
      for (let page = 0; page < pages; page++) {
        first.log.setAside(page, committed(page, 1));
        if (page !== 2) first.log.append([], page);
      }
      await first.journal.flushed();
      const again = await opened(first.records);
      again.journal.changed();
      await again.journal.flushed();
      expect(await again.ids()).toEqual(numbers(0, pages).filter((page) => page !== 2));
      return [again.reads, (await opened(first.records)).reads];
    };
    const [one, many] = [await readsBehind(1), await readsBehind(200)];
    expect(many[0]).toBeLessThan((one[0] ?? 0) + 5);
    expect(many[1]).toBe(one[1]);
  });

  it('deletes what no commit took in a job of a release that did not note how far that was done', async () => {
    const first = await opened();
    for (const page of [1, 2, 3]) first.log.setAside(page, committed(page, 1));
    first.log.append([], 2);
    await first.journal.flushed();
    const { settledAside: _, ...old } = JSON.parse(
      (await first.journal.get(ITEM_KEYS.state))?.toString() ?? '',
    );
    first.journal.put(ITEM_KEYS.state, JSON.stringify(old));
    await first.journal.flushed();
    const again = await opened(first.records);
    await again.journal.flushed();
    expect([...first.records.keys()].filter((key) => key.startsWith('p'))).toHaveLength(1);
    expect(await again.ids()).toEqual([2]);
  });

  it('remembers how far start() came', async () => {
    const first = await opened();
    first.log.append(committed(0, 4, 'start'));
    await first.journal.flushed();
    expect((await opened(first.records)).log.startOrdinals).toBe(4);
  });

  it('tells of a record that is missing in between, and of one at the end', async () => {
    const { journal, log, records, ids } = await opened();
    for (let page = 0; page < 3; page++) log.append(committed(page * 2, 2));
    await journal.flushed();
    const keys = [...records.keys()].filter((key) => key.startsWith('i')).sort();
    const [, middle = '', last = ''] = keys;
    await expect(opened(without(records, last))).rejects.toThrow(
      /holds 4 items where 6 were written.*repair/,
    );
    records.delete(middle);
    await expect(ids()).rejects.toThrow(/item 2 is missing from its log/);
  });
});

function without(records: ReadonlyMap<string, Uint8Array>, key: string): Map<string, Uint8Array> {
  const rest = new Map(records);
  rest.delete(key);
  return rest;
}
