/** Where the bytes of one feed go. */
export interface FeedStorage {
  /** Name for messages and the summary, without secrets. */
  readonly location: string;
  open(): Promise<void>;
  /** Resolves when the destination has taken the bytes. */
  write(chunk: Uint8Array): Promise<void>;
  /** Finishes the file. */
  close(): Promise<void>;
}
