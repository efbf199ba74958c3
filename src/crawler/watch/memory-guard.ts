import { getHeapStatistics } from 'node:v8';
import type { Clock } from '../../contracts/clock.ts';
import type { LogFields, Logger } from '../../contracts/logger.ts';
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
  /** Bytes of JavaScript objects, and how many Node lets there be. @defaultValue those of V8 */
  readonly heap?: () => HeapUse;
}

/** How full the heap is, in bytes; garbage that nobody has collected yet counts. */
export interface HeapUse {
  readonly used: number;
  readonly limit: number;
}

/** Bounds in bytes; undefined: none. */
interface Bounds {
  readonly limit: number | undefined;
  readonly warn: number | undefined;
  /** Where the limit comes from, in words. */
  readonly source: string;
}

const CHECK_MS = 2000;
/** Where memory grows so fast that the limit would come sooner; never less. */
const LEAST_CHECK_MS = 100;
/** Of what the container grants: the rest is for pages under way and for closing the outputs. */
const LIMIT_SHARE = 0.9;
/** Of the limit. */
const WARN_SHARE = 0.9;
/** Of what Node lets objects take; seen so full twice in a row, garbage does not explain it. */
const HEAP_SHARE = 0.9;
const HEAP_CHECK_MS = 500;

/**
 * Looks at the memory of the process and at its heap every 2 s, sooner where one grows fast, warns once, and closes the
 * crawl in order before the kernel, or Node for want of heap, ends the process: outputs are complete and a job can be gone on with at once.
 */
export class MemoryGuard {
  readonly #parts: MemoryGuardParts;
  readonly #bounds: Bounds;
  #cancel: (() => void) | undefined;
  #hasWarned = false;
  #wasHeapFull = false;
  #last = { bytes: 0, heapBytes: 0, atMs: 0 };
  #heapNow: HeapUse | undefined;

  constructor(parts: MemoryGuardParts) {
    this.#parts = parts;
    this.#bounds = boundsOf(parts);
  }

  /** Begins to look. */
  start(): void {
    const { stats, clock } = this.#parts;
    const bytes = this.#look();
    stats.set('memory/startup', bytes);
    this.#last = { bytes, heapBytes: this.#lookAtHeap()?.used ?? 0, atMs: clock.monotonicMs() };
    this.#arm(LEAST_CHECK_MS);
  }

  /** Looks a last time, and no more. */
  stop(): void {
    this.#cancel?.();
    this.#look();
  }

  #arm(afterMs: number): void {
    this.#cancel = this.#parts.clock.setTimeout(() => {
      const bytes = this.#look();
      if (this.#check(bytes)) this.#arm(this.#nextCheckMs(bytes));
    }, afterMs);
  }

  /** Half the time that is left until the first limit at the pace since the last check. */
  #nextCheckMs(bytes: number): number {
    const { clock } = this.#parts;
    const before = this.#last;
    const heap = this.#heapNow;
    const heapBytes = heap?.used ?? 0;
    this.#last = { bytes, heapBytes, atMs: clock.monotonicMs() };
    if (this.#wasHeapFull) return HEAP_CHECK_MS;
    const spentMs = Math.max(1, this.#last.atMs - before.atMs);
    const leftMs = Math.min(
      timeLeftMs(before.bytes, bytes, this.#bounds.limit, spentMs),
      timeLeftMs(before.heapBytes, heapBytes, heap && heap.limit * HEAP_SHARE, spentMs),
    );
    return Math.min(CHECK_MS, Math.max(LEAST_CHECK_MS, Math.round(leftMs / 2)));
  }

  #look(): number {
    const { held = heldMemory, stats } = this.#parts;
    const bytes = held();
    stats.max('memory/max', bytes);
    return bytes;
  }

  /** Undefined: there is to be no limit. */
  #lookAtHeap(): HeapUse | undefined {
    const { settings, heap = heapOfV8 } = this.#parts;
    return settings.memoryLimitBytes === 0 ? undefined : heap();
  }

  /** Whether there is something left to look for. */
  #check(bytes: number): boolean {
    const { limit, warn } = this.#bounds;
    if (limit !== undefined && bytes >= limit) {
      this.#close(
        `the process holds ${shown(bytes)} of memory, the limit is ${shown(limit)} (${this.#bounds.source})`,
        { bytes, limit },
      );
      return false;
    }
    if (!this.#hasHeap()) return false;
    if (warn !== undefined && bytes >= warn && !this.#hasWarned) this.#warn(bytes, warn);
    return true;
  }

  /** Whether there is room for objects; closes the crawl where there is none. */
  #hasHeap(): boolean {
    const heap = this.#lookAtHeap();
    this.#heapNow = heap;
    if (heap === undefined) return true;
    const { used, limit } = heap;
    const isFull = used >= limit * HEAP_SHARE;
    if (isFull && this.#wasHeapFull) {
      this.#close(
        `JavaScript objects take ${shown(used)} of the ${shown(limit)} that Node grants them ` +
          '(more: NODE_OPTIONS=--max-old-space-size=MIB)',
        { heapBytes: used, heapLimit: limit },
      );
      return false;
    }
    this.#wasHeapFull = isFull;
    return true;
  }

  #close(problem: string, figures: LogFields): void {
    const { logger, stats, stop } = this.#parts;
    stats.set('memory/limit_reached', 1);
    logger.error(`${problem}: the crawl is closed in order. ${this.#advice()}`, figures);
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

/** Milliseconds until a limit is reached, when it goes on as it did. */
function timeLeftMs(before: number, now: number, limit: number | undefined, spentMs: number): number {
  if (limit === undefined || now <= before) return Number.POSITIVE_INFINITY;
  return ((limit - now) / (now - before)) * spentMs;
}

function heapOfV8(): HeapUse {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return { used, limit };
}

function shown(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2).toLocaleString('en')} MiB`;
}
