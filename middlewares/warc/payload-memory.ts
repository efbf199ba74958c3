import { forgetOldest } from '../../src/api.ts';

/** Where a payload was stored. */
export interface StoredPayload {
  readonly recordId: string;
  readonly url: string;
  /** As the record has it. */
  readonly date: string;
}

/** Digests are remembered for the last this many payloads: about 15 MB. */
const MOST_PAYLOADS = 50_000;

/** Knows which payloads an archive has; the one that was not met for longest is forgotten first. */
export class PayloadMemory {
  readonly #stored = new Map<string, StoredPayload>();
  readonly #most: number;

  constructor(most: number = MOST_PAYLOADS) {
    this.#most = most;
  }

  find(digest: string): StoredPayload | undefined {
    const stored = this.#stored.get(digest);
    if (stored !== undefined) this.#put(digest, stored);
    return stored;
  }

  /** The first place of a payload stays. */
  remember(digest: string, stored: StoredPayload): void {
    if (this.#stored.has(digest)) return;
    this.#put(digest, stored);
    if (this.#stored.size > this.#most) forgetOldest(this.#stored);
  }

  #put(digest: string, stored: StoredPayload): void {
    this.#stored.delete(digest);
    this.#stored.set(digest, stored);
  }
}
