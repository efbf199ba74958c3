import { describe, expect, it } from 'vitest';
import { type DedupeOptions, dedupe } from '../../../pipelines/index.ts';
import { isDrop } from '../../../src/values/drop.ts';
import { contextWith, made } from '../middlewares/component-context.ts';
import { origin } from './item-origin.ts';

/** Which of the items pass. */
async function passed(
  items: readonly Record<string, unknown>[],
  options?: DedupeOptions,
): Promise<unknown[]> {
  const pipeline = await made(dedupe(options), contextWith());
  const kept: unknown[] = [];
  for (const item of items) {
    if (!isDrop(await pipeline.processItem?.(item, origin))) kept.push(item);
  }
  return kept;
}

describe('dedupe', () => {
  it('lets equal items through once, whatever the order of their fields', async () => {
    expect(
      await passed([
        { a: 1, b: { x: 1, y: 2 } },
        { b: { y: 2, x: 1 }, a: 1 },
      ]),
    ).toHaveLength(1);
  });

  it('tells items apart whose texts would run together', async () => {
    const items = [
      { a: 'x', b: 'y' },
      { a: 'xy', b: '' },
      { a: ['x', 'y'] },
      { a: [['x', 'y']] },
      { a: { x: 'y' } },
    ];
    expect(await passed(items)).toHaveLength(items.length);
  });

  it('tells values of different types apart', async () => {
    const items = [
      { a: 1 },
      { a: '1' },
      { a: 1n },
      { a: '1n' },
      { a: null },
      { a: new Date(0) },
      { a: new Date(1) },
    ];
    expect(await passed(items)).toHaveLength(items.length);
  });

  it('looks at the chosen fields only', async () => {
    const items = [
      { id: 1, price: 2 },
      { id: 1, price: 3 },
      { id: 2, price: 2 },
    ];
    expect(await passed(items, { by: 'id' })).toEqual([items[0], items[2]]);
    expect(await passed(items, { by: ['id', 'price'] })).toHaveLength(3);
  });

  it('forgets the item that was not seen for longest when it is full', async () => {
    const items = [1, 2, 1, 3, 1, 2].map((id) => ({ id }));
    expect(await passed(items, { by: 'id', maxRemembered: 2 })).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 3 },
      { id: 2 },
    ]);
  });

  it('remembers nothing from one crawl to the next', async () => {
    const factory = dedupe();
    for (let crawl = 0; crawl < 2; crawl++) {
      const pipeline = await made(factory, contextWith());
      expect(await pipeline.processItem?.({ a: 1 }, origin)).toEqual({ a: 1 });
    }
  });
});
