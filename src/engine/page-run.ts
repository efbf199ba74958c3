import { setImmediate } from 'node:timers/promises';
import type { DownloadOutcome } from '../chain/downloader-chain.ts';
import { isPromise } from '../chain/is-promise.ts';
import type { PipelineChain } from '../chain/pipeline-chain.ts';
import type { SchedulerChain } from '../chain/scheduler-chain.ts';
import type { SpiderChain, SpiderOutcome } from '../chain/spider-chain.ts';
import type { CommittedItem } from '../contracts/item-pipeline.ts';
import type { EarlyItems, Lease, UnitOutputs } from '../contracts/scheduler.ts';
import type { RequestSource } from '../contracts/scheduler-middleware.ts';
import { CallbackError } from '../errors/callback-error.ts';
import { isCloseCrawl } from '../errors/close-crawl-error.ts';
import { errorMessage, errorName } from '../errors/crawl-error.ts';
import { DownloadStoppedError } from '../errors/download-stopped-error.ts';
import { DroppedError } from '../errors/dropped-error.ts';
import { InvalidCallbackError } from '../errors/invalid-callback-error.ts';
import type { Candidate } from '../values/candidate.ts';
import { type Drop, isDrop } from '../values/drop.ts';
import type { Failure } from '../values/failure.ts';
import { derivedFingerprint } from '../values/fingerprint.ts';
import type { ItemRecord } from '../values/item.ts';
import { isRequest, type Request } from '../values/request.ts';
import { isResponse, type Response } from '../values/response.ts';
import { isRetryLater } from '../values/retry-later.ts';
import { CallbackRetries } from './callback-retries.ts';
import type { CallbackTable, SpiderMethod } from './callback-table.ts';
import type { CurrentUnit } from './current-unit.ts';
import { drainOutputs, type OutputSink } from './drain-outputs.ts';
import type { EngineParts } from './engine-parts.ts';
import type { FeedWriter } from './feed-writer.ts';
import type { ItemBudget } from './item-budget.ts';
import type { ItemFlow } from './item-flow.ts';
import type { NoItemLimits } from './no-item-limits.ts';
import type { PageLog } from './page-log.ts';
import { blocksOf, itemsFingerprint, PageOutputs } from './page-outputs.ts';
import type { RequestIntake } from './request-intake.ts';
import type { UnitRun } from './unit-run.ts';

/** What pages are finished with. */
export interface PageRunParts extends EngineParts {
  readonly callbacks: CallbackTable;
  readonly enqueue: SchedulerChain;
  readonly intake: RequestIntake;
  readonly spiderChain: SpiderChain;
  readonly pipelineChain: PipelineChain;
  readonly items: ItemFlow;
  readonly log: PageLog;
  readonly budget: ItemBudget;
  readonly feedWriter: FeedWriter;
  readonly noItems: NoItemLimits;
  readonly current: CurrentUnit;
  readonly stop: (reason: string, error?: unknown) => void;
}

/** A download that failed. */
export interface DownloadFailure {
  readonly error: unknown;
}

/** Requests of a page beyond these are handed on before its commit: thousands at once take the loop for long. */
const MOST_HELD_REQUESTS = 1000;
/** So are its items. */
const MOST_HELD_ITEMS = 10_000;
const MOST_HELD_BYTES = 16 * 1024 * 1024;
/** So many are written in one turn of the loop, which takes some milliseconds. */
const ITEMS_A_TURN = 500;
const BYTES_A_TURN = 512 * 1024;
/** A component that never gives up is stopped here. */
const MOST_RETRIES = 100;
/** Each response counts as this much at least. */
const LEAST_RESPONSE_BYTES = 1024;

/** The second half of a unit: from the outcome of its download over callback and pipelines to its commit. */
export class PageRun {
  readonly #parts: PageRunParts;
  readonly #retries: CallbackRetries;
  #activeBytes = 0;
  #hasLoggedDuplicate = false;
  readonly #returning = new Set<SpiderMethod>();
  readonly #missing = new Set<string>();

  constructor(parts: PageRunParts) {
    this.#parts = parts;
    this.#retries = new CallbackRetries(parts);
  }

  /** Bytes of the responses that are being worked on. */
  get activeBytes(): number {
    return this.#activeBytes;
  }

