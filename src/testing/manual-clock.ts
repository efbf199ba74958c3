import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../contracts/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #monotonicMs = 0;
  #wallMs: number;
  #order = 0;

  constructor(wallMs: number = Date.UTC(2026, 0, 1)) {
    this.#wallMs = wallMs;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  setTimeout(callback: () => void, ms: number): () => void {
    const timer: Timer = { atMs: this.#monotonicMs + Math.max(0, ms), order: ++this.#order, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** The wall clock jumps, as when somebody sets it. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }

  /** Moves time on; due timers run in order, and what they set going settles in between. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#move(next.atMs);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#move(endMs);
    await settle();
  }

  /**
   * Lets time run from timer to timer until the work is done.
   *
   * @param mostTurns - turns of the event loop without a timer after which the work counts as stuck.
   */
  async run<Value>(work: Promise<Value>, mostTurns: number = Number.POSITIVE_INFINITY): Promise<Value> {
    let isDone = false;
    let turns = 0;
    const watched = work.finally(() => {
      isDone = true;
    });
    watched.catch(() => {});
    await settle();
    while (!isDone) {
      const next = this.#next(Number.POSITIVE_INFINITY);
      if (next !== undefined) {
        turns = 0;
        await this.advance(next.atMs - this.#monotonicMs);
      } else if (++turns > mostTurns) {
        throw new Error('the work is stuck: it waits for something that never comes');
      } else {
        await setImmediate();
      }
    }
    return watched;
  }

  #next(endMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs > endMs) continue;
      if (
        first === undefined ||
        timer.atMs < first.atMs ||
        (timer.atMs === first.atMs && timer.order < first.order)
      ) {
        first = timer;
      }
    }
    return first;
  }

  #move(toMs: number): void {
    const byMs = Math.max(0, toMs - this.#monotonicMs);
    this.#monotonicMs += byMs;
    this.#wallMs += byMs;
  }
}

/** Lets promises and immediates settle. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}
