import type { Clock } from '../contracts/clock.ts';
import type { Journal } from '../contracts/journal.ts';
import type { Logger } from '../contracts/logger.ts';
import type { Stats, StatsValue } from '../contracts/stats.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { plainFault } from '../values/plain-fault.ts';

/** Keys of what a job remembers for its parts. */
export const MEMORY_KEYS = { stats: 'sstats', state: 'mstate:' } as const;

/** Name of the state that says how far the seeds were read. */
export const SEEDS_STATE = 'orbweaver:seeds';
/** Names of states that hold for one call of `start()` and what it leads to: the next call begins without them. */
export const STATES_OF_START: readonly string[] = [SEEDS_STATE, 'incremental'];

/** A state whose text is longer than this … */
const LARGE = 64 * 1024;
/** … is written seldom enough to cost a hundredth of the time. */
const SHARE = 100;

interface Kept {
  readonly key: string;
  readonly value: () => unknown;
  last: string | undefined;
  /** Not looked at before, monotonic. */
  dueMs: number;
  isTold: boolean;
}

/**
 * What moves while a job runs: the crawl's counters and the states of spider and components. Each batch keeps them
 * as they are when it is closed, so that what a page changed is there with the page. Large states may be some
 * batches old after a crash.
 */
export class JobMemory {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stored: Map<string, unknown>;
  readonly #states = new Map<string, Record<string, unknown>>();
  readonly #kept: Kept[] = [];

  private constructor(journal: Journal, clock: Clock, logger: Logger, stored: Map<string, unknown>) {
    this.#journal = journal;
    this.#clock = clock;
    this.#logger = logger;
    this.#stored = stored;
    journal.beforeBatch(() => this.#noteDue());
  }

  /** Reads what an earlier run kept. */
  static async open(journal: Journal, clock: Clock, logger: Logger): Promise<JobMemory> {
    const stored = new Map<string, unknown>();
    const stats = await journal.get(MEMORY_KEYS.stats);
    if (stats !== undefined) stored.set(MEMORY_KEYS.stats, JSON.parse(stats.toString()));
    for (const { key, payload } of await journal.range(MEMORY_KEYS.state, `${MEMORY_KEYS.state}\uffff`))
      stored.set(key, JSON.parse(payload.toString()));
    return new JobMemory(journal, clock, logger, stored);
  }

  /** The state of a component: an object that is kept with the job. */
  state(name: string): Record<string, unknown> {
    const known = this.#states.get(name);
    if (known !== undefined) return known;
    const key = MEMORY_KEYS.state + name;
    const state = { ...(this.#stored.get(key) as Record<string, unknown> | undefined) };
    this.#states.set(name, state);
    this.#keep(key, () => state, this.#stored.has(key) ? undefined : '{}');
    return state;
  }

  /** Brings the counters of earlier runs back. */
  recall(stats: Stats): void {
    const stored = (this.#stored.get(MEMORY_KEYS.stats) ?? {}) as Record<string, number>;
    for (const [key, value] of Object.entries(stored)) stats.set(key, value);
  }

  /** Brings the counters of earlier runs back, and keeps them from now on. */
  watch(stats: Stats): void {
    this.recall(stats);
    this.#keep(MEMORY_KEYS.stats, () => counters(stats.snapshot()), undefined);
  }

  /** Notes everything that has changed, however seldom it is noted otherwise. */
  noteAll(): void {
    for (const kept of this.#kept) this.#note(kept);
  }

  #keep(key: string, value: () => unknown, last: string | undefined): void {
    this.#kept.push({ key, value, last, dueMs: 0, isTold: false });
  }

  #noteDue(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const kept of this.#kept) if (kept.dueMs <= nowMs) this.#note(kept);
  }

  #note(kept: Kept): void {
    const startedMs = performance.now();
    const text = textOf(kept);
    if (text !== kept.last) {
      if (kept.key !== MEMORY_KEYS.stats) checkPlain(kept);
      this.#journal.put(kept.key, text);
    }
    kept.last = text;
    const tookMs = performance.now() - startedMs;
    // Never by time alone: a slow moment must not part a page from its counts.
    const isExact = text.length < LARGE || kept.key === MEMORY_KEYS.stats;
    kept.dueMs = isExact ? 0 : this.#clock.monotonicMs() + tookMs * SHARE;
    if (isExact || kept.isTold) return;
    kept.isTold = true;
    const name = kept.key.slice(MEMORY_KEYS.state.length);
    this.#logger.warn(
      `the state of ${name} is larger than 64 KiB: it is written seldom, and a crash takes the last changes back although their pages are done; keep such data in an item or a file`,
    );
  }
}

/** @throws TypeError naming the state that is no plain data. */
function textOf({ key, value }: Kept): string {
  try {
    return JSON.stringify(value());
  } catch (error) {
    throw notPlain(key, errorMessage(error), error);
  }
}

/** What says by `toJSON` how it is kept knows how it comes back; a date does not. */
const hasOwnForm = (value: object): boolean => 'toJSON' in value && !(value instanceof Date);

/** Of a Set, a Map and the like JSON says nothing: they would come back empty. @throws TypeError naming the member. */
function checkPlain({ key, value }: Kept): void {
  const fault = plainFault('state', value(), hasOwnForm);
  if (fault === undefined) return;
  throw notPlain(key, `${fault}; give texts, numbers, booleans, null, lists and plain objects of these`);
}

function notPlain(key: string, problem: string, cause?: unknown): TypeError {
  const name = key.slice(MEMORY_KEYS.state.length);
  return new TypeError(`the state of ${name} is no plain data: ${problem}`, { cause });
}

/** Keys that are of one process and mean nothing to the next. */
const OF_A_RUN = /^(?:elapsed|memory\/)/;

/** Numbers only: dates and reasons are those of the run. */
function counters(values: Readonly<Record<string, StatsValue>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && !OF_A_RUN.test(entry[0]),
    ),
  );
}
