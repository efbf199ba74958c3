import { existsSync } from 'node:fs';
import type { Feed, FeedCursor, FeedResult } from '../contracts/feed.ts';
import type { ItemLog } from '../contracts/item-log.ts';
import type { Journal } from '../contracts/journal.ts';
import type { Logger } from '../contracts/logger.ts';
import type { FeedFileProblem } from '../errors/feed-file-error.ts';
import { OutputError } from '../errors/output-error.ts';
import type { ItemRecord } from '../values/item.ts';
import { ItemLogReader } from './item-log-reader.ts';

/** What a feed of a job works with. */
export interface JobFeedParts {
  /** Names the feed within the job: see `Job.feedKey`. */
  readonly key: string;
  readonly journal: Journal;
  readonly items: ItemLog;
  readonly logger: Logger;
}

/** A feed of a job. */
export interface JobOutput extends Feed {
  /** Whether an earlier run made it, and nobody has taken it away since. */
  isThere(): Promise<boolean>;
}

/** Keys of the cursors. */
export const CURSOR_KEYS = 'c';

const USERINFO = /^([a-z][a-z0-9+.-]+:\/\/)[^/?#]*@/i;
/** Of a destination that is no local file. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** What is kept of any feed. */
export interface KeptFeedState {
  /** It was closed without a file: it had no items, and does not store an empty one. */
  readonly isLeftOut?: boolean;
}

/** What is kept of a feed that goes on at its cursor. */
export interface KeptCursor extends FeedCursor, KeptFeedState {
  /** As it was before the first item: from here the file can be written anew. */
  readonly first?: FeedCursor;
}

/** What is kept of a feed whose output cannot be cut back. */
export interface LiveCursor {
  readonly items: number;
}

/**
 * A feed of a job: a reader of the item log that keeps its place in the journal, so that after any end of the
 * process its file holds each item of the job once. It writes what is on disk in the log, nothing else.
 */
export class JobFeed implements JobOutput {
  readonly uri: string;
  readonly format: string;
  readonly #feed: Feed;
  readonly #parts: JobFeedParts;
  readonly #key: string;
  readonly #reader: ItemLogReader;
  /** Items that it had at its opening. */
  #base = 0;
  /** As it was before the first item. */
  #first: FeedCursor | undefined;
  #noted = '';
  #isOpen = false;
  #isClosed = false;

  constructor(feed: Feed, parts: JobFeedParts) {
    this.uri = feed.uri;
    this.format = feed.format;
    this.#feed = feed;
    this.#parts = parts;
    this.#key = CURSOR_KEYS + parts.key;
    this.#reader = new ItemLogReader(parts.items, (items) => feed.write(items));
  }

  get durability(): 'cursor' | 'live' {
    return this.#feed.durability === 'live' ? 'live' : 'cursor';
  }

  async open(): Promise<void> {
    const { journal } = this.#parts;
    const stored = await journal.get(this.#key);
    let position = 0;
    if (stored === undefined) await this.#feed.open();
    else position = await this.#resume(JSON.parse(stored.toString()) as KeptCursor | LiveCursor);
    try {
      await this.#begin(position);
    } catch (error) {
      // Nobody closes an output that could not be opened.
      this.#isOpen = false;
      this.#reader.close();
      await this.#feed.close().catch(() => {});
      throw error;
    }
  }

  async #begin(position: number): Promise<void> {
    const { journal } = this.#parts;
    this.#isOpen = true;
    if (position === 0 && this.durability === 'cursor') this.#first ??= this.#feed.cursor?.();
    // Before the first write: else a crash would leave items in the file that no cursor tells of.
    this.#noteCursor(position);
    await journal.flushed();
    journal.beforeBatch(() => this.#noteCursor());
    await this.#reader.open(position);
  }

  /** Whether an earlier run made it, and nobody has taken it away since. */
  async isThere(): Promise<boolean> {
    return await isMade(this.#parts.journal, this.#key, this.durability === 'live' ? undefined : this.uri);
  }

  /** Items come by the log; this only says whether the crawl should wait. */
  write(_items: readonly ItemRecord[]): Promise<void> | undefined {
    return this.#reader.room();
  }

  async sync(): Promise<void> {
    if (this.#isOpen) await this.#feed.sync?.();
  }

  async close(): Promise<FeedResult> {
    let fault: { readonly error: unknown } | undefined;
    try {
      await this.#parts.journal.flushed();
      await this.#reader.caughtUp();
    } catch (error) {
      fault = { error };
    }
    this.#isOpen = false;
    this.#reader.close();
    const closing = this.#feed.close();
    const isShared = await closing.then(
      () => false,
      (error: unknown) => hasProblem(fault?.error ?? error, 'shared'),
    );
    // What somebody else wrote behind it must stay: the next run finds the file longer than it was left.
    if (isShared) this.#noteEnd();
    const result = await closing;
    this.#noteEnd();
    this.#tellIfGone();
    if (fault !== undefined) throw fault.error;
    return result;
  }

  /** Its cursor stays as it is: the next run goes on from there. */
  async discard(): Promise<void> {
    this.#isOpen = false;
    this.#reader.close();
    await this.#feed.discard?.();
  }

  /** Opens the output where it was left; the place in the log. */
  async #resume(cursor: KeptCursor | LiveCursor): Promise<number> {
    if (typeof cursor.items !== 'number') throw otherKind(this.uri);
    if (!('bytes' in cursor)) {
      await this.#feed.open();
      this.#base = cursor.items;
      return cursor.items;
    }
    try {
      await this.#feed.open(cursor);
      this.#first = cursor.first;
      return cursor.items;
    } catch (error) {
      if (!hasProblem(error, 'missing')) throw error;
      this.#parts.logger.warn(`${this.uri} is gone: it is written anew from the items of the job`);
      await this.#feed.open();
      return 0;
    }
  }

  #tellIfGone(): void {
    const cursor = this.durability === 'cursor' ? this.#feed.cursor?.() : undefined;
    if (cursor === undefined || chosenOf(cursor) === 0 || isAtPath(this.uri)) return;
    this.#parts.logger.warn(
      `${this.uri} was taken away while it was written: the next run writes it anew from the items of the job`,
    );
  }

  #noteEnd(): void {
    this.#isClosed = true;
    this.#noteCursor();
  }

  #noteCursor(position = this.#reader.position): void {
    const text = JSON.stringify(this.#cursor(position));
    if (text !== this.#noted) this.#parts.journal.put(this.#key, text);
    this.#noted = text;
  }

  /** Of a live output: what has reached it, not what was handed over; those in between come again. */
  #cursor(position: number): KeptCursor | LiveCursor {
    const { written = position - this.#base } = this.#feed;
    if (this.durability === 'live') return { items: this.#base + written };
    const now = this.#feed.cursor?.();
    if (now === undefined) return { items: position };
    const isLeftOut = chosenOf(now) === 0 && !isAtPath(this.uri);
    const closed = this.#isClosed && { isClosed: true, isLeftOut };
    return { ...now, first: this.#first, ...closed };
  }
}

/** What a job keeps of the URI of an output: user and password are not for its files, and may change. */
export function withoutUserinfo(uri: string): string {
  return uri.replace(USERINFO, '$1');
}

/** The error of an output that was written in another way before, so that its place means nothing now. */
export function otherKind(uri: string): OutputError {
  return new OutputError(
    uri,
    'its options (columns, packing) are not those that the job began with; give it those, or name another file: that one gets all items',
  );
}

/** Whether the job knows an output, and its file, where it is one and was not left out, is there. */
export async function isMade(journal: Journal, key: string, path: string | undefined): Promise<boolean> {
  const stored = await journal.get(key);
  if (stored === undefined) return false;
  const { isLeftOut = false } = JSON.parse(stored.toString()) as KeptFeedState;
  return path === undefined || isLeftOut || isAtPath(path);
}

/** Whether an output's file is there; what is no local file is not looked for. */
export function isAtPath(path: string): boolean {
  return SCHEME.test(path) || existsSync(path);
}

/** Items that are in the file. */
function chosenOf({ items, chosen = items }: FeedCursor): number {
  return chosen;
}

function hasProblem(error: unknown, problem: FeedFileProblem): boolean {
  return typeof error === 'object' && error !== null && 'problem' in error && error.problem === problem;
}
