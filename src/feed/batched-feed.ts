import type { Clock } from '../contracts/clock.ts';
import type { Feed, FeedResult, FeedSlotResult } from '../contracts/feed.ts';
import type { ItemRecord } from '../values/item.ts';
import { WorkLoop } from '../values/work-loop.ts';
import type { FeedBatch } from './feed-params.ts';
import type { ItemChoice } from './item-choice.ts';
import { outputProblem } from './output-problem.ts';

/** What a feed in batches works with. */
export interface BatchedFeedParts {
  /** As it was given, with the places for the batch's values. */
  readonly uri: string;
  /** Items of a full batch. */
  readonly size: number;
  readonly choice: ItemChoice | undefined;
  readonly clock: Clock;
  /** Makes the feed of one batch. */
  readonly make: (batch: FeedBatch) => Feed;
  /** Called with each file that is complete. */
  readonly onSlotClosed: ((result: FeedSlotResult) => void) | undefined;
}

/**
 * A feed that is cut into files of so many items each. A full file is closed at once; the next is made when an
 * item comes for it, so only the first can be empty. The first fault is final.
 */
export class BatchedFeed implements Feed {
  readonly uri: string;
  readonly format: string;
  readonly #parts: BatchedFeedParts;
  #batch: FeedBatch;
  #feed: Feed | undefined;
  /** Items of the batch so far. */
  #count = 0;
  #waiting: (readonly ItemRecord[])[] = [];
  readonly #loop = new WorkLoop(
    () => this.#waiting.length > 0 && this.#failure === undefined,
    () => this.#writeNext(),
  );
  #failure: Error | undefined;
  #items = 0;
  #bytes = 0;
  #batches = 0;

  /** @throws SettingsError where the first batch cannot be made. */
  constructor(parts: BatchedFeedParts) {
    this.#parts = parts;
    this.#batch = { id: 1, timeMs: parts.clock.now() };
    this.#feed = parts.make(this.#batch);
    this.uri = parts.uri;
    this.format = this.#feed.format;
  }

  async open(): Promise<void> {
    await this.#feed?.open();
  }

  write(items: readonly ItemRecord[]): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    let chosen = items;
    try {
      if (this.#parts.choice !== undefined) chosen = items.filter(this.#parts.choice);
    } catch (error) {
      this.#failure = outputProblem(this.uri, error);
      return Promise.reject(this.#failure);
    }
    const isRoom = this.#count + chosen.length < this.#parts.size;
    if (this.#feed !== undefined && isRoom && !this.#loop.isRunning) {
      this.#count += chosen.length;
      return this.#feed.write(chosen);
    }
    this.#waiting.push(chosen);
    return this.#loop.run();
  }

  async discard(): Promise<void> {
    await this.#feed?.discard?.();
  }

  async close(): Promise<FeedResult> {
    await this.#loop.run().catch(() => {});
    try {
      await this.#closeBatch();
    } catch (error) {
      this.#failure ??= outputProblem(this.uri, error);
    }
    if (this.#failure !== undefined) throw this.#failure;
    const { uri, format } = this;
    return { uri, format, items: this.#items, bytes: this.#bytes, batches: this.#batches };
  }

  async #writeNext(): Promise<void> {
    try {
      await this.#writeSome(this.#waiting.shift() ?? []);
    } catch (error) {
      this.#failure ??= outputProblem(this.uri, error);
      throw this.#failure;
    }
  }

  async #writeSome(items: readonly ItemRecord[]): Promise<void> {
    const { size } = this.#parts;
    for (let from = 0; from < items.length; ) {
      const feed = this.#feed ?? (await this.#openNext());
      const part = items.slice(from, from + size - this.#count);
      from += part.length;
      this.#count += part.length;
      await feed.write(part);
      if (this.#count === size) await this.#closeBatch();
    }
  }

  async #openNext(): Promise<Feed> {
    const { clock, make } = this.#parts;
    const { id, timeMs } = this.#batch;
    // No two batches have the same time, which may be all that tells their names apart.
    this.#batch = { id: id + 1, timeMs: Math.max(clock.now(), timeMs + 1) };
    const feed = make(this.#batch);
    await feed.open();
    this.#feed = feed;
    return feed;
  }

  async #closeBatch(): Promise<void> {
    const feed = this.#feed;
    if (feed === undefined) return;
    this.#feed = undefined;
    this.#count = 0;
    const result = await feed.close();
    this.#items += result.items;
    this.#bytes += result.bytes;
    this.#batches += 1;
    this.#parts.onSlotClosed?.({ ...result, batchId: this.#batch.id });
  }
}
