import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../../src/values/safe-file-name.ts';

describe('safeFileName', () => {
  it('keeps ordinary names', () => {
    for (const name of ['books', 'Café_2.csv', '日本', 'a#B', '%2e%2e'])
      expect(safeFileName(name)).toBe(name);
  });

  it('leaves no separator, dot name, device name or control character', () => {
    expect(safeFileName('../a/b\\c:d')).toBe('_-a-b-c-d');
    expect(safeFileName('...')).toBe('_');
    expect(safeFileName('')).toBe('_');
    expect(safeFileName('NUL.txt')).toBe('_NUL.txt');
    expect(safeFileName('a\0\n\u202eb\ud800')).toBe('a-b-');
  });

  it('shortens long texts and tells them apart', () => {
    const [a, b] = ['a', 'b'].map((end) => safeFileName('x'.repeat(100_000) + end));
    expect(a).not.toBe(b);
    expect(Buffer.byteLength(safeFileName('日'.repeat(300)))).toBeLessThanOrEqual(100);
    expect(safeFileName('.'.repeat(1_000_000)).length).toBeLessThanOrEqual(100);
  });
});
