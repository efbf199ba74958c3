/** Where the bytes of one feed go. */
export interface FeedStorage {
  /** Name for messages and the summary, without secrets. */
  readonly location: string;
  /** At the start of a job, which writes at its end: fails where nothing could be written. */
  check?(): Promise<void>;
  /** Whether something is there already; asked before the first byte where `ifExists` is `'refuse'`. */
  exists?(): Promise<boolean>;
  open(): Promise<void>;
  /** Resolves when the destination has taken the bytes. */
  write(chunk: Uint8Array): Promise<void>;
  /** Finishes the file. */
  close(): Promise<void>;
  /** Instead of `close()` where items are missing: lets go of what was written, and leaves what was there before. */
  discard?(): Promise<void>;
}
