/** A stream of pseudo-random numbers that is the same for the same seed, everywhere and for ever. */
export class Random {
  #state: number;

  /** @param seed any integer; neighbouring seeds give unrelated streams. */
  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
    for (let round = 0; round < 8; round++) this.#next();
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor((this.#next() / 2 ** 32) * (high - low + 1));
  }

  /** Whether something happens that happens `percent` times in a hundred. */
  chance(percent: number): boolean {
    return this.integer(1, 100) <= percent;
  }

  /** One of a list that is not empty. */
  pick<Value>(list: readonly Value[]): Value {
    return list[this.integer(0, list.length - 1)] as Value;
  }

  /** Some different members of a list, in its order. */
  sample<Value>(list: readonly Value[], count: number): Value[] {
    const left = list.map((_, index) => index);
    const chosen: number[] = [];
    while (chosen.length < count && left.length > 0) {
      chosen.push(...left.splice(this.integer(0, left.length - 1), 1));
    }
    return chosen.sort((a, b) => a - b).map((index) => list[index] as Value);
  }

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.integer(0, 15).toString(16)).join('');
  }

  /** Marsaglia's xorshift of 32 bits. */
  #next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }
}
