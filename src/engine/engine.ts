import { DownloaderChain } from '../chain/downloader-chain.ts';
import { isPromise } from '../chain/is-promise.ts';
import { PipelineChain } from '../chain/pipeline-chain.ts';
import { SchedulerChain } from '../chain/scheduler-chain.ts';
import { SpiderChain } from '../chain/spider-chain.ts';
import type { FetchOptions, InsideFetch } from '../contracts/component.ts';
import type { FeedResult } from '../contracts/feed.ts';
import type { HostLimits, HostState, Lease, OriginToPrepare } from '../contracts/scheduler.ts';
import type { Unit } from '../contracts/unit.ts';
import { isCloseCrawl } from '../errors/close-crawl-error.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { DownloadCancelledError } from '../errors/download-cancelled-error.ts';
import { requestFingerprint } from '../settings/request-fingerprint.ts';
import { appendAll } from '../values/append-all.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import { throttleGroup } from '../values/throttle-group.ts';
import { CallbackTable } from './callback-table.ts';
import { CarefulPages } from './careful-pages.ts';
import { Closing } from './closing.ts';
import { CurrentUnit } from './current-unit.ts';
import { DownloadGate } from './download-gate.ts';
import type { EngineParts } from './engine-parts.ts';
import { FeedWriter } from './feed-writer.ts';
import { InlineFetch } from './inline-fetch.ts';
import { ItemBudget } from './item-budget.ts';
import { ItemFlow } from './item-flow.ts';
import { NoItemLimits } from './no-item-limits.ts';
import { type DownloadRoute, PageDownload } from './page-download.ts';
import { PageLog } from './page-log.ts';
import { PageRun } from './page-run.ts';
import { RequestIntake } from './request-intake.ts';
import { StartRun } from './start-run.ts';
import { UnitRun } from './unit-run.ts';
import { Wake } from './wake.ts';

/** What a crawl came to. */
export interface EngineResult {
  /** `finished`, or what ended it. */
  readonly reason: string;
  /** The fault that ended it, or the first one while it closed. */
  readonly error: Error | undefined;
  readonly feeds: readonly FeedResult[];
}

/** How far a crawl is. */
export interface EngineProgress {
  readonly pages: number;
  readonly items: number;
  readonly queued: number;
  readonly delayed: number;
  /** Downloads under way. */
  readonly downloading: number;
  /** Pages between download and commit, downloads included. */
  readonly active: number;
  /** Bytes of the responses that callbacks work on. */
  readonly activeBytes: number;
}

interface Closable {
  readonly name: string;
  close?(reason: string): unknown;
}

const PREPARED_FOR_MS = 24 * 60 * 60 * 1000;
const IDLE_HEARTBEAT_MS = 5000;
/** Pages whose callbacks wait for something may pile up to this many for each download place. */
const ACTIVE_PAGES_PER_PLACE = 4;

/**
 * The loop. Takes leases while there is room, runs each as one unit (download, callback, items, commit) and
 * ends when nothing is left or somebody says so. One engine makes one crawl.
 */
export class Engine {
  readonly #parts: EngineParts;
  readonly #chain: DownloaderChain;
  readonly #gate: DownloadGate;
  readonly #prepareGate: DownloadGate;
  readonly #careful: CarefulPages;
  readonly #inline: InlineFetch;
  readonly #pages: PageRun;
  readonly #download: PageDownload;
  /** How leases are downloaded. */
  readonly #route: Pick<DownloadRoute, 'chain' | 'gate' | 'before'>;
  readonly #start: StartRun;
  readonly #feeds: FeedWriter;
  readonly #budget: ItemBudget;
  readonly #noItems: NoItemLimits;
  readonly #closing: Closing;
  readonly #wake = new Wake();
  /** The unit whose callback runs, for `this.fetch`. */
  readonly #current = new CurrentUnit();
  readonly #active = new Map<UnitRun, Lease>();
  readonly #preparing = new Set<string>();
  /** What was opened, last first. */
  readonly #openComponents: Closable[] = [];
  readonly #openPipelines: Closable[] = [];
  #lastUnit = 0;
  #isAborted = false;

