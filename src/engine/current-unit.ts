import { AsyncLocalStorage } from 'node:async_hooks';
import type { UnitRun } from './unit-run.ts';

interface Running {
  readonly of: CurrentUnit;
  readonly unit: UnitRun;
}

/** One for all crawls: each storage that was ever used is carried along by every promise of the process. */
const running = new AsyncLocalStorage<Running>();

/** The unit of one crawl whose callback runs. */
export class CurrentUnit {
  /** Runs a callback of the unit. */
  run<Result>(unit: UnitRun, callback: () => Result): Result {
    return running.run({ of: this, unit }, callback);
  }

  /** The unit whose callback asks; undefined: none of this crawl. */
  get(): UnitRun | undefined {
    const held = running.getStore();
    return held?.of === this ? held.unit : undefined;
  }
}
