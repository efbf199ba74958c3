import type { Clock } from '../../contracts/clock.ts';
import type { LogFields, Logger } from '../../contracts/logger.ts';
import type { Stats } from '../../contracts/stats.ts';
import type { Settings } from '../../settings/settings.ts';

/** What progress lines are made of. */
export interface ProgressCounts {
  readonly pages: number;
  readonly items: number;
}

/** What a progress log works with. */
export interface ProgressLogParts {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'logStatsIntervalMs' | 'logStatsKeys'>;
  readonly stats: Stats;
  readonly counts: () => ProgressCounts;
}

const MINUTE_MS = 60_000;

/**
 * Says from time to time how many pages and items there are, and how many came in a minute since the last line; with
 * `logStatsKeys` also those stats (field `stats`) and by how much they grew (`delta`).
 */
export class ProgressLog {
  readonly #parts: ProgressLogParts;
  #last: ProgressCounts = { pages: 0, items: 0 };
  #lastStats: Readonly<Record<string, unknown>> = {};
  #cancel: (() => void) | undefined;

  constructor(parts: ProgressLogParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, settings } = this.#parts;
    if (settings.logStatsIntervalMs === 0) return;
    this.#cancel = clock.setTimeout(() => {
      this.#write();
      this.start();
    }, settings.logStatsIntervalMs);
  }

  stop(): void {
    this.#cancel?.();
  }

  #write(): void {
    const { logger, settings, counts } = this.#parts;
    const { pages, items } = counts();
    const perMinute = (now: number, before: number): number =>
      Math.round(((now - before) * MINUTE_MS) / settings.logStatsIntervalMs);
    const pagesPerMinute = perMinute(pages, this.#last.pages);
    const itemsPerMinute = perMinute(items, this.#last.items);
    this.#last = { pages, items };
    logger.info(
      `crawled ${pages} pages (${pagesPerMinute} a minute), scraped ${items} items (${itemsPerMinute} a minute)`,
      { pages, pagesPerMinute, items, itemsPerMinute, ...this.#chosenStats() },
    );
  }

  /** Stats that the settings name, and what came to them since the last line. */
  #chosenStats(): LogFields {
    const { settings, stats } = this.#parts;
    const { logStatsKeys } = settings;
    if (logStatsKeys.length === 0) return {};
    const all = Object.entries(stats.snapshot());
    const chosen = Object.fromEntries(all.filter(([key]) => logStatsKeys.some((one) => isMeant(key, one))));
    const grown = Object.entries(chosen).flatMap(([key, value]): [string, number][] => {
      const before = this.#lastStats[key] ?? 0;
      if (typeof value !== 'number' || typeof before !== 'number' || value === before) return [];
      return [[key, value - before]];
    });
    this.#lastStats = chosen;
    return { stats: chosen, delta: Object.fromEntries(grown) };
  }
}

function isMeant(key: string, pattern: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
