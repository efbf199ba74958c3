import type { Lease, Scheduler } from '../contracts/scheduler.ts';
import type { UnitRun } from './unit-run.ts';

/**
 * Pages that were under way when an earlier process ended may be what ended it. They are downloaded like all
 * others, but worked on one at a time, and only once that is on disk: after the next such end it is known which.
 */
export class CarefulPages {
  readonly #scheduler: Scheduler;
  readonly #waiting: (() => void)[] = [];
  #current: UnitRun | undefined;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
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
    // A scheduler that cannot write has said so already.
    await this.#scheduler.flushed().catch(() => {});
    this.#current = undefined;
    this.#waiting.shift()?.();
  }

  async #enter(unit: UnitRun, lease: Lease): Promise<void> {
    while (this.#current !== undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#current = unit;
    await this.#scheduler.arrived?.(lease);
  }
}
