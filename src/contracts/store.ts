/** One change of a batch: puts the value, or deletes the key where there is none. */
export type StoreChange = readonly [key: string, value: Uint8Array | string | undefined];

/** One record. */
export interface StoreEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Which records of a range are read. */
export interface RangeOptions {
  /** Most records. @defaultValue `1000` */
  readonly limit?: number;
  /** So many bytes of values end the read, but never before its first record. @defaultValue no limit */
  readonly mostBytes?: number;
  /** From the end of the range backwards. @defaultValue `false` */
  readonly reverse?: boolean;
}

/**
 * Sorted records on disk, in few calls: keys are text sorted by their UTF-8 bytes, values are bytes (text is
 * stored as UTF-8). One process has a store open at a time. It knows nothing of what the records mean and checks
 * nothing in them: who stores puts checksums into the values.
 */
export interface Store {
  /** The value of a key; undefined: there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Records from `from` up to, but without, `to`, as they are when the call is made. */
  range(from: string, to: string, options?: RangeOptions): Promise<readonly StoreEntry[]>;
  /** Makes all changes or none. They outlive the process once this resolves, and a power cut after the next `sync`. */
  batch(changes: readonly StoreChange[]): Promise<void>;
  /** Resolves when all that was written before would outlive a power cut. */
  sync(): Promise<void>;
  /**
   * Gives the room of what was deleted or written over back to the disk, from one key up to another or everywhere:
   * until then reads go over it. Where it is missing, that comes by itself.
   */
  compact?(from?: string, to?: string): Promise<void>;
  close(): Promise<void>;
}
