import type { Clock } from '../contracts/clock.ts';
import type { Lease, Scheduler } from '../contracts/scheduler.ts';
import type { UnitRun } from './unit-run.ts';

/** A page that is worked on for longer than this is slow: whoever ends the process by hand mostly meets such a one. */
const SLOW_MS = 1000;

/**
 * Pages that were under way when an earlier process ended may be what ended it. They are downloaded like all
 * others, but worked on one at a time, and only once that is on disk: after the next such end it is known which.
 */
export class CarefulPages {
  readonly #scheduler: Scheduler;
  readonly #waiting: (() => void)[] = [];
  readonly #clock: Clock;
  #current: UnitRun | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(scheduler: Scheduler, clock: Clock) {
    this.#scheduler = scheduler;
    this.#clock = clock;
  }

  /** Waits for a page's turn where it has to wait for one. */
  enter(unit: UnitRun, lease: Lease): Promise<void> | undefined {
    if (unit.attempt === 1 || this.#scheduler.arrived === undefined || unit === this.#current)
      return undefined;
    return this.#enter(unit, lease);
  }

  /** The page is done: it is the turn of the next one. */
  async leave(unit: UnitRun): Promise<void> {
    if (unit !== this.#current) return;
    this.#cancelTimer?.();
    // A scheduler that cannot write has said so already.
    await this.#scheduler.flushed().catch(() => {});
    // It may have been set meanwhile.
    this.#cancelTimer?.();
    this.#current = undefined;
    this.#waiting.shift()?.();
  }

  async #enter(unit: UnitRun, lease: Lease): Promise<void> {
    while (this.#current !== undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#current = unit;
    await this.#scheduler.arrived?.(lease);
    if (this.#current !== unit) return;
    this.#cancelTimer = this.#clock.setTimeout(() => {
      // A scheduler that cannot write has said so already.
      this.#scheduler.arrived?.(lease, true).catch(() => {});
    }, SLOW_MS);
  }
}
