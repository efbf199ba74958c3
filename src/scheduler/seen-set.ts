import { type Fingerprint, fingerprintWords } from '../values/fingerprint.ts';

/** How many tables a `SeenSet` is made of. */
export const SEEN_SHARDS = 1024;
const FIRST_SLOTS = 8;
const WORDS = 4;
/** Parts of its slots that a shard fills before it grows, from the first shard to the last. */
const LEAST_FULL = 0.6;
const MOST_FULL = 0.8;

/**
 * The fingerprints that the duplicate filter knows: open addressing in typed arrays, 16 bytes a slot. Many
 * small shards instead of one table, so that growing never stalls the event loop.
 */
export class SeenSet {
  readonly #shards: (Shard | undefined)[] = new Array(SEEN_SHARDS);
  readonly #words = new Uint32Array(WORDS);
  #size = 0;

  /** How many fingerprints are known. */
  get size(): number {
    return this.#size;
  }

  /** The table of a shard as it is now, 16 bytes a slot, free ones zero; undefined: it is empty. */
  table(shard: number): Uint32Array | undefined {
    return this.#shards[shard]?.table;
  }

  /** Takes a table that `table` gave. Whether it can be one. */
  restoreTable(index: number, table: Uint32Array, count: number): boolean {
    const shard = Shard.of(index, table, count);
    if (shard === undefined) return false;
    this.#size += count - (this.#shards[index]?.count ?? 0);
    this.#shards[index] = shard;
    return true;
  }

  /** How many fingerprints a shard holds. */
  countOf(shard: number): number {
    return this.#shards[shard]?.count ?? 0;
  }

  /** Records a fingerprint given as its four words. */
  addWords(words: Uint32Array): boolean {
    this.#words.set(words);
    return this.#add();
  }

  has(fingerprint: Fingerprint): boolean {
    fingerprintWords(fingerprint, this.#words);
    return this.#shards[this.#shardIndex()]?.has(this.#words) ?? false;
  }

  /** Records a fingerprint; whether it was new. */
  add(fingerprint: Fingerprint): boolean {
    fingerprintWords(fingerprint, this.#words);
    return this.#add();
  }

  #add(): boolean {
    const index = this.#shardIndex();
    let shard = this.#shards[index];
    if (shard === undefined) {
      shard = new Shard(index);
      this.#shards[index] = shard;
    }
    if (!shard.add(this.#words)) return false;
    this.#size += 1;
    return true;
  }

  #shardIndex(): number {
    return (this.#words[3] ?? 0) % SEEN_SHARDS;
  }
}

class Shard {
  /** How full it may get: no two shards grow at once, which would stop the event loop. */
  readonly #mostFull: number;
  #slots: Uint32Array = new Uint32Array(FIRST_SLOTS * WORDS);
  #mask = FIRST_SLOTS - 1;
  #count = 0;
  #most: number;

  /** A shard over a table; undefined: its size fits no shard. */
  static of(index: number, table: Uint32Array, count: number): Shard | undefined {
    const slots = table.length / WORDS;
    if (slots < FIRST_SLOTS || (slots & (slots - 1)) !== 0 || count >= slots) return undefined;
    const shard = new Shard(index);
    shard.#slots = table;
    shard.#mask = slots - 1;
    shard.#count = count;
    shard.#most = slots * shard.#mostFull;
    return shard;
  }

  constructor(index: number) {
    this.#mostFull = LEAST_FULL + ((MOST_FULL - LEAST_FULL) * index) / SEEN_SHARDS;
    this.#most = FIRST_SLOTS * this.#mostFull;
  }

  get table(): Uint32Array {
    return this.#slots;
  }

  get count(): number {
    return this.#count;
  }

  has(words: Uint32Array): boolean {
    return !this.#isFree(this.#find(words));
  }

  add(words: Uint32Array): boolean {
    const at = this.#find(words);
    if (!this.#isFree(at)) return false;
    this.#slots.set(words, at);
    // An all-zero slot means free; one fingerprint in 2^128 is kept as its neighbour.
    if (this.#isFree(at)) this.#slots[at] = 1;
    this.#count += 1;
    if (this.#count > this.#most) this.#grow();
    return true;
  }

  #find(words: Uint32Array): number {
    const slots = this.#slots;
    for (let slot = (words[0] ?? 0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (this.#isFree(at)) return at;
      if (
        slots[at] === words[0] &&
        slots[at + 1] === words[1] &&
        slots[at + 2] === words[2] &&
        slots[at + 3] === words[3]
      ) {
        return at;
      }
    }
  }

  #isFree(at: number): boolean {
    const slots = this.#slots;
    return slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0 && slots[at + 3] === 0;
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = (this.#mask + 1) * 2 - 1;
    this.#most = (this.#mask + 1) * this.#mostFull;
    this.#slots = new Uint32Array(old.length * 2);
    const words = new Uint32Array(WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      for (let word = 0; word < WORDS; word++) words[word] = old[at + word] ?? 0;
      if (words[0] !== 0 || words[1] !== 0 || words[2] !== 0 || words[3] !== 0) {
        this.#slots.set(words, this.#find(words));
      }
    }
  }
}
