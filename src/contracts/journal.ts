import type { RangeOptions } from './store.ts';

/** A record whose checksum was right. */
export interface JournalRecord {
  readonly key: string;
  readonly payload: Buffer;
}

/** What a record holds: text is stored as UTF-8. */
export type Payload = string | Uint8Array;

/**
 * The changes of a job, gathered into batches that are written one after the other. What is noted within one turn
 * of the event loop is in one batch: after any end of the process either all of it is there or nothing.
 */
export interface Journal {
  /** Number of the batch that what is noted now goes into. */
  readonly batch: number;
  /** The last batch that is on disk. */
  readonly durableBatch: number;
  /** Whether much waits to be written: who makes work should wait for `flushed`. */
  readonly isBehind: boolean;
  /** Notes a record. */
  put(key: string, payload: Payload): void;
  /**
   * Notes a record under a key that was never used: put and deleted before its batch is written, it costs nothing.
   * A function gives the payload when the batch is written, so that noting thousands in one turn is quick.
   */
  add(key: string, payload: Payload | (() => Payload)): void;
  delete(key: string): void;
  /** Something has changed that a hook of `beforeBatch` notes: a batch is due as after any other change. */
  changed(): void;
  /** Called before each batch is closed, to note what belongs to it; may not wait. */
  beforeBatch(hook: () => void): void;
  /** Called when a batch is on disk. */
  onDurable(listener: () => void): void;
  /** Resolves when all that was noted so far is on disk. @throws what writing failed with, now or earlier. */
  flushed(): Promise<void>;
  /** The payload of a record on disk. @throws JobError when the record is damaged. */
  get(key: string): Promise<Buffer | undefined>;
  /** Records on disk, as they are when the call is made. @throws JobError when one of them is damaged. */
  range(from: string, to: string, options?: RangeOptions): Promise<readonly JournalRecord[]>;
  /** After many deletions of keys with this prefix: what is on disk of them goes, so that reads are quick again. */
  compact(prefix: string): Promise<void>;
}
