import { describe, expect, it } from 'vitest';
import type { FeedTarget } from '../../../src/feed/feed-target.ts';
import { FeedWriter } from '../../../src/feed/feed-writer.ts';
import { JsonLinesExporter } from '../../../src/feed/json-lines-exporter.ts';
import { FeedClock } from './feed-clock.ts';

/** A target that waits for the test before it takes what it was given. */
class SlowTarget implements FeedTarget {
  readonly location = 'slow';
  readonly durability = 'cursor';
  readonly given: string[] = [];
  readonly #pending: (() => void)[] = [];
  failure: Error | undefined;
  isClosed = false;

  async open(): Promise<void> {}

  append(records: Uint8Array): Promise<void> {
    this.given.push(Buffer.from(records).toString());
    return new Promise((resolve, reject) => {
      this.#pending.push(() => (this.failure ? reject(this.failure) : resolve()));
    });
  }

  async close(): Promise<number> {
    this.isClosed = true;
    return this.given.join('').length;
  }

  go(): void {
    this.#pending.shift()?.();
  }
}

const create = (): { feed: FeedWriter; target: SlowTarget; clock: FeedClock } => {
  const target = new SlowTarget();
  const clock = new FeedClock();
  return { feed: new FeedWriter(new JsonLinesExporter(), target, clock), target, clock };
};
const big = { text: 'x'.repeat(70_000) };

describe('FeedWriter', () => {
  it('gathers items until the time is up', async () => {
    const { feed, target, clock } = create();
    expect(feed.write([{ a: 1 }])).toBeUndefined();
    feed.write([{ a: 2 }]);
    expect(target.given).toEqual([]);
    clock.run();
    expect(target.given).toEqual(['{"a":1}\n{"a":2}\n']);
  });

  it('writes at once when there is much', () => {
    const { feed, target, clock } = create();
    feed.write([big]);
    expect(target.given).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it('makes the crawl wait only while much more is waiting than is written', async () => {
    const { feed, target } = create();
    let waits: Promise<void> | undefined;
    for (let count = 0; count < 20 && waits === undefined; count++) waits = feed.write([big]);
    expect(waits).toBeInstanceOf(Promise);
    target.go();
    await Promise.resolve();
    target.go();
    await expect(waits).resolves.toBeUndefined();
  });

  it('keeps items as they were when they were given', async () => {
    const { feed, target, clock } = create();
    const item = { a: 1 };
    feed.write([item]);
    item.a = 2;
    clock.run();
    expect(target.given).toEqual(['{"a":1}\n']);
  });

  it('writes what is left at the close and says what it wrote', async () => {
    const { feed, target } = create();
    feed.write([{ a: 1 }, { a: 2 }]);
    const closed = feed.close();
    target.go();
    expect(await closed).toEqual({ uri: 'slow', format: 'jsonl', items: 2, bytes: 16 });
  });

  it('fails for good with a stable code, and closes the target all the same', async () => {
    const { feed, target, clock } = create();
    target.failure = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    feed.write([{ a: 1 }]);
    clock.run();
    target.go();
    await expect(feed.close()).rejects.toMatchObject({
      code: 'ERR_CRAWL_OUTPUT',
      message: 'slow: the disk is full',
    });
    await expect(feed.write([{ a: 2 }])).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    expect(target.isClosed).toBe(true);
  });

  it('fails on an item that cannot be read', async () => {
    const { feed } = create();
    const item = { toJSON: () => JSON.parse('no') };
    await expect(feed.write([item])).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
  });
});
