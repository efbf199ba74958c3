import type { Clock } from '../../../src/contracts/clock.ts';

/** A clock whose timers run when the test says so. */
export class FeedClock implements Clock {
  readonly #timers = new Set<() => void>();

  now(): number {
    return Date.UTC(2024, 0, 2, 3, 4, 5);
  }

  monotonicMs(): number {
    return 0;
  }

  setTimeout(callback: () => void): () => void {
    this.#timers.add(callback);
    return () => this.#timers.delete(callback);
  }

  /** Runs every timer that is set. */
  run(): void {
    const due = [...this.#timers];
    this.#timers.clear();
    for (const callback of due) callback();
  }

  get timers(): number {
    return this.#timers.size;
  }
}
