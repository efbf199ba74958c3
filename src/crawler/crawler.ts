import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { systemClock } from '../clock/system-clock.ts';
import type { Clock } from '../contracts/clock.ts';
import type { ComponentContext, HostControl } from '../contracts/component.ts';
import type { Downloader } from '../contracts/downloader.ts';
import type { Feed, FeedResult, FeedSlotResult } from '../contracts/feed.ts';
import type { Logger } from '../contracts/logger.ts';
import type { Scheduler } from '../contracts/scheduler.ts';
import type { Signals } from '../contracts/signal.ts';
import type { Stats, StatsValue } from '../contracts/stats.ts';
import { createDownloader } from '../downloader/create-downloader.ts';
import { Engine, type EngineProgress } from '../engine/engine.ts';
import { ComponentError } from '../errors/component-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import type { FeedEnvironment } from '../feed/create-feed.ts';
import { plainEndpoint } from '../feed/plain-endpoint.ts';
import type { FailedPages } from '../job/failed-pages.ts';
import { Job, type JobOptions } from '../job/job.ts';
import type { JobOutput } from '../job/job-feed.ts';
import { SEEDS_STATE } from '../job/job-memory.ts';
import { CountingLogger } from '../logging/counting-logger.ts';
import { LineLogger } from '../logging/line-logger.ts';
import { SecretMask } from '../logging/secret-mask.ts';
import { DiskScheduler } from '../scheduler/disk-scheduler.ts';
import { MemoryScheduler, type MemorySchedulerOptions } from '../scheduler/memory-scheduler.ts';
import type { SchedulerFactory } from '../scheduler/scheduler-factory.ts';
import { openSeeds } from '../seeds/open-seeds.ts';
import type { SeedReader } from '../seeds/seed-reader.ts';
import { type EndFigures, metCondition, parseFailCondition } from '../settings/fail-condition.ts';
import type { SettingsLayer } from '../settings/resolve-settings.ts';
import type { PartialSettings, Settings } from '../settings/settings.ts';
import { SignalBus } from '../signals/signal-bus.ts';
import { attachSpider, type Spider, type SpiderClass } from '../spider/spider.ts';
import { openLevelStore } from '../store/level-store.ts';
import type { ItemRecord } from '../values/item.ts';
import { throttleGroup } from '../values/throttle-group.ts';
import { buildComponents, type Components } from './build-components.ts';
import { checkArguments, secretArgumentNames, secretArguments } from './check-arguments.ts';
import { checkInputs } from './check-inputs.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkSpider } from './check-spider.ts';
import { createFeeds, createJobFeeds } from './job-feeds.ts';
import { keepFailedPages } from './keep-failed-pages.ts';
import { keptStats } from './kept-stats.ts';
import { logStart } from './log-start.ts';
import { makeSpider } from './make-spider.ts';
import { paceDefaults } from './pace-defaults.ts';
import { release } from './release.ts';
import { settingsOf } from './settings-of.ts';
import type { ControlServer } from './watch/control-server.ts';
import { ErrorGroups, type GroupedErrors } from './watch/error-groups.ts';
import { ErrorPages } from './watch/error-pages.ts';
import { HostRests } from './watch/host-rests.ts';
import { MemoryGuard } from './watch/memory-guard.ts';
import { ProgressLog } from './watch/progress-log.ts';
import { watchPace } from './watch/watch-pace.ts';

