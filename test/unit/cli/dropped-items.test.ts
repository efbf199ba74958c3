import { describe, expect, it } from 'vitest';
import { droppedItems, droppedLine } from '../../../src/cli/dropped-items.ts';

const droppedFor = (reasons: Record<string, number>) => {
  const entries = Object.entries(reasons);
  const total = entries.reduce((sum, [, times]) => sum + times, 0);
  const stats = Object.fromEntries(entries.map(([reason, times]) => [`item/dropped/${reason}`, times]));
  return droppedItems({ 'item/dropped': total, ...stats });
};
const lineOf = (reasons: Record<string, number>): string => {
  const dropped = droppedFor(reasons);
  return dropped === undefined ? '' : droppedLine(dropped);
};

describe('droppedItems', () => {
  it('is nothing where nothing was dropped', () => {
    expect(droppedItems({ 'item/scraped': 3 })).toBeUndefined();
  });

  it('has the most frequent reasons first, and sums the rest', () => {
    const dropped = droppedFor({ a: 1, b: 9, c: 2, d: 3, e: 4, f: 5 });
    expect(dropped).toEqual({
      count: 24,
      reasons: [
        { reason: 'b', count: 9 },
        { reason: 'f', count: 5 },
        { reason: 'e', count: 4 },
        { reason: 'd', count: 3 },
        { reason: 'c', count: 2 },
      ],
      others: 1,
    });
  });
});

describe('droppedLine', () => {
  it('names each reason with its number', () => {
    expect(lineOf({ 'too long': 1070, 'no price': 6 })).toBe('1,076 dropped: too long (1,070), no price (6)');
  });

  it('keeps reasons short, in one line and without escapes', () => {
    expect(lineOf({ [`bad\n\u001b[31m${'x'.repeat(500)}`]: 1 })).toMatch(
      /^1 dropped: bad \\x1b\[31mx+… \(1\)$/,
    );
  });

  it('counts the reasons that it does not name', () => {
    expect(lineOf({ a: 2, b: 2, c: 2, d: 2, e: 2, f: 1 })).toMatch(/, for other reasons \(1\)$/);
  });
});
