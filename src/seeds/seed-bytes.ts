/** Where the bytes of seeds come from. Offsets count unpacked bytes. */
export interface SeedBytes {
  /** Names it in messages, and tells one source from another. */
  readonly name: string;
  /** Stored bytes of the source of which a read to the end has certainly seen all; undefined: it has no size. */
  size(): number | undefined;
  /** Whether it is no longer of a size that it had. May wait for the next byte of a stream. */
  hasMoreThan(size: number): Promise<boolean>;
  /** Everything from an offset on. */
  read(offset: number): AsyncIterable<Buffer>;
  /** Ends a read that waits. */
  close(): void;
}
