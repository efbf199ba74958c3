import { describe, expect, it } from 'vitest';
import { itemChoice } from '../../../src/feed/item-choice.ts';

const items = [{ type: 'book', n: 1 }, { type: 'author', n: 2 }, { n: 3 }, { type: 'book', n: null }];
const chosen = (options: Parameters<typeof itemChoice>[0]): unknown[] =>
  items.filter(itemChoice(options) ?? (() => true)).map(({ n }) => n);

describe('itemChoice', () => {
  it('takes all items where nothing is asked for', () => {
    expect(itemChoice({})).toBeUndefined();
  });

  it('chooses by type, by values of fields and by a function, all of which must agree', () => {
    expect(chosen({ itemTypes: ['book'] })).toEqual([1, null]);
    expect(chosen({ itemFilter: { type: ['author', 'book'], n: 2 } })).toEqual([2]);
    expect(chosen({ itemFilter: { n: [null, 3] } })).toEqual([3, null]);
    expect(chosen({ itemFilter: ({ n }) => n !== 1, itemTypes: ['book'] })).toEqual([null]);
  });

  it('never takes a member that all objects have for a field', () => {
    expect(chosen({ itemFilter: { constructor: ['x'] } as never })).toEqual([]);
  });

  it('says which option failed, also for what is no answer', () => {
    const fails = itemChoice({ itemFilter: (item) => (item.a as { b: string }).b === 'x' });
    expect(() => fails?.({})).toThrow(/its itemFilter failed on an item: Cannot read/);
    const later = itemChoice({ itemFilter: (async () => true) as never });
    expect(() => later?.({})).toThrow(/it gave a promise, not true or false/);
  });
});
