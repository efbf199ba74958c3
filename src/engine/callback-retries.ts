import type { Logger } from '../contracts/logger.ts';
import type { LeaseFailure } from '../contracts/scheduler.ts';
import type { Stats } from '../contracts/stats.ts';
import type { Unit } from '../contracts/unit.ts';
import type { Settings } from '../settings/settings.ts';
import type { RetryLater } from '../values/retry-later.ts';
import { retryWaitMs } from '../values/retry-wait.ts';
import type { PageOutputs } from './page-outputs.ts';

/** What retries of callbacks work with. */
export interface CallbackRetryParts {
  readonly settings: Settings;
  readonly stats: Stats;
  readonly logger: Logger;
  readonly random: () => number;
}

/** What of a page is out of reach before its commit. */
export type HandedOn = Pick<PageOutputs, 'hasHandedOn' | 'hasHandedOnRequests'>;

/** Pages that their own callback wants again: `yield retryLater('empty')`. Scrapy's get_retry_request. */
export class CallbackRetries {
  readonly #parts: CallbackRetryParts;
  readonly #asked = new WeakMap<Unit, RetryLater>();

  constructor(parts: CallbackRetryParts) {
    this.#parts = parts;
  }

  /**
   * Notes what a callback asked for. Where all tries are used up, or what the page gave cannot be taken back any more,
   * that is told of, and the callback goes on.
   */
  ask(unit: Unit, wanted: RetryLater, given: HandedOn): void {
    const { settings, stats, logger } = this.#parts;
    const { request, retries } = unit;
    if (given.hasHandedOn || given.hasHandedOnRequests) {
      const problem = 'part of the many items or requests that it gave is handed on: ask before them';
      logger.warn(`the page is not tried again (${wanted.reason}): ${problem}`, { url: request.url });
      return;
    }
    if (retries < (request.meta.maxRetryTimes ?? settings.retryTimes)) {
      this.#asked.set(unit, wanted);
      return;
    }
    stats.inc('retry/max_reached');
    const level = request.meta.giveUpLogLevel ?? settings.retryGiveUpLogLevel;
    logger[level](`gave up after ${retries + 1} ${retries === 0 ? 'try' : 'tries'}: ${wanted.reason}`, {
      url: request.url,
    });
  }

  /** Whether the page is to be tried again: nothing more is wanted of its callback. */
  isAsked(unit: Unit): boolean {
    return this.#asked.has(unit);
  }

  /** How the lease of a page is put off whose callback threw, and `onCallbackError` wants it again. */
  afterError({ retries }: Unit): LeaseFailure {
    const { retryPriorityAdjust } = this.#parts.settings;
    return {
      reason: 'callback error',
      retryInMs: this.#waitMs(retries, 0),
      priorityAdjust: retryPriorityAdjust,
    };
  }

  /** How its lease is put off, counted; undefined: nobody asked. */
  take(unit: Unit): LeaseFailure | undefined {
    const { settings, stats } = this.#parts;
    const wanted = this.#asked.get(unit);
    if (wanted === undefined) return undefined;
    this.#asked.delete(unit);
    const { reason, afterMs, priorityAdjust } = wanted;
    stats.inc('retry/count');
    stats.inc(`retry/reason_count/${reason}`);
    return {
      reason,
      retryInMs: this.#waitMs(unit.retries, afterMs),
      priorityAdjust: priorityAdjust + (unit.request.meta.priorityAdjust ?? settings.retryPriorityAdjust),
    };
  }

  #waitMs(retries: number, afterMs: number): number {
    const { settings, random } = this.#parts;
    const { retryBackoffMs: backoffMs, maxRetryAfterMs: maxBackoffMs } = settings;
    return retryWaitMs({ retries, backoffMs, maxBackoffMs, afterMs }, random);
  }
}
