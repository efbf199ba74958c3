import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../../src/engine/page-outputs.ts';

describe('blocksOf', () => {
  const items = (sizes: readonly number[]) =>
    sizes.map((size, ordinal) => ({ item: { text: 'x'.repeat(size) }, fingerprint: 'f', ordinal }));
  const ordinals = (...args: Parameters<typeof blocksOf>) =>
    [...blocksOf(...args)].map((block) => block.map(({ ordinal }) => ordinal));

  it('cuts by number', () => {
    expect(ordinals(items([1, 1, 1, 1, 1]), 2, 1000)).toEqual([[0, 1], [2, 3], [4]]);
    expect(ordinals(items([1, 1]), 2, 1000)).toEqual([[0, 1]]);
    expect(ordinals([], 2, 1000)).toEqual([]);
  });

  it('cuts by bytes, where a large item is a block of its own', () => {
    expect(ordinals(items([1, 2000, 1, 1, 2000]), 100, 1000)).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(ordinals(items([5000, 1]), 100, 1000)).toEqual([[0], [1]]);
  });
});
