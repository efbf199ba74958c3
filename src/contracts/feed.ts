import type { ItemRecord } from '../values/item.ts';

/** What became of one feed. */
export interface FeedResult {
  /** Where it is, without secrets. */
  readonly uri: string;
  readonly format: string;
  readonly items: number;
  readonly bytes: number;
}

/** One output of the crawl. The engine hands it every committed item, in commit order. */
export interface Feed {
  readonly uri: string;
  readonly format: string;
  /** Fails early where the output cannot be written. */
  open(): Promise<void>;
  /** Takes items; a promise while the writer is behind: the engine then takes no new pages. */
  write(items: readonly ItemRecord[]): Promise<void> | undefined;
  /** Writes what is buffered and ends the file in a valid state. */
  close(): Promise<FeedResult>;
}
