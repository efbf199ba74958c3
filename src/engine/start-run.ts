import { isPromise } from '../chain/is-promise.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { Request } from '../values/request.ts';
import { drainOutputs, type OutputSink } from './drain-outputs.ts';
import type { EngineParts } from './engine-parts.ts';
import { newestFirst } from './newest-first.ts';
import { PageOutputs } from './page-outputs.ts';
import type { PageRun } from './page-run.ts';
import { UnitRun } from './unit-run.ts';
import { Wake } from './wake.ts';

/** What a start run works with. */
export interface StartRunParts extends EngineParts {
  readonly pages: PageRun;
  readonly stop: (reason: string, error?: unknown) => void;
}

/** Outputs that are committed together. */
const BLOCK = 1000;
/** `start()` is not pulled while more than this is queued. */
const MOST_QUEUED = 1000;

/**
 * Pulls `start()`, a unit of its own: its outputs are committed in blocks, and it is pulled only as fast as
 * the crawl takes them.
 */
export class StartRun implements OutputSink {
  readonly #parts: StartRunParts;
  readonly #outputs: PageOutputs;
  readonly #unit: UnitRun;
  readonly #room = new Wake();
  #error: unknown;
  /** `start()` is nothing but the seeds: whether it is about to wait can be seen. */
  #isOfSeeds = false;
  #isClosed = false;
  #phase: 'new' | 'running' | 'done' = 'new';

  constructor(parts: StartRunParts) {
    const { settings, scheduler } = parts;
    this.#parts = parts;
    this.#outputs = new PageOutputs('start', undefined, parts.job?.startOrdinals);
    this.#unit = new UnitRun(
      new Request('about:start'),
      { id: 0, attempt: 1, retries: 0, isInline: true },
      { timeoutMs: settings.downloadTimeoutMs, maxBodyBytes: settings.maxBodyBytes },
    );
    parts.seeds?.countWith(this.#outputs);
    scheduler.onReady(() => this.#room.call());
  }

  /** Whether `start()` has given all it had, or was closed. */
  get isDone(): boolean {
    return this.#phase === 'done';
  }

  /** Whether it was pulled at all. */
  get hasBegun(): boolean {
    return this.#phase !== 'new';
  }

  /** Whether it is being pulled. */
  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  /** What `start()` threw; undefined: nothing. */
  get error(): unknown {
    return this.#error;
  }

  /** Nothing more is pulled. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Pulls `start()` to its end. What it throws is counted; what it gave before is crawled. */
  async run(): Promise<void> {
    const { spider, pages, stop, job, seeds } = this.#parts;
    if (job?.isStartDone) {
      this.#phase = 'done';
      return;
    }
    this.#phase = 'running';
    try {
      const given = spider.start();
      this.#isOfSeeds = seeds !== undefined && given === seeds;
      await drainOutputs(given, this);
    } catch (error) {
      this.#error = error;
      pages.spiderError(error, {});
    }
    try {
      const isAtEnd = !this.#isClosed && this.#error === undefined;
      if (isAtEnd && seeds?.isBegun === false) {
        // What start() gave is not what was asked for: it is not crawled, and a job calls start() again.
        stop('start_error', unreadSeeds(spider.name));
      } else if (!this.#unit.isGivenUp) {
        await this.#commit();
        if (!this.#isClosed && this.#error === undefined) job?.noteStartDone();
      }
    } catch (error) {
      stop('pipeline_error', error);
    }
    this.#phase = 'done';
  }

  /** Takes requests as if `start()` had given them. */
  async add(requests: readonly Request[]): Promise<void> {
    const { pages } = this.#parts;
    for (const request of requests) {
      try {
        await pages.accept(request, this.#unit, this.#outputs, 'idle');
      } catch (error) {
        pages.spiderError(error, { request });
      }
    }
    await pages.flush(this.#outputs);
  }

  /** Pulls no more. */
  close(): void {
    this.#isClosed = true;
    this.#parts.seeds?.close();
    this.#room.call();
  }

  /** What it still gives is thrown away. */
  giveUp(reason: Error): void {
    this.#unit.abort(reason);
    this.close();
  }

  accept(output: unknown): void | Promise<void> {
    const waits = this.#parts.pages.accept(output, this.#unit, this.#outputs, 'start');
    if (isPromise(waits)) return waits.then(() => this.#flushFullBlock());
    return this.#flushFullBlock();
  }

  /** What was given goes to work while `start()` waits for something. */
  beforeWait(): void | Promise<void> {
    if (this.#isOfSeeds && this.#parts.seeds?.isReady === true) return;
    if (this.#outputs.size > 0) return this.#flush();
  }

  #flushFullBlock(): void | Promise<void> {
    if (this.#outputs.size >= BLOCK) return this.#flush();
  }

  async #flush(): Promise<void> {
    const { scheduler } = this.#parts;
    await this.#commit();
    while (!this.#isClosed && scheduler.counts().queued > MOST_QUEUED) await this.#room.sleep();
  }

  /** The first request given is the first to go: a queue that takes the newest first gets them the other way round. */
  async #commit(): Promise<void> {
    const { pages, settings, seeds } = this.#parts;
    if (settings.order === 'lifo') this.#outputs.requests = newestFirst(this.#outputs.requests);
    await pages.flush(this.#outputs);
    seeds?.commit();
  }
}

function unreadSeeds(spider: string): SettingsError {
  return new SettingsError(
    `the seeds (--seeds) were not read: start() of ${spider} does not ask for them; let it go through this.seeds(), or leave start() out and set startUrls`,
  );
}
