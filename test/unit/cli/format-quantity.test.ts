import { describe, expect, it } from 'vitest';
import { count, formatBytes, formatDuration } from '../../../src/cli/format-quantity.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [123_456, '123 kB'],
    [5_000_000_000, '5.0 GB'],
  ])('writes %i bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [420, '0.4 s'],
    [12_400, '12 s'],
    [59_900, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [7_620_000, '2 h 07 min'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('count', () => {
  it('uses the plural for all but one', () => {
    expect([count(0, 'page'), count(1, 'page'), count(1234, 'page')]).toEqual([
      '0 pages',
      '1 page',
      '1,234 pages',
    ]);
  });
});
