import type { Feed, FeedResult, FeedSlotResult } from '../contracts/feed.ts';
import type { ItemRecord } from '../values/item.ts';
import { ItemLogReader } from './item-log-reader.ts';
import { CURSOR_KEYS, isMade, type JobFeedParts, type JobOutput, otherKind } from './job-feed.ts';

/** What a feed in batches works with. */
export interface BatchJobFeedParts extends JobFeedParts {
  /** As it was given, with the places for the batch's values. */
  readonly uri: string;
  /** Items of a full batch. */
  readonly size: number;
  /** Whether the feed takes an item. It must say the same in every run. */
  readonly choice: ((item: ItemRecord) => boolean) | undefined;
  readonly nowMs: () => number;
  /** Makes the feed of one file, anew. @param isOwn - what is there already was made by this job. */
  readonly make: (batch: { readonly id: number; readonly timeMs: number }, isOwn: boolean) => Feed;
  /** Called with each file that is complete; after a crash once more with the last one. */
  readonly onSlotClosed: ((result: FeedSlotResult) => void) | undefined;
}

/** What the job keeps of such a feed. */
export interface KeptBatch {
  /** The batch that is not full, from 1 on. */
  readonly batch: number;
  /** Where its items begin in the log. */
  readonly from: number;
  /** Its time: when the batch before it was full. */
  readonly timeMs: number;
  /** The last batch whose file this job may have made. */
  readonly claimed: number;
  /** Items and bytes of the full ones. */
  readonly chosen: number;
  readonly written: number;
}

const FIRST = { batch: 1, from: 0, claimed: 0, chosen: 0, written: 0 };

/**
 * A feed of a job that is cut into files of so many items each. A file is made beside its place from the item
 * log, and takes it when it is full or the run ends. Where the next one begins is noted after that: a file that
 * a crash left between the two is made again, of the same items.
 */
export class BatchJobFeed implements JobOutput {
  readonly uri: string;
  readonly format: string;
  readonly durability = 'whole';
  readonly #parts: BatchJobFeedParts;
  #state: KeptBatch = { ...FIRST, timeMs: 0 };
  #feed: Feed | undefined;
  /** Items of the batch so far. */
  #count = 0;
  readonly #reader: ItemLogReader;

  constructor(parts: BatchJobFeedParts) {
    this.#parts = parts;
    this.uri = parts.uri;
    this.#reader = new ItemLogReader(parts.items, (items, from) => this.#writeSome(items, from));
    this.format = parts.make({ id: 1, timeMs: parts.nowMs() }, false).format;
  }

  /** Fails early where the next file cannot be written. */
  async open(): Promise<void> {
    const { journal, key, nowMs } = this.#parts;
    const stored = await journal.get(CURSOR_KEYS + key);
    const first = { ...FIRST, timeMs: nowMs() };
    const state = stored === undefined ? first : (JSON.parse(stored.toString()) as KeptBatch);
    if (typeof state.batch !== 'number') throw otherKind(this.uri);
    this.#state = state;
    await this.#claim();
    try {
      await this.#reader.open(state.from);
    } catch (error) {
      // Nobody closes an output that could not be opened.
      this.#reader.close();
      await this.#feed?.discard?.();
      throw error;
    }
  }

  /** Whether an earlier run made it. Files that were taken away since are not missed. */
  async isThere(): Promise<boolean> {
    const { journal, key } = this.#parts;
    return await isMade(journal, CURSOR_KEYS + key, undefined);
  }

  /** Items come by the log; this only says whether the crawl should wait. */
  write(_items: readonly ItemRecord[]): Promise<void> | undefined {
    return this.#reader.room();
  }

  async discard(): Promise<void> {
    this.#reader.close();
    await this.#feed?.discard?.();
    this.#feed = undefined;
  }

  async close(): Promise<FeedResult> {
    let fault: { readonly error: unknown } | undefined;
    try {
      await this.#parts.journal.flushed();
      await this.#reader.caughtUp();
    } catch (error) {
      fault = { error };
    }
    this.#reader.close();
    const last = this.#feed;
    this.#feed = undefined;
    if (fault !== undefined) {
      await last?.discard?.();
      throw fault.error;
    }
    const { chosen, written, batch } = this.#state;
    const { uri, format } = this;
    // Without any item there is one empty file, where it is wanted.
    const feed = last ?? (batch === 1 ? await this.#begin() : undefined);
    if (feed === undefined) return { uri, format, items: chosen, bytes: written, batches: batch - 1 };
    const result = await feed.close();
    this.#parts.onSlotClosed?.({ ...result, batchId: batch });
    return { uri, format, items: chosen + result.items, bytes: written + result.bytes, batches: batch };
  }

  /** Items that follow each other in the log, the first at a place. */
  async #writeSome(items: readonly ItemRecord[], first: number): Promise<void> {
    const { size, choice } = this.#parts;
    let part: ItemRecord[] = [];
    for (const [at, item] of items.entries()) {
      if (choice !== undefined && !choice(item)) continue;
      part.push(item);
      if (this.#count + part.length < size) continue;
      await this.#add(part);
      part = [];
      await this.#deliver(first + at + 1);
    }
    if (part.length > 0) await this.#add(part);
  }

  async #add(items: readonly ItemRecord[]): Promise<void> {
    this.#feed ??= await this.#begin();
    this.#count += items.length;
    await this.#feed.write(items);
  }

  async #begin(): Promise<Feed> {
    await this.#claim();
    const feed = this.#make(true);
    await feed.open();
    return feed;
  }

  /** Notes the name of the next file before it is made, so that a later run knows it for its own. */
  async #claim(): Promise<void> {
    const { batch, claimed } = this.#state;
    if (batch <= claimed) {
      await this.#make(true).prepare?.('');
      return;
    }
    await this.#make(false).prepare?.('');
    await this.#note({ ...this.#state, claimed: batch });
  }

  async #deliver(next: number): Promise<void> {
    const feed = this.#feed;
    if (feed === undefined) return;
    this.#feed = undefined;
    this.#count = 0;
    const result = await feed.close();
    const { batch, chosen, written, timeMs } = this.#state;
    await this.#note({
      ...this.#state,
      batch: batch + 1,
      // No two batches have the same time, which may be all that tells their names apart.
      timeMs: Math.max(this.#parts.nowMs(), timeMs + 1),
      from: next,
      chosen: chosen + result.items,
      written: written + result.bytes,
    });
    this.#parts.onSlotClosed?.({ ...result, batchId: batch });
  }

  #make(isOwn: boolean): Feed {
    const { batch: id, timeMs } = this.#state;
    return this.#parts.make({ id, timeMs }, isOwn);
  }

  async #note(state: KeptBatch): Promise<void> {
    const { journal, key } = this.#parts;
    this.#state = state;
    journal.put(CURSOR_KEYS + key, JSON.stringify(state));
    await journal.flushed();
  }
}
