import { describe, expect, it } from 'vitest';
import { type DedupeOptions, dedupe } from '../../../pipelines/index.ts';
import { isDrop } from '../../../src/values/drop.ts';
import type { ItemRecord } from '../../../src/values/item.ts';
import { Request } from '../../../src/values/request.ts';
import type { Response } from '../../../src/values/response.ts';
import { retryLater } from '../../../src/values/retry-later.ts';
import { crawlFake } from '../../support/engine-run.ts';
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

  it('lets the items of a page through again when the page is tried again, in any order', async () => {
    const pipeline = await made(dedupe(), contextWith());
    const given = async (item: ItemRecord, retries: number) =>
      !isDrop(await pipeline.processItem?.(item, { ...origin, retries }));
    expect([await given({ a: 1 }, 0), await given({ a: 2 }, 0)]).toEqual([true, true]);
    expect([await given({ a: 2 }, 1), await given({ a: 1 }, 1)]).toEqual([true, true]);
    expect(await given({ a: 1 }, 1)).toBe(false);
  });

  it('drops what another page gave, also for one that was tried again', async () => {
    const pipeline = await made(dedupe(), contextWith());
    await pipeline.processItem?.({ a: 1 }, origin);
    const again = await pipeline.processItem?.({ a: 1 }, { ...origin, fingerprint: 'other', retries: 1 });
    expect(isDrop(again)).toBe(true);
  });

  it('drops what a page has committed when that page is asked for once more', async () => {
    const pipeline = await made(dedupe(), contextWith());
    const item = { a: 1 };
    await pipeline.processItem?.(item, origin);
    await pipeline.commit?.([{ item, fingerprint: origin.fingerprint, ordinal: 0 }]);
    expect(isDrop(await pipeline.processItem?.(item, { ...origin, retries: 1 }))).toBe(true);
  });

  it('lets through again what a page of a job handed on before it was tried again', async () => {
    const pipeline = await made(dedupe(), contextWith({ jobDir: 'job' }));
    const item = { a: 1 };
    await pipeline.processItem?.(item, origin);
    await pipeline.commit?.([{ item, fingerprint: origin.fingerprint, ordinal: 0 }]);
    expect(await pipeline.processItem?.(item, { ...origin, retries: 1 })).toEqual(item);
  });

  it.each(['retryLater()', 'onCallbackError'] as const)(
    'loses no item of a page that is tried again by %s',
    async (by) => {
      const { feed, stats } = await crawlFake({
        pipelines: [await made(dedupe(), contextWith())],
        settings: { onCallbackError: 'retry' },
        spider: {
          start: () => [new Request('http://a.test/')],
          *parse({ retries }: Response) {
            yield { a: 1 };
            if (retries > 0) return;
            if (by === 'retryLater()') yield retryLater('incomplete');
            else throw new Error('once');
          },
        },
      });
      expect(feed.items).toEqual([{ a: 1 }]);
      expect(stats.get('item/dropped')).toBeUndefined();
    },
  );

  it('says once that a job does not keep what it remembers', async () => {
    for (const [jobDir, warnings] of [
      [undefined, 0],
      ['job', 1],
    ] as const) {
      const context = contextWith({ jobDir });
      await (await made(dedupe(), context)).open?.();
      expect(context.logger.messages('warn')).toHaveLength(warnings);
    }
  });

  it('remembers nothing from one crawl to the next', async () => {
    const factory = dedupe();
    for (let crawl = 0; crawl < 2; crawl++) {
      const pipeline = await made(factory, contextWith());
      expect(await pipeline.processItem?.({ a: 1 }, origin)).toEqual({ a: 1 });
    }
  });
});
