import type { FeedCursor, FeedDurability } from '../contracts/feed.ts';
import type { FeedDocument } from './file-exporter.ts';

/** What a target knows of a cursor. */
export type FeedMark = Omit<FeedCursor, 'items' | 'chosen' | 'exporter'>;

/** Where the records of a feed go, and how its document stays whole there. */
export interface FeedTarget {
  /** Name for messages and the summary. */
  readonly location: string;
  /** What the destination allows; the exporter may allow less. */
  readonly durability: FeedDurability;
  /** Fails where nothing can be written. With a cursor: goes on from there, and restores the document. */
  open(document: FeedDocument, cursor?: FeedCursor): Promise<void>;
  /** Adds whole records. `end` is what closes the document after them. */
  append(records: Uint8Array, end: Uint8Array): Promise<void>;
  /** Where the records end now; only with durability `cursor`. */
  mark?(): FeedMark;
  /** Resolves when all that was appended would survive a power cut. */
  sync?(): Promise<void>;
  /** Completes the document and lets go of it; gives the bytes that the feed added. `failure`: items are missing. */
  close(document: FeedDocument, failure?: Error): Promise<number>;
  /** See `Feed.prepare`. */
  prepare?(document: FeedDocument, basePath: string): Promise<boolean>;
}

/** What becomes of a file that is there already. */
export type IfExists = 'append' | 'overwrite' | 'refuse';
