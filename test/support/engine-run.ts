import type { Downloader } from '../../src/contracts/downloader.ts';
import type { Feed, FeedResult } from '../../src/contracts/feed.ts';
import type { Scheduler } from '../../src/contracts/scheduler.ts';
import type { SpiderLike } from '../../src/contracts/spider.ts';
import type { Unit } from '../../src/contracts/unit.ts';
import { paceDefaults } from '../../src/crawler/pace-defaults.ts';
import { Engine, type EngineResult } from '../../src/engine/engine.ts';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';
import { MemoryScheduler } from '../../src/scheduler/memory-scheduler.ts';
import { DEFAULT_SETTINGS } from '../../src/settings/default-settings.ts';
import type { PartialSettings, Settings } from '../../src/settings/settings.ts';
import { SignalBus } from '../../src/signals/signal-bus.ts';
import { MemoryStats } from '../../src/stats/memory-stats.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import type { ItemRecord } from '../../src/values/item.ts';
import { Request } from '../../src/values/request.ts';
import { Response } from '../../src/values/response.ts';

/** What a fake site answers; an error is what the download fails with. */
export type FakeAnswer =
  | {
      readonly status?: number;
      readonly body?: string;
      readonly delayMs?: number;
      /** How long until its first byte, where the body takes longer. */
      readonly latencyMs?: number;
    }
  | Error;

/** The answers of a site, by request. */
export type FakeSite = (request: Request, unit: Unit) => FakeAnswer | undefined;

/** Answers from a function, after a delay on the manual clock; ends at once when the unit is given up. */
export class FakeDownloader implements Downloader {
  readonly requested: string[] = [];
  readonly startedAtMs: number[] = [];
  isClosed = false;
  /** Most downloads at once so far, by host. */
  readonly mostActive = new Map<string, number>();
  readonly #active = new Map<string, number>();
  readonly #clock: ManualClock;
  readonly #site: FakeSite;

  constructor(clock: ManualClock, site: FakeSite) {
    this.#clock = clock;
    this.#site = site;
  }

  async download(request: Request, unit: Unit): Promise<Response> {
    const { host } = new URL(request.url);
    const active = (this.#active.get(host) ?? 0) + 1;
    this.requested.push(request.url);
    this.startedAtMs.push(this.#clock.monotonicMs());
    this.#active.set(host, active);
    this.mostActive.set(host, Math.max(active, this.mostActive.get(host) ?? 0));
    try {
      const answer = this.#site(request, unit) ?? {};
      const delayMs = answer instanceof Error ? 0 : (answer.delayMs ?? 0);
      if (delayMs > 0) await this.#sleep(delayMs, unit.signal);
      if (answer instanceof Error) throw answer;
      const { status = 200, body = '', latencyMs } = answer;
      const timings = latencyMs === undefined ? undefined : { latencyMs, totalMs: delayMs };
      return new Response(request.url, { status, body, request, ...(timings && { timings }) });
    } finally {
      this.#active.set(host, (this.#active.get(host) ?? 0) - 1);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const cancel = this.#clock.setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  }
}

/** Keeps every item. */
export class FakeFeed implements Feed {
  readonly uri = 'memory';
  readonly format = 'objects';
  readonly items: ItemRecord[] = [];
  isOpen = false;
  isClosed = false;

  async open(): Promise<void> {
    this.isOpen = true;
  }

  write(items: readonly ItemRecord[]): Promise<void> | undefined {
    if (this.isClosed) throw new Error('items came after the feed was closed');
    this.items.push(...items);
    return undefined;
  }

  async close(): Promise<FeedResult> {
    this.isClosed = true;
    return { uri: this.uri, format: this.format, items: this.items.length, bytes: 0 };
  }
}

/** What a test says about a crawl; everything else is the default. */
export interface FakeCrawl extends Partial<Omit<EngineParts, 'settings' | 'spider'>> {
  readonly settings?: PartialSettings;
  readonly site?: FakeSite;
  /** Members of the spider: `start`, `parse`, other callbacks. */
  readonly spider?: Partial<SpiderLike> & Record<string, unknown>;
  readonly clock?: ManualClock;
  readonly random?: () => number;
  /** Puts something between engine and scheduler. */
  readonly wrapScheduler?: (scheduler: MemoryScheduler) => Scheduler;
}

/** An engine with fake edges: a site in memory, a clock that tests move, a feed that keeps what it gets. */
export class EngineRun {
  readonly clock: ManualClock;
  readonly downloader: FakeDownloader;
  readonly scheduler: MemoryScheduler;
  readonly feed = new FakeFeed();
  readonly logger = new MemoryLogger();
  readonly stats = new MemoryStats();
  readonly signals = new SignalBus(this.logger);
  readonly settings: Settings;
  readonly engine: Engine;

  constructor(given: FakeCrawl = {}) {
    const {
      settings,
      site = () => undefined,
      spider = {},
      random = () => 0.5,
      wrapScheduler,
      ...parts
    } = given;
    this.clock = given.clock ?? new ManualClock();
    this.settings = {
      ...DEFAULT_SETTINGS,
      downloadDelayMs: 0,
      hostBackoffMs: 0,
      randomizeDownloadDelay: false,
      adaptivePace: false,
      ...(settings as Partial<Settings>),
    };
    this.downloader = new FakeDownloader(this.clock, site);
    this.scheduler = new MemoryScheduler({
      hostLimits: this.settings.hostLimits,
      clock: this.clock,
      order: this.settings.order,
      random,
      pace: paceDefaults(this.settings),
      prepareOrigins: (parts.downloaderMiddlewares ?? []).some(({ prepareOrigin }) => prepareOrigin),
    });
    if (this.settings.maxPages > 0) this.scheduler.setLimits({ maxPages: this.settings.maxPages });
    this.engine = new Engine({
      scheduler: wrapScheduler?.(this.scheduler) ?? this.scheduler,
      downloader: this.downloader,
      downloaderMiddlewares: [],
      spiderMiddlewares: [],
      schedulerMiddlewares: [],
      pipelines: [],
      extensions: [],
      feeds: [this.feed],
      logger: this.logger,
      stats: this.stats,
      signals: this.signals,
      ...parts,
      clock: this.clock,
      random,
      settings: this.settings,
      spider: spiderOf(spider),
    });
  }

  /** Crawls to the end, time running from timer to timer. */
  run(): Promise<EngineResult> {
    return this.clock.run(this.engine.run(), 5000);
  }
}

/** Crawls a fake site to the end. */
export async function crawlFake(given: FakeCrawl): Promise<EngineRun & { readonly result: EngineResult }> {
  const run = new EngineRun(given);
  const result = await run.run();
  return Object.assign(run, { result });
}

/** Start requests of addresses below `http://site.test/`, or of whole addresses. */
export function requests(...addresses: readonly string[]): Request[] {
  return addresses.map((address) => new Request(new URL(address, 'http://site.test/').href));
}

function spiderOf(members: Partial<SpiderLike> & Record<string, unknown>): SpiderLike {
  return {
    name: 'test',
    startUrls: [],
    allowedDomains: [],
    args: {},
    state: {},
    start: () => requests('/'),
    parse: () => undefined,
    ...members,
  } as SpiderLike;
}
