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

/** How far it was, and when. */
interface ProgressMark extends ProgressCounts {
  readonly atMs: number;
}

const MINUTE_MS = 60_000;
const NOTHING: ProgressMark = { pages: 0, items: 0, atMs: 0 };

/**
 * Says from time to time how many pages and items there are, and how many came in a minute since the last line; with
 * `logStatsKeys` also those stats (field `stats`), by how much they grew (`delta`) and how long that took, a last time at
 * the end. What came in a minute over the whole run goes into the stats.
 */
export class ProgressLog {
  readonly #parts: ProgressLogParts;
  #first: ProgressMark = NOTHING;
  #last: ProgressMark = NOTHING;
  #lastStats: Readonly<Record<string, unknown>> = {};
  #cancel: (() => void) | undefined;

  constructor(parts: ProgressLogParts) {
    this.#parts = parts;
  }

  /** Begins to count. */
  start(): void {
    this.#first = this.#mark();
    this.#last = this.#first;
    this.#arm();
  }

  /** Ends, and notes what the run came to. */
  stop(): void {
    const { settings, stats } = this.#parts;
    this.#cancel?.();
    if (settings.logStatsIntervalMs > 0 && settings.logStatsKeys.length > 0) this.#write();
    const { pages, items } = perMinute(this.#first, this.#mark());
    stats.set('page/per_minute', pages);
    stats.set('item/per_minute', items);
  }

  #arm(): void {
    const { clock, settings } = this.#parts;
    if (settings.logStatsIntervalMs === 0) return;
    this.#cancel = clock.setTimeout(() => {
      this.#write();
      this.#arm();
    }, settings.logStatsIntervalMs);
  }

  #mark(): ProgressMark {
    const { pages, items } = this.#parts.counts();
    return { pages, items, atMs: this.#parts.clock.monotonicMs() };
  }

  #write(): void {
    const mark = this.#mark();
    const { pages, items } = mark;
    const { pages: pagesPerMinute, items: itemsPerMinute } = perMinute(this.#last, mark);
    this.#parts.logger.info(
      `crawled ${pages} pages (${pagesPerMinute} a minute), scraped ${items} items (${itemsPerMinute} a minute)`,
      { pages, pagesPerMinute, items, itemsPerMinute, ...this.#chosenStats(mark) },
    );
    this.#last = mark;
  }

  /** Stats that the settings name, and what came to them since the last line. */
  #chosenStats({ atMs }: ProgressMark): LogFields {
    const { settings, stats } = this.#parts;
    const { logStatsKeys } = settings;
    if (logStatsKeys.length === 0) return {};
    const all = Object.entries(stats.snapshot());
    const chosen = Object.fromEntries(all.filter(([key]) => isChosen(key, logStatsKeys)));
    const grown = Object.entries(chosen).flatMap(([key, value]): [string, number][] => {
      const before = this.#lastStats[key] ?? 0;
      if (typeof value !== 'number' || typeof before !== 'number' || value === before) return [];
      return [[key, value - before]];
    });
    this.#lastStats = chosen;
    return {
      stats: chosen,
      delta: Object.fromEntries(grown),
      sinceLastMs: Math.round(atMs - this.#last.atMs),
      elapsedMs: Math.round(atMs - this.#first.atMs),
    };
  }
}

/** Pages and items a minute between two marks. */
function perMinute(from: ProgressMark, to: ProgressMark): ProgressCounts {
  const minutes = (to.atMs - from.atMs) / MINUTE_MS;
  const rate = (count: number): number => (minutes > 0 ? Math.round(count / minutes) : 0);
  return { pages: rate(to.pages - from.pages), items: rate(to.items - from.items) };
}

/** Patterns that begin with `!` leave out what the others name. */
function isChosen(key: string, patterns: readonly string[]): boolean {
  const isNamed = (one: string): boolean => isMeant(key, one);
  const [less, more] = [patterns.filter(isLeftOut), patterns.filter((one) => !isLeftOut(one))];
  return (more.length === 0 || more.some(isNamed)) && !less.some((one) => isMeant(key, one.slice(1)));
}

function isLeftOut(pattern: string): boolean {
  return pattern.startsWith('!');
}

function isMeant(key: string, pattern: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
