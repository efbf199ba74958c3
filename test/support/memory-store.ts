import type { RangeOptions, Store, StoreChange, StoreEntry } from '../../src/contracts/store.ts';

/** A store in memory; what was written stays for the next one that is opened over the same records. */
export class MemoryStore implements Store {
  readonly #records: Map<string, Uint8Array>;
  #keys: string[] | undefined;

  constructor(records: Map<string, Uint8Array> = new Map()) {
    this.#records = records;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#records.get(key);
  }

  async range(
    from: string,
    to: string,
    { limit = 1000, mostBytes = Number.POSITIVE_INFINITY, reverse = false }: RangeOptions = {},
  ): Promise<readonly StoreEntry[]> {
    this.#keys ??= [...this.#records.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const keys = this.#keys.filter((key) => key >= from && key < to);
    const entries: StoreEntry[] = [];
    let bytes = 0;
    for (const key of (reverse ? keys.toReversed() : keys).slice(0, limit)) {
      if (bytes >= mostBytes) break;
      const value = this.#records.get(key) ?? new Uint8Array();
      entries.push({ key, value });
      bytes += value.length;
    }
    return entries;
  }

  async batch(changes: readonly StoreChange[]): Promise<void> {
    this.#keys = undefined;
    for (const [key, value] of changes) {
      if (value === undefined) this.#records.delete(key);
      else this.#records.set(key, Buffer.from(value as Uint8Array));
    }
  }

  async sync(): Promise<void> {}

  async close(): Promise<void> {}
}
