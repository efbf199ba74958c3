import type { SqlValue } from './dialect.ts';

/** Rows that one statement writes. */
export interface RowBlock {
  readonly rows: number;
  /** Their values, one row behind the other. */
  readonly values: readonly SqlValue[];
}

/** The protocol numbers parameters with 16 bits. */
const MOST_VALUES = 60_000;
const MOST_ROWS = 1000;
/** About as much as a statement holds in memory besides its items, unless one row is larger. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Puts rows together for statements of bounded size. A row is made only when its block is. */
export function* rowBlocks(rows: Iterable<readonly SqlValue[]>): Generator<RowBlock> {
  let values: SqlValue[] = [];
  let count = 0;
  let bytes = 0;
  for (const row of rows) {
    const size = row.reduce<number>((sum, value) => sum + bytesOf(value), 0);
    const isFull =
      count >= MOST_ROWS || values.length + row.length > MOST_VALUES || bytes + size > MOST_BYTES;
    if (count > 0 && isFull) {
      yield { rows: count, values };
      values = [];
      count = 0;
      bytes = 0;
    }
    for (const value of row) values.push(value);
    count += 1;
    bytes += size;
  }
  if (count > 0) yield { rows: count, values };
}

/** `($1, $2), ($3, $4)`: places for the values of rows. */
export function placeholders(rows: number, columns: number): string {
  const row = (at: number) =>
    Array.from({ length: columns }, (_, place) => `$${at * columns + place + 1}`).join(', ');
  return Array.from({ length: rows }, (_, at) => `(${row(at)})`).join(', ');
}

function bytesOf(value: SqlValue): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? value.byteLength : 8;
}
