import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { damagedFiles } from '../../../src/store/damaged-files.ts';
import { isLevelStoreLocked, openLevelStore } from '../../../src/store/level-store.ts';
import { readTable } from '../../../src/store/level-tables.ts';
import { holdStore } from '../../support/hold-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'orbweaver-tables-'));
const store = join(folder, 'store');
let path = '';
let bytes: Buffer;

beforeAll(async () => {
  const opened = await openLevelStore(store);
  // Texts that repeat are packed.
  await opened.batch(Array.from({ length: 500 }, (_, at) => [`k${at}`, `value ${at} `.repeat(20)] as const));
  await opened.batch([['k7', undefined]]);
  await opened.compact?.();
  await opened.close();
  path = join(store, readdirSync(store).find((name) => name.endsWith('.ldb')) ?? '');
  bytes = readFileSync(path);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readTable', () => {
  it('gives the records that LevelDB wrote', () => {
    const { entries, isWhole } = readTable(bytes);
    expect(isWhole).toBe(true);
    expect(entries).toHaveLength(499);
    const one = entries.find(({ key }) => key === 'k123');
    expect(Buffer.from(one?.value ?? []).toString()).toBe('value 123 '.repeat(20));
  });

  it('tells a turned bit anywhere before the footer, and keeps the other blocks', () => {
    let kept = 0;
    for (let at = 0; at < bytes.length - 48; at += 97) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = (spoilt[at] ?? 0) ^ 4;
      const { entries, isWhole } = readTable(spoilt);
      expect(isWhole).toBe(false);
      kept = Math.max(kept, entries.length);
    }
    expect(kept).toBeGreaterThan(300);
  });

  it('takes a file that was cut for a damaged one', () => {
    for (let length = 0; length < bytes.length; length += 501)
      expect(readTable(bytes.subarray(0, length)).isWhole).toBe(false);
  });
});

describe('damaged tables', () => {
  it('names them', async () => {
    expect((await damagedFiles(store)).tables).toEqual([]);
    writeFileSync(path, bytes.subarray(0, 100));
    expect((await damagedFiles(store)).tables).toEqual([path.slice(store.length + 1)]);
    writeFileSync(path, bytes);
  });

  it('are not those that a merge left when it was cut off', async () => {
    writeFileSync(join(store, '000999.ldb'), bytes.subarray(0, 100));
    expect((await damagedFiles(store)).tables).toEqual([]);
    rmSync(join(store, '000999.ldb'));
  });

  it('are looked for in all tables where nothing says which of them count', async () => {
    const current = readFileSync(join(store, 'CURRENT'));
    writeFileSync(join(store, 'CURRENT'), 'nothing');
    writeFileSync(path, bytes.subarray(0, 100));
    expect((await damagedFiles(store)).tables).toHaveLength(1);
    writeFileSync(path, bytes);
    writeFileSync(join(store, 'CURRENT'), current);
  });

  it('are none where there is no store', async () => {
    expect((await damagedFiles(join(folder, 'nowhere'))).tables).toEqual([]);
  });
});

describe('isLevelStoreLocked', () => {
  it('knows a store that another process has open', async () => {
    const release = await holdStore(store);
    expect(await isLevelStoreLocked(store)).toBe(true);
    await release();
    expect(await isLevelStoreLocked(store)).toBe(false);
  });
});
