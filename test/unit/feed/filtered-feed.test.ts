import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFeed } from './run-feed.ts';
import { temporaryFolder } from './temporary-folder.ts';

const even = { itemFilter: ({ n }: Record<string, unknown>) => Number(n) % 2 === 0 };
const numbers = (from: number, to: number): { n: number }[] =>
  Array.from({ length: to - from }, (_, at) => ({ n: from + at }));

describe('a feed with a filter', () => {
  it('writes and counts what the filter takes', async () => {
    const uri = join(temporaryFolder(), 'a.jsonl');
    const { items } = await runFeed({ uri, options: even, batches: [numbers(0, 5)] });
    expect(items).toBe(3);
    expect(readFileSync(uri, 'utf8')).toBe('{"n":0}\n{"n":2}\n{"n":4}\n');
  });

  it('goes on at every cursor without losing or doubling an item', async () => {
    for (const name of ['a.json', 'a.jsonl', 'a.xml']) {
      const batches = [numbers(1, 2), numbers(2, 5), numbers(5, 6), numbers(6, 9)];
      const whole = join(temporaryFolder(), name);
      const { cursors } = await runFeed({ uri: whole, options: even, batches });
      for (const stop of cursors.keys()) {
        const uri = join(temporaryFolder(), name);
        const first = await runFeed({ uri, options: even, batches: batches.slice(0, stop) });
        const cursor = first.cursors.at(-1);
        expect(cursor?.items).toBe(batches.slice(0, stop).flat().length);
        await runFeed({ uri, options: even, cursor, batches: batches.slice(stop) });
        expect(readFileSync(uri, 'utf8')).toBe(readFileSync(whole, 'utf8'));
      }
    }
  });

  it('leaves no file where nothing was taken and none is wanted', async () => {
    const uri = join(temporaryFolder(), 'a.json');
    const options = { ...even, storeEmpty: false };
    const { cursors, items } = await runFeed({ uri, options, batches: [numbers(1, 2), numbers(3, 4)] });
    expect([existsSync(uri), items]).toEqual([false, 0]);
    await runFeed({ uri, options, cursor: cursors.at(-1), batches: [numbers(4, 5)] });
    expect(JSON.parse(readFileSync(uri, 'utf8'))).toEqual([{ n: 4 }]);
  });

  it('stops with the reason where the filter throws', async () => {
    const uri = join(temporaryFolder(), 'a.jsonl');
    const itemFilter = (): boolean => {
      throw new Error('odd');
    };
    const run = runFeed({ uri, options: { itemFilter }, batches: [numbers(0, 1)] });
    await expect(run).rejects.toMatchObject({
      code: 'ERR_CRAWL_OUTPUT',
      message: `${uri}: its itemFilter failed on an item: odd`,
    });
  });
});