/** What a crawl may be given besides its spider. */
export interface CrawlOptions<Args extends object = Record<string, unknown>> {
  /** Spider arguments, checked against `static args`. */
  readonly args?: Partial<Args>;
  /** Settings of this crawl; they win over project and spider. */
  readonly settings?: PartialSettings;
  /** Further layers of settings, weakest first; they stand above the spider's and below `settings`. */
  readonly layers?: readonly SettingsLayer[];
  /** Settings below the spider's: the project's. */
  readonly project?: SettingsLayer;
  /** Settings that are not taken from project, add-ons and spider, as if these did not give them. */
  readonly ignored?: readonly (keyof PartialSettings)[];
  /** The spider's name. @defaultValue its `spiderName`, else its class name */
  readonly name?: string;
  /** @defaultValue lines on standard error, as the log settings say */
  readonly logger?: Logger;
  /** @defaultValue the system's clock */
  readonly clock?: Clock;
  /** A number from 0 up to 1. @defaultValue `Math.random` */
  readonly random?: () => number;
  /** Ends the crawl in order when aborted. */
  readonly signal?: AbortSignal;
  /** Instead of the built-in downloader. */
  readonly downloader?: Downloader;
  /** Instead of the scheduler in memory. Not with `settings.jobDir`: a job keeps its own queue. */
  readonly scheduler?: Scheduler;
  /** Opens the records of a job, instead of LevelDB. */
  readonly openStore?: JobOptions['openStore'];
  /** Go on with a job (`settings.jobDir`) although its spider or arguments were others. @defaultValue `false` */
  readonly jobMayDiffer?: boolean;
  /** What seeds `-` are read from. @defaultValue standard input */
  readonly input?: Readable;
  /** Outputs besides those of the settings. */
  readonly feeds?: readonly Feed[];
}

/** What a crawl came to. */
export interface CrawlResult {
  /** `finished`, or what ended it: `shutdown`, `maxPages`, `start_error`, … */
  readonly reason: string;
  /** The fault that ended it. */
  readonly error?: Error;
  readonly feeds: readonly FeedResult[];
  readonly stats: Readonly<Record<string, StatsValue>>;
  /** Responses given to callbacks. */
  readonly pages: number;
  /** Items that came through the pipelines. */
  readonly items: number;
  readonly errors: number;
  /** Whether this run gave neither a page nor an item. */
  readonly crawledNothing: boolean;
  /** What failed in this run, grouped by its cause. */
  readonly errorGroups: GroupedErrors;
  /** Conditions of `settings.failOn` that are met, with their figures. */
  readonly failedOn: readonly string[];
  readonly durationMs: number;
  /** The job that keeps the crawl. */
  readonly job?: JobResult;
}

/** What a run left of its job. */
export interface JobResult {
  readonly folder: string;
  /** `finished`: nothing is left to do, in this run or before it; `open`: the same command goes on. */
  readonly state: 'finished' | 'open';
  /** Whether it was finished before this run, which did nothing. */
  readonly wasFinished: boolean;
  /** Requests that were given up, in all runs. */
  readonly dead: number;
}

/** How far a crawl is; for status lines. */
export interface CrawlProgress extends EngineProgress {
  readonly errors: number;
  readonly elapsedMs: number;
}

/**
 * One crawl of one spider: picks the parts, wires them and runs them once. Any number may run in one process;
 * they share nothing.
 *
 * @throws SettingsError on bad settings or arguments.
 */
export class Crawler<Item extends object = ItemRecord, Args extends object = Record<string, unknown>> {
  readonly settings: Settings;
  /** Where each setting's value comes from. */
  readonly settingSources: ReadonlyMap<string, string>;
  readonly stats: Stats;
  readonly signals: Signals;
  readonly logger: Logger;
  readonly spider: Spider<Item, Args>;
  /** The hosts of the crawl and their pace, for a look and for changes while it runs. */
  readonly hosts: HostControl;
  readonly #spiderClass: SpiderClass<Item, Args>;
  readonly #options: CrawlOptions<Args>;
  readonly #clock: Clock;
  readonly #secrets = new SecretMask();
  readonly #name: string;
  readonly #rests: HostRests;
  readonly #ended = new AbortController();
  readonly #states = new Map<string, Record<string, unknown>>();
  #engine: Engine | undefined;
  #made: Components | undefined;
  #job: Job | undefined;
  #failedPages: FailedPages | undefined;
  #pending: { readonly reason: string; readonly isAbort: boolean } | undefined;
  #startedMs = 0;

