import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordStore, type RecordStoreOptions } from '../../../middlewares/record-store.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { MemoryStore } from '../../support/memory-store.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'orbweaver-records-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function open(
  options: Partial<RecordStoreOptions> = {},
  folder = join(parent, 'store'),
): Promise<RecordStore> {
  return RecordStore.open(folder, {
    kind: 'test',
    lockedAdvice: 'wait',
    logger: new MemoryLogger(),
    ...options,
  });
}

const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('a record store', () => {
  it.each([
    ['none', 0],
    ['a small one', 100],
    ['one in chunks', 700_000],
  ])('gives back a head and its body: %s', async (_what, length) => {
    const store = await open();
    await store.write('a', { n: 1 }, bytes('x'.repeat(length)));
    const record = await store.read('a');
    expect(record?.head).toEqual({ n: 1 });
    expect(record?.body.byteLength).toBe(length);
    await store.close();
  });

  it('keeps its records and leaves none of the old chunks', async () => {
    const records = new Map<string, Uint8Array>();
    const openStore = async () => new MemoryStore(records);
    const store = await open({ openStore });
    for (const length of [900_000, 600_000, 10]) await store.write('a', {}, bytes('y'.repeat(length)));
    expect([...records.keys()]).toEqual(['format', 'h/a']);
    await store.write('a', {}, bytes('y'.repeat(900_000)));
    await store.remove('a');
    expect([...records.keys()]).toEqual(['format']);
  });

  it('does what is asked for one key one after the other', async () => {
    const store = await open({ openStore: async () => new MemoryStore() });
    const lengths = [300_000, 400_000, 500_000];
    await Promise.all(lengths.map((length) => store.write('a', { length }, bytes('z'.repeat(length)))));
    expect((await store.read<{ length: number }>('a'))?.body.byteLength).toBe(500_000);
  });

  it.each([0, 1, 5, 9, 30])(
    'counts a record as missing whose byte %i is flipped, and says so',
    async (at) => {
      const records = new Map<string, Uint8Array>();
      const logger = new MemoryLogger();
      const store = await open({ openStore: async () => new MemoryStore(records), logger });
      await store.write('a', { name: 'a record' }, bytes('body'));
      records.set(
        'h/a',
        Uint8Array.from(records.get('h/a') ?? [], (byte, n) => (n === at ? byte ^ 4 : byte)),
      );
      expect(await store.read('a')).toBeUndefined();
      expect(records.has('h/a')).toBe(false);
      expect(logger.messages('warn')).toEqual([expect.stringContaining('its checksum is wrong')]);
    },
  );

  it.each(['cut', 'gone', 'of another key'])('counts it as missing where a chunk is %s', async (what) => {
    const records = new Map<string, Uint8Array>();
    const store = await open({ openStore: async () => new MemoryStore(records) });
    for (const key of ['a', 'b']) await store.write(key, {}, bytes(key.repeat(600_000)));
    const name = [...records.keys()].find((key) => key.startsWith('c/a/')) ?? '';
    const other = records.get(name.replace('c/a/', 'c/b/'));
    if (what === 'gone') records.delete(name);
    else
      records.set(name, (what === 'cut' ? records.get(name)?.subarray(0, 100) : other) ?? new Uint8Array());
    expect(await store.read('a')).toBeUndefined();
    expect((await store.read('b'))?.body.byteLength).toBe(600_000);
  });

  it('lists heads by the beginning of their keys', async () => {
    const store = await open({ openStore: async () => new MemoryStore() });
    for (let at = 0; at < 250; at++) await store.write(`p/${at}`, { at });
    await store.write('q/1', {});
    const listed: unknown[] = [];
    for await (const [, head] of store.heads('p/')) listed.push(head);
    expect(listed).toHaveLength(250);
  });

  it('keeps its files to their owner', async () => {
    await (await open()).close();
    expect(statSync(join(parent, 'store')).mode & 0o777).toBe(0o700);
  });

  it('tells the second of two crawls what to do', async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'ERR_CRAWL_STORE',
      problem: 'locked',
      message: expect.stringContaining('another crawl has this test open: wait'),
    });
    await store.close();
  });

  it('leaves a folder with other files alone', async () => {
    writeFileSync(join(parent, 'notes.txt'), 'mine');
    chmodSync(parent, 0o755);
    await expect(open({}, parent)).rejects.toThrow('it holds other files: name a folder of its own');
    expect(statSync(parent).mode & 0o777).toBe(0o755);
  });

  it('leaves a store of another kind alone', async () => {
    await (await open()).close();
    await expect(open({ kind: 'other' })).rejects.toThrow('give the other a folder of its own');
  });
});
