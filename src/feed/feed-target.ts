import type { Exporter } from '../contracts/exporter.ts';

/** Where the records of a feed go, and how its document stays whole there. */
export interface FeedTarget {
  /** Name for messages and the summary. */
  readonly location: string;
  /** Fails where nothing can be written. */
  open(exporter: Exporter): Promise<void>;
  /** Adds whole records. `end` is what closes the document after them. */
  append(records: Uint8Array, end: Uint8Array): Promise<void>;
  /** Completes the document and lets go of it; gives the bytes that this run added. */
  close(exporter: Exporter): Promise<number>;
}

/** What becomes of a file that is there already. */
export type IfExists = 'append' | 'overwrite' | 'refuse';