  constructor(spiderClass: SpiderClass<Item, Args>, options: CrawlOptions<Args> = {}) {
    this.#spiderClass = spiderClass;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#name = options.name ?? spiderClass.spiderName ?? spiderClass.name;
    const resolved = settingsOf(spiderClass, this.#name, options);
    this.settings = resolved.settings;
    this.settingSources = resolved.sources;
    this.stats = keptStats(this.settings.createStats);
    const mask = this.#secrets;
    const lines = options.logger ?? LineLogger.fromSettings(this.settings, this.#clock, { mask });
    this.logger = new CountingLogger(lines, this.stats);
    this.signals = new SignalBus(this.logger.child('signals'));
    this.#rests = new HostRests(this.logger.child('throttle'), this.#clock);
    this.hosts = this.#hostControl();
    this.spider = makeSpider(spiderClass, this.#name);
    checkSpider(this.spider, this.#name);
  }

  /**
   * Crawls to the end. Rejects only where it cannot begin: bad arguments, inputs, outputs, components; no file is
   * written and no new job is left behind then.
   */
  async run(): Promise<CrawlResult> {
    if (this.#engine !== undefined)
      throw new ComponentError('crawler', 'a crawler runs once: make another one');
    const { signal } = this.#options;
    const stop = (): void => this.stop('cancelled');
    const args = await this.#checkArguments();
    checkInputs(this.settings);
    const isNewFolder = !isThere(this.settings.jobDir);
    const job = await this.#openJob(args);
    let scheduler: Scheduler;
    let engine: Engine;
    let control: ControlServer | undefined;
    try {
      const seeds = await this.#openSeeds(job);
      const hasNewSeeds = job?.isStartDone === true && (await seeds?.hasNew()) === true;
      this.#attach(args, seeds);
      const outputs = this.#outputs(args);
      if (job?.finish !== undefined && !hasNewSeeds && (await areThere(outputs)))
        return await this.#alreadyFinished(job);
      if (hasNewSeeds) {
        job.reopenStart();
        seeds?.goOn();
      }
      checkOutputs(outputs);
      const components = await this.#components();
      this.#made = components;
      logStart(this.logger.child('crawler'), this, this.#spiderClass.pipelines);
      scheduler = await this.#createScheduler(components);
      engine = this.#prepare(components, scheduler, outputs, seeds);
      await job?.begin(this.stats);
      if (job?.isResumed) this.#tellResumed(job, scheduler);
      control = await this.#openControl(engine);
    } catch (error) {
      await job?.release();
      if (job !== undefined && isNewFolder) await rm(job.folder, { recursive: true, force: true });
      throw error;
    }
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    this.#startedMs = this.#clock.monotonicMs();
    const pagesBefore = scheduler.counts().delivered;
    const itemsBefore = this.#count('item/scraped');
    if (this.#pending?.isAbort === true) engine.abort();
    else if (this.#pending !== undefined) engine.stop(this.#pending.reason);
    const { settings, stats, logger } = this;
    const counts = (): EngineProgress => engine.progress();
    const log = new ProgressLog({ logger, clock: this.#clock, settings, stats, counts });
    const guard = this.#memoryGuard(engine);
    log.start();
    guard.start();
    const feeds: FeedResult[] = [];
    // Not only the engine's own outputs say that they are complete: archives do too.
    this.signals.on('feedClosed', (feed) => {
      feeds.push(feed);
    });
    const errorPages = this.#errorPages();
    const errorGroups = new ErrorGroups(this.#secrets, (...first) => errorPages?.keep(...first));
    errorGroups.listen(this.signals);
    const { reason, error: fault } = await engine.run();
    const closeFault = await this.#closeJob(scheduler, reason, fault);
    const error = fault ?? closeFault;
    await errorPages?.settled();
    log.stop();
    guard.stop();
    await control?.close();
    if (settings.statsDump) this.logger.info('stats', this.stats.snapshot());
    signal?.removeEventListener('abort', stop);
    this.#ended.abort();
    const { pages } = engine.progress();
    // Not those that were scraped from pages that came to nothing.
    const items = this.#count('item/scraped');
    return {
      reason,
      ...(error && { error }),
      feeds,
      stats: this.stats.snapshot(),
      pages,
      items,
      errors: this.#count('errors'),
      crawledNothing: pages === pagesBefore && items === itemsBefore,
      errorGroups: errorGroups.get(),
      failedOn: this.#failedOn({ pages, items, dead: scheduler.counts().dead }),
      durationMs: this.#clock.monotonicMs() - this.#startedMs,
      ...(job && { job: this.#jobResult(job, scheduler, reason, error) }),
    };
  }

  /** Ends the crawl in order: what runs may end, outputs are closed. */
  stop(reason = 'shutdown'): void {
    this.#pending ??= { reason, isAbort: false };
    this.#engine?.stop(reason);
  }

  /** Ends the crawl at once; outputs are closed with what they have. */
  abort(): void {
    this.#pending = { reason: 'aborted', isAbort: true };
    this.#engine?.abort();
  }

  /** A text for people without the secrets of this crawl: values of secret arguments, and what looks like a secret. */
  masked(text: string): string {
    return this.#secrets.mask(text);
  }

  /** Takes nothing new until `resume()`. */
  pause(): void {
    this.#engine?.pause();
  }

  resume(): void {
    this.#engine?.resume();
  }

  /**
   * A component of the crawl by its name, from `run()` on. Scrapy's get_extension(), get_item_pipeline() and the like.
   *
   * @param list - the setting that lists it: `extensions`.
   * @returns undefined where there is none, or it stayed out.
   */
  component<List extends keyof Components>(list: List, name: string): Components[List][number] | undefined {
    return this.#made?.[list].find((one) => one.name === name);
  }

  /** Whether a pipeline writes the items somewhere, as those of databases do; from `run()` on. */
  get keepsItems(): boolean {
    return (
      this.#made?.pipelines.some(({ commit, keepsItems = true }) => commit !== undefined && keepsItems) ??
      false
    );
  }

  /** How far it is. */
  progress(): CrawlProgress {
    const engine = this.#engine?.progress() ?? NOTHING_YET;
    const elapsedMs = this.#startedMs === 0 ? 0 : this.#clock.monotonicMs() - this.#startedMs;
    return { ...engine, errors: this.#count('errors'), elapsedMs };
  }

  #memoryGuard(engine: Engine): MemoryGuard {
    const { settings, stats, signals } = this;
    return new MemoryGuard({
      settings,
      stats,
      signals,
      clock: this.#clock,
      logger: this.logger.child('memory'),
      isJob: this.#job !== undefined,
      stop: (reason) => engine.stop(reason),
    });
  }

  #errorPages(): ErrorPages | undefined {
    const { errorPagesDir } = this.settings;
    if (errorPagesDir === undefined) return undefined;
    return new ErrorPages(resolve(errorPagesDir), this.logger.child('errors'));
  }

  async #openControl(engine: Engine): Promise<ControlServer | undefined> {
    const { controlFile } = this.settings;
    if (controlFile === undefined) return undefined;
    const { ControlServer } = await import('./watch/control-server.ts');
    const status = () => ({ spider: this.#name, ...this.progress(), stats: this.stats.snapshot() });
    const server = await ControlServer.open(resolve(controlFile), {
      status,
      stop: (reason) => this.stop(reason),
      pause: () => engine.pause(),
      resume: () => engine.resume(),
      setHostLimits: (host, limits) => engine.setHostLimits(host, limits),
    });
    this.logger.child('control').info(`can be asked and steered by ${controlFile}`);
    return server;
  }

  #failedOn(known: Pick<EndFigures, 'pages' | 'items' | 'dead'>): string[] {
    const figures = {
      ...known,
      errors: this.#count('errors'),
      // To the spider what a replay lacks is a download that failed.
      failed: this.#count('request/failed') + this.#count('request/dropped/replay missing'),
      dropped: this.#count('item/dropped'),
    };
    return this.settings.failOn.flatMap((text) => {
      const condition = parseFailCondition(text);
      return (condition && metCondition(condition, figures)) ?? [];
    });
  }

  async #checkArguments(): Promise<Readonly<Record<string, unknown>>> {
    const { args = {} } = this.#options;
    const declared = this.#spiderClass.args;
    const checked = await checkArguments(declared, args as Record<string, unknown>, this.#name);
    this.#secrets.add(secretArguments(declared, checked));
    return checked;
  }

  async #openJob(args: Readonly<Record<string, unknown>>): Promise<Job | undefined> {
    const { jobDir, durability } = this.settings;
    if (jobDir === undefined) return undefined;
    this.#job = await Job.open({
      folder: resolve(jobDir),
      clock: this.#clock,
      logger: this.logger.child('job'),
      subject: {
        release: release(),
        spider: this.#name,
        args,
        secretArgs: new Set(secretArgumentNames(this.#spiderClass.args, args)),
        settings: this.settings,
      },
      openStore: this.#options.openStore ?? openLevelStore,
      syncs: durability === 'fsync',
      mayDiffer: this.#options.jobMayDiffer ?? false,
      onFault: (error) => this.#engine?.stop('job_error', error),
    });
    return this.#job;
  }

  #tellResumed({ folder, items }: Job, scheduler: Scheduler): void {
    const { delivered, queued, delayed, dead } = scheduler.counts();
    this.logger
      .child('job')
      .info(`resuming ${folder}`, { pages: delivered, items: items.end, queued: queued + delayed, dead });
  }

  async #openSeeds(job: Job | undefined): Promise<SeedReader | undefined> {
    const { stats, logger, spider, settings } = this;
    if (settings.seeds === undefined) return undefined;
    const members = spider as unknown as Readonly<Record<string, unknown>>;
    return await openSeeds({
      source: settings.seeds,
      input: () => this.#options.input ?? process.stdin,
      job,
      state: this.#state(SEEDS_STATE),
      stats,
      logger: logger.child('seeds'),
      startOrdinals: job?.startOrdinals ?? 0,
      hasCallback: (name) => typeof members[name] === 'function',
    });
  }

  /** A job that has nothing left to do: this run only says so. */
  async #alreadyFinished(job: Job): Promise<CrawlResult> {
    const { pages = 0, items = 0, dead = 0 } = job.finish ?? {};
    job.memory.recall(this.stats);
    await job.release();
    return {
      reason: 'finished',
      feeds: [],
      stats: this.stats.snapshot(),
      pages,
      items,
      errors: this.#count('errors'),
      crawledNothing: true,
      errorGroups: { groups: [], others: 0 },
      failedOn: this.#failedOn({ pages, items, dead }),
      durationMs: 0,
      job: { folder: job.folder, state: 'finished', wasFinished: true, dead },
    };
  }

  /** Gives the fault of the close, if there is one that nobody has told of. */
  async #closeJob(
    scheduler: Scheduler,
    reason: string,
    fault: Error | undefined,
  ): Promise<Error | undefined> {
    const job = this.#job;
    if (job === undefined) return undefined;
    await this.#failedPages?.settled();
    const { delivered, dead } = scheduler.counts();
    const isFinished = reason === 'finished' && fault === undefined;
    try {
      await job.close(reason, isFinished ? { pages: delivered, items: job.items.end, dead } : undefined);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #jobResult(job: Job, scheduler: Scheduler, reason: string, error: Error | undefined): JobResult {
    const state = reason === 'finished' && error === undefined ? 'finished' : 'open';
    return { folder: job.folder, state, wasFinished: false, dead: scheduler.counts().dead };
  }

  #attach(args: Readonly<Record<string, unknown>>, seeds: SeedReader | undefined): void {
    attachSpider(this.spider, {
      name: this.#name,
      args,
      state: this.#state('spider'),
      runtime: {
        settings: this.settings,
        logger: this.logger.child(this.#name),
        stats: this.stats,
        fetch: (request) => this.#running().fetch(request),
        stop: (reason) => this.stop(reason),
        seeds,
      },
    });
  }

  async #components(): Promise<Components> {
    const { random = Math.random } = this.#options;
    return buildComponents(this.settings, this.#spiderClass, (name) => this.#context(name, random));
  }

  #outputs(args: Readonly<Record<string, unknown>>): readonly (Feed | JobOutput)[] {
    const variables = { ...plainTexts(this.spider), ...plainTexts(args), name: this.#name };
    const environment = {
      clock: this.#clock,
      variables,
      spider: this.spider,
      // Checked when they are called.
      formats: this.settings.feedExporters as NonNullable<FeedEnvironment['formats']>,
      storages: this.settings.feedStorages as NonNullable<FeedEnvironment['storages']>,
      s3: this.settings.s3,
      onSlotClosed: (slot: FeedSlotResult) => {
        this.stats.inc('feed/success_count');
        void this.signals.emit('feedSlotClosed', slot);
      },
      onReaderGone: () => this.stop('reader_gone'),
    };
    this.#warnOfPlainS3();
    if (this.#job === undefined) return createFeeds(this.settings, environment);
    return createJobFeeds(this.settings, environment, this.#job, this.logger.child('feeds'));
  }

  #warnOfPlainS3(): void {
    const { s3, feeds, feedStorages } = this.settings;
    if (s3?.allowInsecure !== true || 's3' in feedStorages) return;
    const endpoint = plainEndpoint(s3);
    if (endpoint === undefined || !Object.keys(feeds).some((uri) => /^s3:/i.test(uri))) return;
    this.logger.child('feeds').warn('s3.allowInsecure: keys and content travel without TLS', { endpoint });
  }

  #prepare(
    components: Components,
    scheduler: Scheduler,
    outputs: readonly Feed[],
    seeds: SeedReader | undefined,
  ): Engine {
    const { settings, stats, signals, spider, logger } = this;
    const clock = this.#clock;
    const { feeds = [], random = Math.random } = this.#options;
    if (settings.maxPages > 0) scheduler.setLimits({ maxPages: settings.maxPages });
    const downloader =
      this.#options.downloader ?? createDownloader({ settings, clock, logger: logger.child('downloader') });
    this.#engine = new Engine({
      ...components,
      settings,
      spider,
      scheduler,
      downloader,
      feeds: [...outputs, ...feeds],
      clock,
      random,
      logger: logger.child('engine'),
      stats,
      signals,
      job: this.#job,
      seeds,
    });
    return this.#engine;
  }

  async #createScheduler({ downloaderMiddlewares }: Components): Promise<Scheduler> {
    const { settings } = this;
    const { scheduler, random = Math.random } = this.#options;
    if (this.#job !== undefined && (scheduler ?? settings.scheduler) !== undefined)
      throw new SettingsError(
        'settings.scheduler and settings.jobDir exclude each other: a job keeps its own queue',
      );
    if (scheduler !== undefined) return scheduler;
    const options: MemorySchedulerOptions = {
      clock: this.#clock,
      order: settings.order,
      random,
      pace: paceDefaults(settings),
      onPace: watchPace(settings, this.stats, this.logger, this.#rests),
      hostLimits: settings.hostLimits,
      prepareOrigins: downloaderMiddlewares.some(({ prepareOrigin }) => prepareOrigin !== undefined),
    };
    if (settings.scheduler !== undefined)
      return ownScheduler(settings.scheduler as SchedulerFactory, options);
    if (this.#job === undefined) return new MemoryScheduler(options);
    const { folder, journal, items } = this.#job;
    if (settings.keepFailedPages) this.#failedPages = keepFailedPages(folder, this);
    const onFault = (error: Error): void => this.#engine?.stop('job_error', error);
    const onImageFault = (error: unknown): void =>
      this.logger.child('job').warn('the duplicate filter was not written: the next start takes longer', {
        error,
      });
    return DiskScheduler.open({ ...options, folder, journal, items, onFault, onImageFault });
  }

  #context(name: string, random: () => number): ComponentContext {
    const { settings, stats, signals, spider } = this;
    return {
      settings,
      stats,
      signals,
      random,
      spider,
      logger: this.logger.child(name),
      clock: this.#clock,
      signal: this.#ended.signal,
      hosts: this.hosts,
      fetch: (request, unit, options) => this.#running().fetch(request, unit, options),
      fetchInside: (request, options) => this.#running().fetchInside(request, options),
      stop: (reason, error) => {
        this.#engine?.stop(reason, error);
        this.stop(reason);
      },
      isResumed: this.#job?.isResumed ?? false,
      state: (key) => this.#state(key),
      syncWith: (sync) => this.#job?.syncWith(sync),
    };
  }

  #hostControl(): HostControl {
    const engine = (): Engine => {
      if (this.#engine !== undefined) return this.#engine;
      throw new ComponentError(
        'crawler',
        'hosts can be changed once the crawl runs: settings.hostLimits says what holds from its start',
      );
    };
    return {
      of: throttleGroup(this.settings.throttleScope),
      get: (host) => this.#engine?.hostState(host),
      list: () => this.#engine?.hostStates() ?? [],
      block: (host, forMs, reason = 'the crawl was asked to') => {
        engine().block(host, forMs);
        this.#rests.begin(host, forMs, reason);
      },
      unblock: (host) => {
        engine().unblock(host);
        this.#rests.end(host);
      },
      setLimits: (host, limits) => engine().setHostLimits(host, limits),
    };
  }

  #running(): Engine {
    if (this.#engine !== undefined) return this.#engine;
    throw new ComponentError('crawler', 'nothing can be fetched before the crawl runs: use open() or a hook');
  }

  #state(name: string): Record<string, unknown> {
    if (this.#job !== undefined) return this.#job.memory.state(name);
    let state = this.#states.get(name);
    if (state === undefined) {
      state = {};
      this.#states.set(name, state);
    }
    return state;
  }

  #count(key: string): number {
    const value = this.stats.get(key);
    return typeof value === 'number' ? value : 0;
  }
}

/** The scheduler that the settings make. @throws ComponentError where it is none. */
async function ownScheduler(create: SchedulerFactory, options: MemorySchedulerOptions): Promise<Scheduler> {
  const scheduler: unknown = await create(options);
  const { take, push } = (scheduler ?? {}) as Partial<Scheduler>;
  if (typeof take === 'function' && typeof push === 'function') return scheduler as Scheduler;
  throw new ComponentError('scheduler', 'settings.scheduler gave no scheduler: it has to give a Scheduler');
}

function isThere(folder: string | undefined): boolean {
  return folder !== undefined && existsSync(resolve(folder));
}

/** Whether an earlier run of the job made all outputs. */
async function areThere(outputs: readonly (Feed | JobOutput)[]): Promise<boolean> {
  for (const output of outputs) if ('isThere' in output && !(await output.isThere())) return false;
  return true;
}

/** Arguments, or attributes of a spider, as output paths may use them. */
function plainTexts(args: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
    ),
  );
}

const NOTHING_YET: EngineProgress = {
  pages: 0,
  items: 0,
  queued: 0,
  delayed: 0,
  downloading: 0,
  active: 0,
  activeBytes: 0,
};
