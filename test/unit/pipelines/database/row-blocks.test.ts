import { describe, expect, it } from 'vitest';
import type { SqlValue } from '../../../../pipelines/database/dialect.ts';
import { placeholders, rowBlocks } from '../../../../pipelines/database/row-blocks.ts';

const MIB = 1024 * 1024;

describe('rowBlocks', () => {
  it('keeps every value in its place', () => {
    const rows = Array.from({ length: 2500 }, (_, at) => [at, `row ${at}`]);
    const blocks = [...rowBlocks(rows)];
    expect(blocks.flatMap(({ values }) => values)).toEqual(rows.flat());
    expect(blocks.map(({ rows: count }) => count)).toEqual([1000, 1000, 500]);
  });

  it('gives no block without rows', () => {
    expect([...rowBlocks([])]).toEqual([]);
  });

  it.each([
    ['texts', (size: number): SqlValue => 'x'.repeat(size)],
    ['bytes', (size: number): SqlValue => new Uint8Array(size)],
  ])('holds at most 4 MiB of %s, or one row that is larger', (_, cell) => {
    const sizes = [MIB, 3 * MIB, 1, 5 * MIB, 1, 2 * MIB];
    const blocks = [...rowBlocks(sizes.map((size) => [cell(size)]))];
    expect(blocks.map(({ rows }) => rows)).toEqual([2, 1, 1, 2]);
  });

  it('holds no more parameters than a statement may have', () => {
    const rows = Array.from({ length: 100 }, () => Array.from({ length: 1000 }, () => null));
    expect([...rowBlocks(rows)].map(({ values }) => values.length)).toEqual([60_000, 40_000]);
  });

  it('makes a row only when its block is wanted', () => {
    let made = 0;
    const rows = (function* () {
      for (; made < 10_000; made++) yield ['x'.repeat(2000)];
    })();
    const first = rowBlocks(rows).next();
    expect(first.done).toBe(false);
    expect(made).toBe(1000);
  });
});

describe('placeholders', () => {
  it('numbers the places of all rows', () => {
    expect(placeholders(2, 3)).toBe('($1, $2, $3), ($4, $5, $6)');
  });
});
