import type { Store } from '../contracts/store.ts';
import { walkRecords } from '../values/walk-records.ts';
import { checkOfSealed } from './record.ts';

/** Keys that are written over again and again: cursors, states, counters. */
const PREFIXES = ['c', 'm', 's'] as const;

/**
 * What the records that are written over come to, as one text. Each of them has a checksum of its own, but a store
 * that lost the newest one would give an older one or none, which is right by itself. A mark of the batch that
 * keeps this text tells.
 */
export class HeadCheck {
  readonly #checks = new Map<string, number>();
  #sum = 0;

  /** Of the records of a store. */
  static async read(store: Store): Promise<HeadCheck> {
    const heads = new HeadCheck();
    for (const prefix of PREFIXES) {
      for await (const { key, value } of walkRecords(store, prefix)) heads.note(key, value);
    }
    return heads;
  }

  /** How many there are, and the sum of their checksums. */
  get text(): string {
    return `${this.#checks.size}:${this.#sum.toString(16)}`;
  }

  /** Takes note of a sealed record; none: it is deleted. Others than those that are written over count nothing. */
  note(key: string, sealed: string | Uint8Array | undefined): void {
    if (!PREFIXES.some((prefix) => key.startsWith(prefix))) return;
    this.#sum = (this.#sum - (this.#checks.get(key) ?? 0)) >>> 0;
    if (sealed === undefined) {
      this.#checks.delete(key);
      return;
    }
    const check = checkOfSealed(sealed);
    this.#checks.set(key, check);
    this.#sum = (this.#sum + check) >>> 0;
  }
}
