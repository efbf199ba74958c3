import type { Clock } from '../../contracts/clock.ts';
import type { Logger } from '../../contracts/logger.ts';

/** What progress lines are made of. */
export interface ProgressCounts {
  readonly pages: number;
  readonly items: number;
}

const MINUTE_MS = 60_000;

/** Says from time to time how many pages and items there are, and how many came in a minute since the last line. */
export class ProgressLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #counts: () => ProgressCounts;
  #last: ProgressCounts = { pages: 0, items: 0 };
  #cancel: (() => void) | undefined;

  /** @param intervalMs - between two lines; 0: none. */
  constructor(logger: Logger, clock: Clock, intervalMs: number, counts: () => ProgressCounts) {
    this.#logger = logger;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#counts = counts;
  }

  start(): void {
    if (this.#intervalMs === 0) return;
    this.#cancel = this.#clock.setTimeout(() => {
      this.#write();
      this.start();
    }, this.#intervalMs);
  }

  stop(): void {
    this.#cancel?.();
  }

  #write(): void {
    const { pages, items } = this.#counts();
    const perMinute = (now: number, before: number): number =>
      Math.round(((now - before) * MINUTE_MS) / this.#intervalMs);
    const pagesPerMinute = perMinute(pages, this.#last.pages);
    const itemsPerMinute = perMinute(items, this.#last.items);
    this.#last = { pages, items };
    this.#logger.info(
      `crawled ${pages} pages (${pagesPerMinute} a minute), scraped ${items} items (${itemsPerMinute} a minute)`,
      { pages, pagesPerMinute, items, itemsPerMinute },
    );
  }
}
