import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLevelStore, repairLevelStore } from '../../../src/store/level-store.ts';
import { storeContract } from '../../contract/store.ts';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'orbweaver-store-')), 'store');
});
// LevelDB may still write its log when an opening that failed has been told of.
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true, maxRetries: 5 }));

describe('level store', () => {
  storeContract(
    () => openLevelStore(folder),
    () => openLevelStore(folder, { create: false }),
  );

  it('gives the room of one range back when that is compacted', async () => {
    const store = await openLevelStore(folder);
    const value = randomBytes(64 * 1024);
    const keysOf = (prefix: string) => Array.from({ length: 100 }, (_, at) => prefix + at);
    const bytes = () =>
      readdirSync(folder).reduce(
        (sum, name) => sum + (name.endsWith('.ldb') ? statSync(join(folder, name)).size : 0),
        0,
      );
    await store.batch([...keysOf('a'), ...keysOf('b')].map((key) => [key, value]));
    await store.batch([...keysOf('a'), ...keysOf('b')].map((key) => [key, undefined]));
    await store.batch([['c', value]]);
    await store.compact?.('c', 'd');
    const before = bytes();
    await store.compact?.('a', 'b');
    expect(bytes()).toBeLessThan(before * 0.7);
    await store.close();
  });

  it('keeps its files to their owner', async () => {
    await (await openLevelStore(folder)).close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('says that another has it', async () => {
    const store = await openLevelStore(folder);
    await expect(openLevelStore(folder)).rejects.toMatchObject({
      code: 'ERR_CRAWL_STORE',
      problem: 'locked',
    });
    await store.close();
  });

  it('makes none where it may not', async () => {
    await expect(openLevelStore(folder, { create: false })).rejects.toMatchObject({
      code: 'ERR_CRAWL_STORE',
    });
  });

  it('says that its files are damaged, and saves what it can', async () => {
    const store = await openLevelStore(folder);
    await store.batch([['a', '1']]);
    await store.close();
    const manifest = readdirSync(folder).find((name) => name.startsWith('MANIFEST')) ?? '';
    truncateSync(join(folder, manifest), 3);
    await expect(openLevelStore(folder)).rejects.toMatchObject({ problem: 'damaged' });
    await repairLevelStore(folder);
    const again = await openLevelStore(folder);
    expect(Buffer.from((await again.get('a')) ?? []).toString()).toBe('1');
    await again.close();
  });
});
