import type { ItemRecord } from '../values/item.ts';

/** What became of one feed; after several runs of a job it counts all of them. */
export interface FeedResult {
  /** Where it is, without secrets. */
  readonly uri: string;
  readonly format: string;
  readonly items: number;
  readonly bytes: number;
  /** Files that it is cut into; undefined: it is one. */
  readonly batches?: number;
}

/** What became of one file of a feed. */
export interface FeedSlotResult extends FeedResult {
  /** Which file of the feed it is, from 1 on. */
  readonly batchId: number;
}

/** How far a feed is: all that must be known to go on with its file after any end of the process. Plain data. */
export interface FeedCursor {
  /** Items it has taken, from the first of the job on. */
  readonly items: number;
  /** Those of them that its filter let through and are in the file; undefined: all. */
  readonly chosen?: number;
  /** Where in the file the last of them ends. What follows is written again. */
  readonly bytes: number;
  /** Bytes that were there before the job. */
  readonly base: number;
  /** Which file it is, as `device:inode`. */
  readonly file: string;
  /** How long the file is with what closes the document. */
  readonly size?: number;
  /** The file was closed in order: nobody may have added to it. */
  readonly isClosed?: boolean;
  /** What the exporter must know to go on (columns, whether a comma is due). */
  readonly exporter?: unknown;
  /** The last bytes before `bytes`, as Latin-1: a file that was changed by others is told by them. */
  readonly tail?: string;
}

/** How a feed lives in a job that is run several times. */
export type FeedDurability = 'cursor' | 'whole' | 'live';

/** One output of the crawl. The engine hands it every committed item, in commit order. */
export interface Feed {
  readonly uri: string;
  readonly format: string;
  /**
   * How it lives in a job that is run several times. `cursor`: it is written as items come, and goes on at its
   * cursor. `whole`: it cannot be cut back (packed files, CSV whose columns are collected), so each run of a job
   * makes it anew at its end from all items of the job. `live`: what was written cannot be taken back (standard
   * output, pipes); after a crash the last items may come again.
   */
  readonly durability?: FeedDurability;
  /**
   * Fails early where the output cannot be written. With a cursor it goes on with its file from there: what
   * follows is cut off.
   *
   * @throws FeedFileError where the file of the cursor is gone, another one, too short or changed; the file is
   * left as it is then, and `open()` without a cursor may follow.
   */
  open(cursor?: FeedCursor): Promise<void>;
  /** Takes items; a promise while the writer is behind: the engine then takes no new pages. */
  write(items: readonly ItemRecord[]): Promise<void> | undefined;
  /**
   * How far the file is now; only with durability `cursor`, from the opening on. After the close: where a later
   * run goes on.
   */
  cursor?(): FeedCursor;
  /** Items that have reached the destination; only with durability `live`. */
  readonly written?: number;
  /** Resolves when all that the cursor counts would survive a power cut. */
  sync?(): Promise<void>;
  /**
   * Only with durability `whole`, at the start of a job and on a feed that is not opened: fails where the output
   * could not be written, leaves it as it is. True: items are appended to what was there before the job, which
   * is kept as a copy at `basePath`.
   */
  prepare?(basePath: string): Promise<boolean>;
  /**
   * Instead of `close()` where nothing is crawled because another output cannot be opened: leaves what was there
   * before. With durability `whole` at any time: lets go of what was written so far, too.
   */
  discard?(): Promise<void>;
  /** Writes what is buffered and ends the file in a valid state. */
  close(): Promise<FeedResult>;
}