  /**
   * Why a request that left the queue is not downloaded, if so.
   *
   * @throws InvalidCallbackError when its callback has gone since it was stored.
   */
  dequeue({ request }: UnitRun): Drop | undefined | Promise<Drop | undefined> {
    const { callbacks, enqueue, stats } = this.#parts;
    const { callback } = request;
    if (typeof callback === 'string' && callbacks.find(callback) === undefined) {
      stats.inc('spider/callbacks_gone');
      throw missing(callback, request);
    }
    return enqueue.dequeue(request);
  }

  /** Takes a unit from its download's outcome to its end. */
  async finish(unit: UnitRun, lease: Lease, outcome: DownloadOutcome | DownloadFailure): Promise<void> {
    const { scheduler, stats } = this.#parts;
    if (isResponse(outcome)) return this.#deliver(unit, lease, outcome);
    const outputs = new PageOutputs(itemsFingerprint(lease), lease);
    if (isRetryLater(outcome) && unit.retries >= MOST_RETRIES) {
      const error = new DroppedError(unit.request.url, {
        reason: `${outcome.reason}, tried ${unit.retries + 1} times`,
      });
      await this.#fail(unit, lease, error, outputs);
    } else if (isRetryLater(outcome)) {
      const { reason, afterMs, priorityAdjust } = outcome;
      await scheduler.fail(lease, { retryInMs: afterMs, reason, priorityAdjust });
    } else if (isRequest(outcome)) {
      await this.#acceptRequest(outcome, unit, outputs, 'redirect');
      await this.commit(unit, lease, outputs, false);
    } else if (isDrop(outcome)) {
      stats.inc(`request/dropped/${outcome.reason}`);
      await this.#fail(unit, lease, new DroppedError(unit.request.url, outcome), outputs);
    } else {
      await this.#fail(unit, lease, outcome.error, outputs, cutResponse(outcome.error));
    }
  }

  /** Takes one output of a callback or of `start()`. */
  accept(output: unknown, unit: UnitRun, outputs: PageOutputs, source: RequestSource): void | Promise<void> {
    if (output === undefined || output === null) return;
    if (typeof output !== 'object') {
      throw new TypeError(
        `a callback may give requests, items (plain objects) or nothing, not the ${typeof output} ${JSON.stringify(output)}`,
      );
    }
    const { spiderChain } = this.#parts;
    const isOfNoPage = source === 'start' || source === 'idle';
    if (isRetryLater(output)) {
      if (isOfNoPage)
        throw new TypeError('start() has no page to be tried again: retryLater() is for callbacks');
      this.#retries.ask(unit, output, outputs);
      return;
    }
    if (isDrop(output)) {
      this.#parts.items.refused(output, unit, outputs);
      return;
    }
    const given = output as Request | ItemRecord;
    const outcome = isOfNoPage ? spiderChain.start(given) : spiderChain.output(given, unit);
    if (isPromise(outcome)) return outcome.then((late) => this.#acceptOutcome(late, unit, outputs, source));
    return this.#acceptOutcome(outcome, unit, outputs, source);
  }

  /** Commits a lease with all that its page gave. */
  async commit(unit: UnitRun, lease: Lease, outputs: PageOutputs, delivered: boolean): Promise<void> {
    const { scheduler, stats, pipelineChain, stop, noItems } = this.#parts;
    await outputs.settled();
    if (unit.isGivenUp) return;
    const items = outputs.takeItems();
    try {
      if (items.length > 0) await pipelineChain.commit(items);
    } catch (error) {
      stop('pipeline_error', error);
      await scheduler.fail(lease, { returned: true });
      return;
    }
    const last = await this.#handOnMany(unit, lease, outputs, items);
    if (last === undefined) return;
    const committing = scheduler.commit(lease, { ...last, delivered });
    const { ack, queued, duplicates } = isPromise(committing) ? await committing : committing;
    if (ack === 'stale') {
      stats.inc('scheduler/stale');
      return;
    }
    if (delivered) stats.inc('page/count');
    this.countPush(queued, duplicates);
    if (outputs.early > 0) stats.inc('item/scraped', outputs.early);
    for (const [name, count] of outputs.takeCounts()) stats.inc(name, count);
    if (items.length > 0 || outputs.hasHandedOn) noItems.items();
    else if (delivered) noItems.emptyPage();
    await this.#scraped(items, outputs);
    if (delivered) await this.#committed(unit);
  }

  /**
   * A commit takes the loop for all that it brings: what would be long is handed on before, piece by piece. Gives what
   * is left; undefined: the page was given up meanwhile.
   */
  async #handOnMany(
    unit: UnitRun,
    lease: Lease,
    outputs: PageOutputs,
    items: readonly CommittedItem[],
  ): Promise<Pick<UnitOutputs, 'requests' | 'items'> | undefined> {
    const { job } = this.#parts;
    // An earlier attempt, or this one, may have handed some of them on.
    const isInParts = lease.attempt > 1 || outputs.requests.length > MOST_HELD_REQUESTS;
    const requests = job !== undefined && isInParts ? onceOnly(outputs) : outputs.takeRequests();
    // Only a job has work with them.
    const blocks = job === undefined ? [items] : [...blocksOf(items, ITEMS_A_TURN, BYTES_A_TURN)];
    const last = blocks.pop() ?? [];
    while (blocks.length > 0 || requests.length > MOST_HELD_REQUESTS) {
      const some = requests.length > MOST_HELD_REQUESTS ? requests.splice(0, MOST_HELD_REQUESTS) : [];
      await this.#push(some, { items: blocks.shift() ?? [], lease });
      await setImmediate();
      if (unit.isGivenUp) return undefined;
    }
    return { requests, items: last };
  }

