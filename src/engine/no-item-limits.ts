import type { Clock } from '../contracts/clock.ts';
import type { Settings } from '../settings/settings.ts';

/** What the limits are watched with. */
export interface NoItemLimitsParts {
  readonly settings: Pick<Settings, 'maxDurationWithoutItemMs' | 'maxPagesWithoutItem'>;
  readonly clock: Clock;
  readonly stop: (reason: string) => void;
}

/**
 * Ends a crawl that goes on but gives nothing more: after a time, or after pages one after the other, without an
 * item. Only items that were committed count. In a job it counts anew in each run, so that resuming gives it the
 * whole limit again.
 */
export class NoItemLimits {
  readonly #parts: NoItemLimitsParts;
  #lastItemMs = 0;
  #pages = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: NoItemLimitsParts) {
    this.#parts = parts;
  }

  /** Begins to count the time. */
  start(): void {
    const { settings, clock } = this.#parts;
    this.#lastItemMs = clock.monotonicMs();
    if (settings.maxDurationWithoutItemMs > 0) this.#arm(settings.maxDurationWithoutItemMs);
  }

  /** Counts no more. */
  close(): void {
    this.#cancel?.();
  }

  /** Items were committed, with a page or outside of one. */
  items(): void {
    this.#pages = 0;
    // One timer for the whole crawl: it looks at this when it is due.
    this.#lastItemMs = this.#parts.clock.monotonicMs();
  }

  /** A page was committed that gave no item. */
  emptyPage(): void {
    const { settings, stop } = this.#parts;
    this.#pages += 1;
    if (this.#pages === settings.maxPagesWithoutItem) stop('maxPagesWithoutItem');
  }

  #arm(afterMs: number): void {
    const { settings, clock, stop } = this.#parts;
    this.#cancel = clock.setTimeout(() => {
      const leftMs = this.#lastItemMs + settings.maxDurationWithoutItemMs - clock.monotonicMs();
      if (leftMs > 0) this.#arm(leftMs);
      else stop('maxDurationWithoutItem');
    }, afterMs);
  }
}
