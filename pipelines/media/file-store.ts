/** A file that is stored. */
export interface StoredFile {
  /** When it was stored or last confirmed, milliseconds since 1970. */
  readonly storedAtMs: number;
  readonly bytes: number;
  /** As `keep` was given it, where the store has kept it: the file need not be read for it. */
  readonly checksum?: string;
}

/** What is known of a file when it is whole. */
export interface FileInfo {
  readonly contentType: string | undefined;
  /** Of its bytes: the algorithm, a colon, the hash in hex. */
  readonly checksum?: string | undefined;
}

/** A file that is being written. It has no path before it is whole. Ends with exactly one of `keep` and `discard`. */
export interface FileWriter {
  /** Is not called again before it is settled. */
  write(chunk: Uint8Array): Promise<void>;
  /** Puts the file under its path, in one step, in place of what was there. */
  keep(path: string, info: FileInfo): Promise<void>;
  /** Leaves nothing behind. Must not reject. */
  discard(): Promise<void>;
}

/**
 * Where downloaded files are kept: a folder, or a store of your own. Paths are relative, with `/` between names that
 * are safe as file names. Rejecting with an `OutputError` ends the crawl, and the page comes again with the next run:
 * it says that nothing can be stored any more. With another error the one file counts as failed.
 */
export interface FileStore {
  /** Awaited before the first request. */
  open?(): Promise<void>;
  /** Undefined: there is no such file. */
  stat(path: string): Promise<StoredFile | undefined>;
  /** The bytes of a file that is there. */
  read(path: string): AsyncIterable<Uint8Array>;
  create(): Promise<FileWriter>;
  /** The server says that a file has not changed: it counts as stored now. */
  confirm?(path: string): Promise<void>;
  close?(): Promise<void>;
}