  /** Told only once a crash could not undo it: listeners write it down elsewhere. */
  async #committed({ request, response }: UnitRun): Promise<void> {
    const { signals, scheduler } = this.#parts;
    if (response === undefined || !signals.has('pageCommitted')) return;
    await scheduler.flushed();
    await signals.emit('pageCommitted', { request, response });
  }

  /** Hands on what a page gave beyond what is held for a commit. */
  async flush(outputs: PageOutputs): Promise<void> {
    const { pipelineChain, stats, job, noItems } = this.#parts;
    const { lease } = outputs;
    await outputs.settled();
    const items = outputs.takeItems();
    if (items.length > 0) await pipelineChain.commit(items);
    await this.#pushRequests(outputs, items);
    if (items.length > 0) {
      outputs.hasHandedOn = true;
      noItems.items();
    }
    // What a job counts is exact over its runs: these items count with the commit of their page.
    if (lease !== undefined && job !== undefined) outputs.early += items.length;
    else if (items.length > 0) stats.inc('item/scraped', items.length);
    await this.#tellScraped(items, outputs);
  }

  /** Counts a push and says so once when the duplicate filter works. */
  countPush(queued: number, duplicates: readonly Candidate[]): void {
    const { stats, settings, logger } = this.#parts;
    if (queued > 0) stats.inc('scheduler/enqueued', queued);
    if (duplicates.length === 0) return;
    stats.inc('dupefilter/filtered', duplicates.length);
    if (this.#hasLoggedDuplicate && !settings.dupeFilterDebug) return;
    this.#hasLoggedDuplicate = true;
    for (const { request } of settings.dupeFilterDebug ? duplicates : duplicates.slice(0, 1)) {
      logger.debug('duplicate request filtered (further ones only with dupeFilterDebug)', {
        url: request.url,
      });
    }
  }

  /** Counts and reports an error of the spider; one that asks for the end of the crawl ends it. */
  spiderError(error: unknown, where: { readonly request?: Request; readonly response?: Response }): void {
    const { stats, signals, log } = this.#parts;
    if (this.stopIfAsked(error)) return;
    stats.inc('errors');
    stats.inc('spider/errors');
    stats.inc(`spider/errors/${errorName(error)}`);
    log.spiderError({ error, ...where });
    void signals.emit('spiderError', { error, ...where });
  }

  /** Whether an error was a request to close the crawl. */
  stopIfAsked(error: unknown): boolean {
    if (!isCloseCrawl(error)) return false;
    this.#parts.stop(error.reason);
    return true;
  }

  async #deliver(unit: UnitRun, lease: Lease, response: Response): Promise<void> {
    const { spiderChain, callbacks, signals, log } = this.#parts;
    const { request } = unit;
    const outputs = new PageOutputs(itemsFingerprint(lease), lease);
    const bytes = Math.max(response.body.byteLength, LEAST_RESPONSE_BYTES);
    unit.response = response;
    outputs.response = response;
    this.#activeBytes += bytes;
    try {
      log.crawled({ request, response });
      if (signals.has('responseReceived')) void signals.emit('responseReceived', { response, request });
      const checked = spiderChain.input(response, unit);
      const dropped = isPromise(checked) ? await checked : checked;
      if (dropped !== undefined) {
        await this.#fail(unit, lease, new DroppedError(request.url, dropped), outputs, response);
        return;
      }
    } catch (error) {
      this.#activeBytes -= bytes;
      await this.#fail(unit, lease, error, outputs, response);
      return;
    }
    try {
      const name = request.callback === undefined ? 'parse' : callbacks.nameOf(request.callback, request.url);
      const callback = callbacks.find(name);
      if (callback === undefined) await this.#fail(unit, lease, missing(name, request), outputs, response);
      else if (await this.#call(callback, response, unit, outputs))
        await this.#commitOrRetry(unit, lease, outputs, true);
      else await this.#afterCallbackError(unit, lease, outputs);
    } finally {
      this.#activeBytes -= bytes;
    }
  }

  /** Runs a callback or errback and takes its outputs; whether it ended well, or with a retry of its page. */
  async #call(method: SpiderMethod, input: unknown, unit: UnitRun, outputs: PageOutputs): Promise<boolean> {
    const { current, spiderChain, budget } = this.#parts;
    const retries = this.#retries;
    const sink: OutputSink = {
      accept: (output) => this.accept(output, unit, outputs, 'callback'),
      returned: () => this.#warnOfReturn(method, unit),
      get isClosed() {
        return budget.isSpent || unit.isGivenUp || retries.isAsked(unit);
      },
    };
    try {
      await current.run(unit, () => drainOutputs(method(input, unit.request.cbKwargs), sink));
      return true;
    } catch (error) {
      try {
        const recovered = await spiderChain.exception(error, unit);
        if (recovered !== undefined) {
          await drainOutputs(recovered, sink);
          return true;
        }
      } catch (later) {
        this.#callbackError(later, unit);
        return retries.isAsked(unit);
      }
      if (this.stopIfAsked(error)) return true;
      this.#callbackError(error, unit);
      return retries.isAsked(unit);
    }
  }

  /** Once for each callback. */
  #warnOfReturn(method: SpiderMethod, { request, response }: UnitRun): void {
    if (this.#returning.has(method)) return;
    this.#returning.add(method);
    const name = method.name.replace(/^bound /, '');
    const problem = 'is a generator that returned a value, which is left out: yield it';
    this.#parts.logger.warn(`${name}() ${problem}`, { url: response?.url ?? request.url });
  }

  #callbackError(cause: unknown, { request, response }: UnitRun): void {
    const name =
      typeof request.callback === 'string' ? request.callback : (request.callback?.name ?? 'parse');
    const url = response?.url ?? request.url;
    const error = new CallbackError(url, name, errorMessage(cause), { cause });
    this.spiderError(error, { request, ...(response && { response }) });
  }

  /** Where the page is to be tried again, what it gave is thrown away: it gives it again. */
  async #commitOrRetry(unit: UnitRun, lease: Lease, outputs: PageOutputs, delivered: boolean): Promise<void> {
    const retry = this.#retries.take(unit);
    if (retry === undefined) return this.commit(unit, lease, outputs, delivered);
    await this.#withdraw(outputs);
    await this.#parts.scheduler.fail(lease, retry);
  }

  async #afterCallbackError(unit: UnitRun, lease: Lease, outputs: PageOutputs): Promise<void> {
    const { settings, scheduler } = this.#parts;
    const { onCallbackError, retryTimes } = settings;
    if (onCallbackError === 'retry' && unit.retries < retryTimes) {
      await this.#withdraw(outputs);
      await scheduler.fail(lease, this.#retries.afterError(unit));
      return;
    }
    if (onCallbackError !== 'keep') await this.#withdraw(outputs);
    await this.commit(unit, lease, outputs, true);
  }

  async #withdraw(outputs: PageOutputs): Promise<void> {
    await outputs.settled();
    this.#parts.budget.withdraw(outputs.takeItems().length);
    outputs.discard();
  }

  /** A request that came to nothing: its errback is told, once; without one it is kept with its reason. */
  async #fail(
    unit: UnitRun,
    lease: Lease,
    given: unknown,
    outputs: PageOutputs,
    response?: Response,
  ): Promise<void> {
    const { callbacks, scheduler, signals, stop } = this.#parts;
    const { request } = unit;
    const error = given instanceof Error ? given : new Error(String(given));
    if (isCloseCrawl(error)) {
      stop(error.reason);
      await scheduler.fail(lease, { returned: true });
      return;
    }
    const failure: Failure = { error, request, retries: unit.retries, ...(response && { response }) };
    this.#reportFailure(failure);
    void signals.emit('requestFailed', failure);
    const errback =
      request.errback === undefined
        ? undefined
        : callbacks.find(callbacks.nameOf(request.errback, request.url));
    if (errback !== undefined) {
      await this.#call(errback, failure, unit, outputs);
      await this.#commitOrRetry(unit, lease, outputs, false);
    } else if (given instanceof DroppedError && !given.isTemporary) {
      await this.commit(unit, lease, outputs, false);
    } else {
      await scheduler.fail(lease, {
        dead: errorMessage(error),
        status: response?.status ?? statusOf(error),
        code: 'code' in error && typeof error.code === 'string' ? error.code : errorName(error),
      });
    }
  }

  #reportFailure(failure: Failure): void {
    const { error, request, response } = failure;
    const { stats, logger, log, signals } = this.#parts;
    const fields = { url: request.url, method: request.method };
    if (error instanceof DroppedError) {
      if (logger.isEnabled('debug')) logger.debug(`request dropped: ${error.reason}`, fields);
      void signals.emit('requestDropped', { request, reason: error.reason });
      return;
    }
    stats.inc('request/failed');
    stats.inc(`request/failed/${errorName(error)}`);
    if (error instanceof InvalidCallbackError) {
      stats.inc('errors');
      this.#tellMissing(error, request);
      return;
    }
    if (response !== undefined) {
      const isCut = error instanceof DownloadStoppedError;
      logger.info(isCut ? 'download stopped' : `response ignored: status ${response.status}`, fields);
      return;
    }
    stats.inc('errors');
    log.downloadError(failure);
  }

  /** In words once for each callback: all requests of a job may have it. */
  #tellMissing({ message }: InvalidCallbackError, { callback }: Request): void {
    const name = String(callback);
    const level = this.#missing.has(name) ? 'debug' : 'error';
    this.#missing.add(name);
    this.#parts.logger[level](`request given up: ${message}`);
  }

  #acceptOutcome(
    outcome: SpiderOutcome,
    unit: UnitRun,
    outputs: PageOutputs,
    source: RequestSource,
  ): void | Promise<void> {
    if (isDrop(outcome)) {
      this.#parts.stats.inc(`spider/dropped/${outcome.reason}`);
      return;
    }
    if (isRequest(outcome)) return this.#acceptRequest(outcome, unit, outputs, source);
    if (Array.isArray(outcome)) return this.#acceptMany(outcome, unit, outputs, source);
    return this.#acceptItem(outcome as ItemRecord, unit, outputs);
  }

  async #acceptMany(
    many: readonly (Request | ItemRecord)[],
    unit: UnitRun,
    outputs: PageOutputs,
    source: RequestSource,
  ): Promise<void> {
    for (const one of many) await this.#acceptOutcome(one, unit, outputs, source);
  }

  #acceptItem(item: ItemRecord, unit: UnitRun, outputs: PageOutputs): void | Promise<void> {
    const waits = this.#parts.items.accept(item, unit, outputs);
    if (isPromise(waits)) return waits;
    const isFull = outputs.itemCount >= MOST_HELD_ITEMS || outputs.bytes >= MOST_HELD_BYTES;
    if (isFull && this.#mayHandOn(outputs)) return this.#handOnAll(unit, outputs);
  }

  #acceptRequest(
    request: Request,
    unit: UnitRun,
    outputs: PageOutputs,
    source: RequestSource,
  ): void | Promise<void> {
    const accepted = this.#parts.intake.accept(
      request,
      source === 'start' || source === 'idle' ? undefined : unit,
      source,
    );
    if (isPromise(accepted)) return accepted.then((late) => this.#acceptCandidate(late, request, outputs));
    return this.#acceptCandidate(accepted, request, outputs);
  }

  #acceptCandidate(
    candidate: Candidate | Drop,
    request: Request,
    outputs: PageOutputs,
  ): void | Promise<void> {
    const { stats, signals } = this.#parts;
    if (isDrop(candidate)) {
      stats.inc('scheduler/dropped');
      stats.inc(`scheduler/dropped/${candidate.reason}`);
      if (signals.has('requestDropped'))
        void signals.emit('requestDropped', { request, reason: candidate.reason });
      return;
    }
    if (signals.has('requestScheduled'))
      void signals.emit('requestScheduled', { request: candidate.request });
    outputs.requests.push(candidate);
    if (outputs.requests.length >= MOST_HELD_REQUESTS && this.#mayHandOn(outputs))
      return this.#pushRequests(outputs, []);
  }

  /** Where everything may still have to be thrown away, it is held whatever it takes; what `start()` gives is cut into blocks elsewhere. */
  #mayHandOn({ lease }: PageOutputs): boolean {
    return lease !== undefined && this.#parts.settings.onCallbackError === 'keep';
  }

  /** The page is given back where its items cannot be kept, as at its commit. */
  async #handOnAll(unit: UnitRun, outputs: PageOutputs): Promise<void> {
    const { scheduler, stop } = this.#parts;
    try {
      await this.flush(outputs);
    } catch (error) {
      stop('pipeline_error', error);
      unit.abort(error instanceof Error ? error : new Error(String(error)));
      if (outputs.lease !== undefined) await scheduler.fail(outputs.lease, { returned: true });
    }
  }

  async #pushRequests(outputs: PageOutputs, items: readonly CommittedItem[]): Promise<void> {
    const { job } = this.#parts;
    const { lease } = outputs;
    const requests = job === undefined ? outputs.takeRequests() : onceOnly(outputs);
    if (requests.length + items.length === 0) return;
    if (requests.length > 0) outputs.hasHandedOnRequests = true;
    await this.#push(requests, { items, ...(lease && { lease }) });
  }

  async #push(requests: readonly Candidate[], early: EarlyItems): Promise<void> {
    const pushing = this.#parts.scheduler.push(requests, early);
    const { queued, duplicates } = isPromise(pushing) ? await pushing : pushing;
    this.countPush(queued, duplicates);
  }

  async #scraped(items: readonly { readonly item: ItemRecord }[], outputs: PageOutputs): Promise<void> {
    if (items.length === 0) return;
    this.#parts.stats.inc('item/scraped', items.length);
    await this.#tellScraped(items, outputs);
  }

  async #tellScraped(
    items: readonly { readonly item: ItemRecord }[],
    { response }: PageOutputs,
  ): Promise<void> {
    if (items.length === 0) return;
    const { signals, log, feedWriter } = this.#parts;
    if (signals.has('itemScraped')) {
      for (const { item } of items) void signals.emit('itemScraped', { item, ...(response && { response }) });
    }
    log.scraped(items, response);
    await feedWriter.write(items.map(({ item }) => item));
  }
}

function statusOf(error: Error): number | undefined {
  return 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

/** What came of a download before somebody stopped it. */
function cutResponse(error: unknown): Response | undefined {
  return error instanceof DownloadStoppedError ? error.response : undefined;
}

function missing(name: string, { url }: Request): InvalidCallbackError {
  return new InvalidCallbackError(`${url}: the spider has no method ${name}() for its callback`);
}

/** Requests that go before the commit of their page: after a crash the page gives them again, whatever the duplicate filter may do. */
function onceOnly(outputs: PageOutputs): Candidate[] {
  const { lease } = outputs;
  const requests = outputs.takeRequests();
  if (lease === undefined) return requests;
  return requests.map((one) =>
    one.filtered
      ? one
      : {
          ...one,
          filtered: true,
          seenAs: derivedFingerprint(
            one.fingerprint,
            `page ${lease.id} ${outputs.occurrence(one.fingerprint)}`,
          ),
        },
  );
}
