import { describe, expect, it } from 'vitest';
import type { ItemLog } from '../../../src/contracts/item-log.ts';
import { ItemLogReader } from '../../../src/job/item-log-reader.ts';
import type { ItemRecord } from '../../../src/values/item.ts';

/** A log of numbers that are on disk as soon as they are added. */
function logOf(count: number) {
  const listeners: (() => void)[] = [];
  const all = Array.from({ length: count }, (_, n): ItemRecord => ({ n }));
  const log = {
    get durableEnd() {
      return all.length;
    },
    onDurable: (listener: () => void) => void listeners.push(listener),
    read: async (from: number, limit: number) => all.slice(from, from + limit),
  } as unknown as ItemLog;
  const add = (n: number): void => {
    all.push({ n });
    for (const listener of listeners) listener();
  };
  return { log, add };
}

describe('ItemLogReader', () => {
  it('begins at a place and gives each item once, in order', async () => {
    const { log } = logOf(1200);
    const given: ItemRecord[] = [];
    const reader = new ItemLogReader(log, (items) => void given.push(...items));
    await reader.open(200);
    expect(given.map(({ n }) => n)).toEqual(Array.from({ length: 1000 }, (_, at) => at + 200));
    expect(reader.position).toBe(1200);
  });

  it.each(Array.from({ length: 12 }, (_, turns) => [turns]))(
    'gives an item that comes %i turns after another',
    async (turns) => {
      const { log, add } = logOf(0);
      const given: ItemRecord[] = [];
      const reader = new ItemLogReader(log, (items) => void given.push(...items));
      await reader.open(0);
      add(1);
      for (let turn = 0; turn < turns; turn++) await undefined;
      add(2);
      await reader.caughtUp();
      expect(given).toEqual([{ n: 1 }, { n: 2 }]);
    },
  );

  it('lets the crawl wait while it is far behind', async () => {
    const { log, add } = logOf(0);
    let goOn = (): void => {};
    const reader = new ItemLogReader(log, () => new Promise((resolve) => (goOn = resolve)));
    await reader.open(0);
    expect(reader.room()).toBeUndefined();
    for (let n = 0; n < 5001; n++) add(n);
    const room = reader.room();
    expect(room).toBeInstanceOf(Promise);
    while (reader.position < 5001) {
      goOn();
      await undefined;
    }
    goOn();
    await room;
  });

  it('tells of the first fault for good', async () => {
    const { log, add } = logOf(1);
    const reader = new ItemLogReader(log, async () => {
      throw new Error('disk full');
    });
    await expect(reader.open(0)).rejects.toThrow('disk full');
    add(1);
    await expect(reader.room()).rejects.toThrow('disk full');
    await expect(reader.caughtUp()).rejects.toThrow('disk full');
  });
});