  constructor(parts: EngineParts) {
    const { settings, spider, scheduler, clock, stats, signals, logger } = parts;
    this.#parts = parts;
    this.#closing = new Closing(logger);
    this.#chain = new DownloaderChain(parts.downloaderMiddlewares);
    this.#gate = new DownloadGate(settings.concurrentRequests);
    this.#prepareGate = new DownloadGate(settings.concurrentRequests);
    this.#budget = new ItemBudget(settings.maxItems, parts.job?.itemCount);
    this.#noItems = new NoItemLimits({ settings, clock, stop: (reason) => this.stop(reason) });
    this.#feeds = new FeedWriter(parts.feeds, (error) => this.stop('output_error', error));
    this.#careful = new CarefulPages(scheduler, clock);
    const arrived = (unit: UnitRun): Promise<void> | undefined => {
      const lease = this.#active.get(unit);
      return lease === undefined ? undefined : this.#careful.enter(unit, lease);
    };
    this.#download = new PageDownload({
      scheduler: {
        enter: (host, signal) => scheduler.enter(host, signal),
        downloaded: (place, facts) => {
          scheduler.downloaded(place, facts);
          this.#wake.call();
        },
      },
      downloader: parts.downloader,
      clock,
      signals,
      settings,
      arrived,
    });
    this.#route = {
      chain: this.#chain,
      gate: this.#gate,
      before: (unit) => this.#pages.dequeue(unit),
    };
    const callbacks = new CallbackTable(spider);
    const enqueue = new SchedulerChain(parts.schedulerMiddlewares);
    const groupOf = throttleGroup(settings.throttleScope);
    const intake = new RequestIntake(enqueue, callbacks, {
      fingerprintOf: requestFingerprint(settings),
      groupOf,
      isJob: parts.job !== undefined,
      startGeneration: parts.job?.startGeneration,
    });
    const spiderChain = new SpiderChain(parts.spiderMiddlewares);
    const pipelineChain = new PipelineChain(parts.pipelines);
    const log = new PageLog(logger, settings);
    const items = new ItemFlow({
      pipelines: pipelineChain,
      budget: this.#budget,
      stats,
      countsAtCommit: parts.job !== undefined,
      signals,
      log,
      concurrency: settings.concurrentItems,
      onError: (error) => this.#pages.stopIfAsked(error),
    });
    this.#pages = new PageRun({
      ...parts,
      callbacks,
      enqueue,
      intake,
      spiderChain,
      pipelineChain,
      items,
      log,
      budget: this.#budget,
      feedWriter: this.#feeds,
      noItems: this.#noItems,
      current: this.#current,
      stop: (reason, error) => this.stop(reason, error),
    });
    this.#start = new StartRun({
      ...parts,
      pages: this.#pages,
      stop: (reason, error) => this.stop(reason, error),
    });
    const attempt = { timeoutMs: settings.downloadTimeoutMs, maxBodyBytes: settings.maxBodyBytes };
    const nextId = (): number => ++this.#lastUnit;
    this.#inline = new InlineFetch({
      scheduler,
      enqueue,
      pages: this.#download,
      clock,
      stats,
      attempt,
      nextId,
      groupOf,
    });
    scheduler.onReady(() => this.#wake.call());
  }

  /** Crawls until nothing is left, or until stopped. Never rejects for what happens while it crawls. */
  async run(): Promise<EngineResult> {
    const { stats, clock, signals, spider } = this.#parts;
    stats.set('start_time', new Date(clock.now()));
    const startedMs = clock.monotonicMs();
    const cancelDeadline = this.#armDeadline();
    this.#noItems.start();
    try {
      await this.#open();
      await signals.emit('engineStarted', {});
      await signals.emit('spiderOpened', { name: spider.name });
      void this.#start.run().finally(() => this.#wake.call());
      await this.#loop();
    } catch (error) {
      if (isCloseCrawl(error)) this.stop(error.reason);
      else this.stop('engine_error', error);
    }
    cancelDeadline();
    this.#noItems.close();
    const feeds = await this.#close();
    stats.set('elapsed_ms', Math.round(clock.monotonicMs() - startedMs));
    stats.set('finish_time', new Date(clock.now()));
    stats.set('finish_reason', this.#closing.reason ?? 'finished');
    await signals.emit('engineStopped', {});
    return { reason: this.#closing.reason ?? 'finished', error: this.#closing.error, feeds };
  }

  /** Ends the crawl in order: nothing new is taken, what runs may end. The first reason stays. */
  stop(reason: string, error?: unknown): void {
    if (!this.#closing.request(reason, error)) return;
    this.#parts.logger.info(`closing: ${reason}`);
    this.#start.close();
    this.#wake.call();
  }

  /** Ends the crawl at once: what runs is given back. */
  abort(): void {
    this.#isAborted = true;
    this.stop('aborted');
    this.#giveBack();
    this.#wake.call();
  }

  pause(): void {
    this.#parts.scheduler.pause();
  }

  resume(): void {
    this.#parts.scheduler.resume();
    this.#wake.call();
  }

  /** Sends nothing to a host for this long. */
  block(host: string, forMs: number): void {
    this.#parts.scheduler.block(host, forMs);
  }

  unblock(host: string): void {
    this.#parts.scheduler.unblock(host);
  }

  /** How a host stands. */
  hostState(host: string): HostState | undefined {
    return this.#parts.scheduler.hostState(host);
  }

  /** How all known hosts stand. */
  hostStates(): Iterable<HostState> {
    return this.#parts.scheduler.hostStates();
  }

  /** Changes the pace of one host, or of those that a pattern means. */
  setHostLimits(host: string, limits: HostLimits): void {
    this.#parts.scheduler.setLimits({ host: { name: host, ...limits } });
  }

  /** `this.fetch` and components' downloads. */
  fetch(
    request: Request,
    unit: Unit | undefined = this.#current.get(),
    { bodySink }: FetchOptions = {},
  ): Promise<Response> {
    const [chain, gate] = [this.#chain, this.#gate];
    return this.#inline.run(request, { chain, gate, parent: unit, isChecked: true, bodySink });
  }

  /** A component's own errand, through the middlewares inside of it only. */
  fetchInside(request: Request, { inside, host }: InsideFetch): Promise<Response> {
    const chain = this.#chain.inside(inside);
    return this.#inline.run(request, {
      chain,
      gate: this.#prepareGate,
      parent: undefined,
      isChecked: false,
      host,
    });
  }

  /** How far the crawl is. */
  progress(): EngineProgress {
    const { queued, delayed, delivered } = this.#parts.scheduler.counts();
    return {
      pages: delivered,
      items: this.#budget.scraped,
      queued,
      delayed,
      downloading: this.#gate.taken + this.#prepareGate.taken,
      active: this.#active.size,
      activeBytes: this.#pages.activeBytes,
    };
  }

  async #loop(): Promise<void> {
    const { scheduler, clock } = this.#parts;
    while (this.#closing.reason === undefined) {
      const leases = this.#room();
      const origins = this.#prepareGate.free;
      let cancelTimer: (() => void) | undefined;
      if (leases > 0) {
        const answer = scheduler.take({ leases, origins });
        const taken = isPromise(answer) ? await answer : answer;
        for (const lease of taken.leases) {
          if (this.#closing.reason === undefined) void this.#runUnit(lease);
          else await this.#return(lease);
        }
        if (this.#closing.reason !== undefined) return;
        for (const origin of taken.origins) void this.#prepare(origin);
        if (taken.dueInMs !== undefined)
          cancelTimer = clock.setTimeout(() => this.#wake.call(), taken.dueInMs);
        this.#checkLimits();
        if (taken.leases.length === 0 && taken.origins.length === 0) await this.#nothingTaken();
      }
      if (this.#closing.reason === undefined) await this.#wake.sleep();
      cancelTimer?.();
    }
  }

  /** How many more pages may be taken now. */
  #room(): number {
    const { settings } = this.#parts;
    if (this.#feeds.isBehind || this.#pages.activeBytes > settings.maxActiveBytes) return 0;
    const pages = settings.concurrentRequests * ACTIVE_PAGES_PER_PLACE - this.#active.size;
    return Math.min(this.#gate.free, pages);
  }

  async #runUnit(lease: Lease): Promise<void> {
    const { settings, scheduler, downloader, stats } = this.#parts;
    const { request, attempt, retries } = lease;
    const limits = { timeoutMs: settings.downloadTimeoutMs, maxBodyBytes: settings.maxBodyBytes };
    const unit = new UnitRun(request, { id: ++this.#lastUnit, attempt, retries, isInline: false }, limits);
    this.#active.set(unit, lease);
    this.#gate.take();
    stats.inc('scheduler/dequeued');
    try {
      const outcome = await this.#download
        .run(unit, { ...this.#route, host: lease.candidate.host, place: lease })
        .catch((error: unknown) => ({ error }));
      if (this.#active.has(unit)) await this.#pages.finish(unit, lease, outcome);
    } catch (error) {
      this.stop('engine_error', error);
      void this.#return(lease);
    } finally {
      await this.#careful.leave(unit);
      this.#active.delete(unit);
      const { host } = lease.candidate;
      if (scheduler.isHostIdle(host)) downloader.hostIdle?.(host);
      this.#wake.call();
    }
  }

  async #prepare(place: OriginToPrepare): Promise<void> {
    const { scheduler, logger } = this.#parts;
    this.#preparing.add(place.origin);
    try {
      await this.#chain.prepare(place.origin, place.host);
    } catch (error) {
      logger.error(`${place.origin} could not be prepared: ${errorMessage(error)}`, { error });
    } finally {
      this.#preparing.delete(place.origin);
      scheduler.originReady(place, PREPARED_FOR_MS);
      this.#wake.call();
    }
  }

  #checkLimits(): void {
    const { settings, scheduler, stats } = this.#parts;
    if (settings.maxPages > 0 && scheduler.counts().delivered >= settings.maxPages) this.stop('maxPages');
    if (this.#budget.isSpent) this.stop('maxItems');
    if (settings.maxErrors > 0 && Number(stats.get('errors') ?? 0) >= settings.maxErrors)
      this.stop('maxErrors');
  }

  #isIdle(): boolean {
    if (!this.#start.isDone || this.#active.size > 0 || this.#inline.active > 0) return false;
    if (this.#preparing.size > 0 || this.#feeds.isBehind) return false;
    const { queued, delayed, leased } = this.#parts.scheduler.counts();
    return queued + delayed + leased === 0;
  }

  async #nothingTaken(): Promise<void> {
    const { scheduler, signals } = this.#parts;
    if (signals.has('schedulerEmpty') && scheduler.counts().queued === 0)
      await signals.emit('schedulerEmpty', {});
    if (this.#isIdle()) await this.#idle();
  }

  async #idle(): Promise<void> {
    const { signals, clock } = this.#parts;
    let isKeptOpen = false;
    const pushed: Request[] = [];
    await signals.emit('spiderIdle', {
      keepOpen: () => {
        isKeptOpen = true;
      },
      push: (...requests) => {
        appendAll(pushed, requests);
      },
    });
    if (pushed.length > 0) await this.#start.add(pushed);
    if (!this.#isIdle()) return;
    if (isKeptOpen) clock.setTimeout(() => this.#wake.call(), IDLE_HEARTBEAT_MS);
    else if (this.#start.error === undefined) this.stop('finished');
    else this.stop('start_error', this.#start.error);
  }

  async #open(): Promise<void> {
    const { downloaderMiddlewares, spiderMiddlewares, schedulerMiddlewares } = this.#parts;
    const { extensions, pipelines } = this.#parts;
    const components = [
      ...extensions,
      ...downloaderMiddlewares,
      ...spiderMiddlewares,
      ...schedulerMiddlewares,
    ];
    for (const one of components) {
      await one.open?.();
      this.#openComponents.unshift(one);
    }
    for (const one of pipelines) {
      await one.open?.();
      this.#openPipelines.unshift(one);
    }
    // Last: an output may empty a file, which must not happen for a crawl that cannot begin.
    try {
      await this.#feeds.open();
    } catch (error) {
      this.stop('output_error', error);
      throw error;
    }
  }

  /** The way out: what was opened is closed, last first. A fault in one step hinders no other. */
  async #close(): Promise<readonly FeedResult[]> {
    const { spider, scheduler, downloader, signals, stats } = this.#parts;
    const closing = this.#closing;
    const reason = closing.reason ?? 'finished';
    await this.#drain();
    for (const one of this.#openPipelines) {
      if (!(await closing.step(one.name, () => one.close?.(reason)))) stats.inc('pipeline/failed_count');
    }
    const feeds = await this.#feeds.close(
      closing,
      (result) => this.#tellFeed(result),
      () => stats.inc('feed/failed_count'),
    );
    await signals.emit('feedExporterClosed', {});
    if (this.#start.hasBegun) {
      await closing.step('closed()', () => spider.closed?.(reason));
      await signals.emit('spiderClosed', { name: spider.name, reason });
    }
    for (const one of this.#openComponents) await closing.step(one.name, () => one.close?.(reason));
    await closing.step('downloader', () => downloader.close());
    await closing.step('scheduler', () => scheduler.close());
    return feeds;
  }

  /** Batches were told of when they were full. */
  async #tellFeed(result: FeedResult): Promise<void> {
    const { signals, stats } = this.#parts;
    if (result.batches === undefined) {
      stats.inc('feed/success_count');
      await signals.emit('feedSlotClosed', { ...result, batchId: 1 });
    }
    await signals.emit('feedClosed', result);
  }

  /** Lets running pages and `start()` end; after a while those that do not are given back. */
  async #drain(): Promise<void> {
    const { settings, clock, scheduler } = this.#parts;
    scheduler.pause();
    let isLate = false;
    const cancel = clock.setTimeout(() => {
      isLate = true;
      this.#giveBack();
      this.#wake.call();
    }, settings.closeTimeoutMs);
    while (!isLate && !this.#isAborted && (this.#active.size > 0 || this.#start.isRunning))
      await this.#wake.sleep();
    cancel();
    this.#inline.abort('the crawl was ended');
  }

  /** Ends what runs; its requests go back to the queue, and what still comes of it is stale. */
  #giveBack(): void {
    const ended = 'the crawl was ended';
    this.#start.giveUp(new DownloadCancelledError('start()', ended));
    for (const [unit, lease] of this.#active) {
      this.#active.delete(unit);
      void this.#return(lease);
      unit.abort(new DownloadCancelledError(unit.request.url, ended));
    }
    this.#inline.abort(ended);
  }

  async #return(lease: Lease): Promise<void> {
    const { scheduler, logger } = this.#parts;
    try {
      await scheduler.fail(lease, { returned: true });
    } catch (error) {
      logger.error(`${lease.request.url} could not be given back: ${errorMessage(error)}`, { error });
    }
  }

  #armDeadline(): () => void {
    const { settings, clock } = this.#parts;
    if (settings.maxDurationMs === 0) return () => {};
    return clock.setTimeout(() => this.stop('maxDuration'), settings.maxDurationMs);
  }
}
