import type { Clock } from '../../contracts/clock.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { Signals } from '../../contracts/signal.ts';
import type { Stats } from '../../contracts/stats.ts';
import type { Settings } from '../../settings/settings.ts';
import { cgroupMemoryLimit, heldMemory } from './cgroup-memory.ts';

/** What a memory guard works with. */
export interface MemoryGuardParts {
  readonly settings: Pick<Settings, 'memoryLimitBytes' | 'memoryWarnBytes'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: Stats;
  readonly signals: Signals;
  /** Whether the crawl is kept on disk. */
  readonly isJob: boolean;
  /** Ends the crawl in order. */
  readonly stop: (reason: string) => void;
  /** Bytes that the process holds. @defaultValue those of the kernel */
  readonly held?: () => number;
  /** Bytes that the container grants. @defaultValue those of the control group */
  readonly granted?: () => number | undefined;
}

/** Bounds in bytes; undefined: none. */
interface Bounds {
  readonly limit: number | undefined;
  readonly warn: number | undefined;
  /** Where the limit comes from, in words. */
  readonly source: string;
}

const CHECK_MS = 2000;
/** Of what the container grants: the rest is for pages under way and for closing the outputs. */
const LIMIT_SHARE = 0.9;
/** Of the limit. */
const WARN_SHARE = 0.9;

/**
 * Looks at the memory of the process every 2 s, warns once, and closes the crawl in order before the kernel ends
 * the process: outputs are complete and a job can be gone on with at once.
 */
export class MemoryGuard {
  readonly #parts: MemoryGuardParts;
  readonly #bounds: Bounds;
  #cancel: (() => void) | undefined;
  #hasWarned = false;

  constructor(parts: MemoryGuardParts) {
    this.#parts = parts;
    this.#bounds = boundsOf(parts);
  }

  /** Begins to look. */
  start(): void {
    this.#parts.stats.set('memory/startup', this.#look());
    this.#arm();
  }

  /** Looks a last time, and no more. */
  stop(): void {
    this.#cancel?.();
    this.#look();
  }

  #arm(): void {
    this.#cancel = this.#parts.clock.setTimeout(() => {
      if (this.#check()) this.#arm();
    }, CHECK_MS);
  }

  #look(): number {
    const { held = heldMemory, stats } = this.#parts;
    const bytes = held();
    stats.max('memory/max', bytes);
    return bytes;
  }

  /** Whether there is something left to look for. */
  #check(): boolean {
    const { limit, warn } = this.#bounds;
    const bytes = this.#look();
    if (limit !== undefined && bytes >= limit) {
      this.#close(bytes, limit);
      return false;
    }
    if (warn !== undefined && bytes >= warn && !this.#hasWarned) this.#warn(bytes, warn);
    return true;
  }

  #close(bytes: number, limit: number): void {
    const { logger, stats, stop } = this.#parts;
    stats.set('memory/limit_reached', 1);
    logger.error(
      `the process holds ${shown(bytes)} of memory, the limit is ${shown(limit)} (${this.#bounds.source}): the crawl is closed in order. ${this.#advice()}`,
      { bytes, limit },
    );
    stop('memory');
  }

  #warn(bytes: number, warn: number): void {
    const { logger, stats, signals } = this.#parts;
    const { limit, source } = this.#bounds;
    this.#hasWarned = true;
    stats.set('memory/warning_reached', 1);
    const then =
      limit === undefined
        ? 'the crawl goes on, as no memoryLimitBytes is set'
        : `at ${shown(limit)} (${source}) the crawl is closed in order`;
    logger.warn(`the process holds ${shown(bytes)} of memory: ${then}. ${this.#advice()}`, { bytes, warn });
    void signals.emit('memoryWarning', { bytes, warnBytes: warn, limitBytes: limit });
  }

  #advice(): string {
    const kept = this.#parts.isJob
      ? 'Its job goes on by the same command'
      : 'Keep the queue on disk (--job DIR)';
    return `${kept}; lower concurrentRequests or maxActiveBytes, keep less in the spider, or give it more memory`;
  }
}

function boundsOf({ settings, granted = cgroupMemoryLimit }: MemoryGuardParts): Bounds {
  const { memoryLimitBytes, memoryWarnBytes } = settings;
  const container = memoryLimitBytes === 'auto' ? granted() : undefined;
  const automatic = container === undefined ? undefined : Math.floor(container * LIMIT_SHARE);
  const limit = memoryLimitBytes === 'auto' ? automatic : memoryLimitBytes || undefined;
  const automaticWarning = limit === undefined ? undefined : Math.floor(limit * WARN_SHARE);
  return {
    limit,
    warn: memoryWarnBytes === 'auto' ? automaticWarning : memoryWarnBytes || undefined,
    source:
      container === undefined
        ? 'memoryLimitBytes'
        : `memoryLimitBytes: 90 % of the container's ${shown(container)}`,
  };
}

function shown(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2).toLocaleString('en')} MiB`;
}
