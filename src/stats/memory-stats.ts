import type { Stats, StatsValue } from '../contracts/stats.ts';

/** Counters in memory. */
export class MemoryStats implements Stats {
  readonly #values = new Map<string, StatsValue>();

  get(key: string): StatsValue | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: StatsValue): void {
    this.#values.set(key, value);
  }

  inc(key: string, by = 1): void {
    this.#values.set(key, this.#number(key, 0) + by);
  }

  max(key: string, value: number): void {
    this.#values.set(key, Math.max(this.#number(key, value), value));
  }

  min(key: string, value: number): void {
    this.#values.set(key, Math.min(this.#number(key, value), value));
  }

  snapshot(): Readonly<Record<string, StatsValue>> {
    const sorted: Record<string, StatsValue> = Object.create(null);
    for (const key of [...this.#values.keys()].sort()) {
      const value = this.#values.get(key);
      if (value !== undefined) sorted[key] = value;
    }
    return sorted;
  }

  #number(key: string, fallback: number): number {
    const value = this.#values.get(key);
    return typeof value === 'number' ? value : fallback;
  }
}
