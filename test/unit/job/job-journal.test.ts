import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { StoreChange } from '../../../src/contracts/store.ts';
import type { JobError } from '../../../src/errors/job-error.ts';
import { JobJournal } from '../../../src/job/job-journal.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { FaultyStore } from '../../support/faulty-store.ts';
import { MemoryStore } from '../../support/memory-store.ts';

/** Keeps the keys of each batch, marks left out. */
class RecordingStore extends MemoryStore {
  readonly batches: string[][] = [];

  override async batch(changes: readonly StoreChange[]): Promise<void> {
    const texts = changes.map(([key, value]) => (value === undefined ? `-${key}` : key));
    this.batches.push(texts.filter((text) => !text.startsWith('b')));
    await super.batch(changes);
  }
}

async function opened(records: Map<string, Uint8Array> = new Map(), store = new RecordingStore(records)) {
  const clock = new ManualClock();
  const failures: JobError[] = [];
  const onFailure = (error: JobError): void => {
    failures.push(error);
  };
  const journal = await JobJournal.open({ folder: '/jobs/one', store, clock, onFailure });
  return { journal, store, clock, failures, records };
}

describe('JobJournal', () => {
  it('writes what one turn noted as one batch, 20 ms later', async () => {
    const { journal, store, clock } = await opened();
    journal.put('q1', 'a');
    journal.put('q2', 'b');
    await clock.advance(19);
    expect(store.batches).toEqual([]);
    await clock.advance(1);
    expect(store.batches).toEqual([['q1', 'q2']]);
  });

  it('writes a full batch at once, and never splits a turn', async () => {
    const { journal, store } = await opened();
    for (let at = 0; at < 700; at++) journal.add(`q${at}`, '');
    await setImmediate();
    await setImmediate();
    await setImmediate();
    expect(store.batches.map(({ length }) => length)).toEqual([700]);
  });

  it('is behind where few changes hold much, until they are written or taken back', async () => {
    const { journal } = await opened();
    const large = 'x'.repeat(1024 * 1024);
    for (let at = 0; at < 33; at++) journal.add(`i${at}`, large);
    expect(journal.isBehind).toBe(true);
    journal.delete('i0');
    journal.put('i1', '');
    expect(journal.isBehind).toBe(false);
    journal.put('i1', large);
    journal.put('i2000', large);
    expect(journal.isBehind).toBe(true);
    await journal.flushed();
    expect(journal.isBehind).toBe(false);
  });

  it('gives the loop back while it writes large records', async () => {
    const { journal } = await opened();
    for (let at = 0; at < 40; at++) journal.add(`i${at}`, 'x'.repeat(256 * 1024));
    let turns = 0;
    let isWritten = false;
    void journal.flushed().then(() => {
      isWritten = true;
    });
    for (; !isWritten; turns++) await setImmediate();
    expect(turns).toBeGreaterThan(15);
  });

  it('does not write a record that is added and deleted before its batch, but what has changed by it', async () => {
    const { journal, store } = await opened();
    journal.beforeBatch(() => journal.put('scount', '1'));
    journal.add('l1', 'lease');
    journal.delete('l1');
    await journal.flushed();
    expect(store.batches).toEqual([['scount']]);
    await journal.flushed();
    expect(store.batches).toHaveLength(1);
  });

  it('writes a batch for what only its hooks can note, and leaves no timer behind', async () => {
    const { journal, store, clock } = await opened();
    journal.beforeBatch(() => journal.put('sleases', '[]'));
    journal.changed();
    await clock.advance(20);
    expect(store.batches).toEqual([['sleases']]);
    journal.changed();
    await journal.close();
    expect(store.batches).toHaveLength(2);
    await clock.advance(100);
    expect(store.batches).toHaveLength(2);
  });

  it('deletes a record on disk that was deleted, added and deleted again within one batch', async () => {
    const { journal, records } = await opened();
    journal.add('l1', 'lease');
    await journal.flushed();
    journal.delete('l1');
    journal.add('l1', 'lease again');
    journal.delete('l1');
    await journal.flushed();
    expect(records.has('l1')).toBe(false);
  });

  it('takes what its hooks note into the same batch, and writes none for them alone', async () => {
    const { journal, store } = await opened();
    journal.beforeBatch(() => journal.put('sstate', String(store.batches.length)));
    await journal.flushed();
    journal.put('q1', '');
    await journal.flushed();
    expect(store.batches).toEqual([['q1', 'sstate']]);
  });

  it('gives back what was written, and tells of a record that was changed', async () => {
    const { journal, records } = await opened();
    journal.put('q1', 'text');
    await journal.flushed();
    expect((await journal.get('q1'))?.toString()).toBe('text');
    records.set('q1', Buffer.from(`${Buffer.from(records.get('q1') ?? '').toString()}!`));
    await expect(journal.get('q1')).rejects.toThrow(
      /\/jobs\/one: the record "q1" is not what was written.*repair/,
    );
  });

  it('writes nothing more after a failed write, and says so each time', async () => {
    const records = new Map<string, Uint8Array>();
    const store = new FaultyStore(new MemoryStore(records), { call: 5, mode: 'fail', after: 'well' });
    const clock = new ManualClock();
    const failures: JobError[] = [];
    const onFailure = (error: JobError): void => {
      failures.push(error);
    };
    const journal = await JobJournal.open({ folder: 'job', store, clock, onFailure });
    journal.put('q1', '');
    await expect(journal.flushed()).rejects.toThrow(/could not be written.*run the same command again/);
    journal.put('q2', '');
    await expect(journal.flushed()).rejects.toMatchObject({ problem: 'written' });
    expect([failures.length, records.size]).toEqual([1, 0]);
  });

  it('fails where a hook throws, instead of writing without it', async () => {
    const { journal, records, clock, failures } = await opened();
    journal.beforeBatch(() => {
      throw new TypeError('the state is no plain data');
    });
    journal.put('q1', '');
    await clock.advance(20);
    expect(failures).toMatchObject([
      { problem: 'written', message: expect.stringContaining('no plain data') },
    ]);
    expect(records.size).toBe(0);
  });

  it('does not call a disk that does not answer damaged', async () => {
    const store = new FaultyStore(new MemoryStore(), { call: 5, mode: 'fail', after: 'well' });
    const options = { folder: 'job', store, clock: new ManualClock(), onFailure: () => {} };
    const journal = await JobJournal.open(options);
    await expect(journal.get('q1')).rejects.toMatchObject({ problem: 'written' });
  });

  it('goes on counting batches where the last run ended', async () => {
    const { journal, records } = await opened();
    for (const key of ['q1', 'q2', 'q3']) {
      journal.put(key, '');
      await journal.flushed();
    }
    const again = await opened(records);
    expect([again.journal.durableBatch, again.journal.batch]).toEqual([3, 4]);
  });

  it('tells of a batch that is missing between others, and of one at the beginning', async () => {
    for (const missing of [1, 2]) {
      const { journal, records } = await opened();
      for (let batch = 1; batch <= 3; batch++) {
        journal.put('q', String(batch));
        await journal.flushed();
      }
      records.delete([...records.keys()].filter((key) => key.startsWith('b'))[missing - 1] ?? '');
      const options = { folder: 'job', clock: new ManualClock(), onFailure: () => {} };
      await expect(JobJournal.open({ ...options, store: new MemoryStore(records) })).rejects.toMatchObject({
        problem: 'damaged',
      });
    }
  });

  it('tells of an older value, or none, of a record that was written over', async () => {
    const { journal, records } = await opened();
    journal.put('sstate', 'one');
    await journal.flushed();
    const older = records.get('sstate') ?? new Uint8Array();
    journal.put('sstate', 'two');
    await journal.flushed();
    await expect(opened(new Map(records))).resolves.toBeDefined();
    await expect(opened(new Map([...records, ['sstate', older]]))).rejects.toThrow(/not the one of batch 2/);
    records.delete('sstate');
    await expect(opened(records)).rejects.toThrow(/not the one of batch 2/);
  });
});
