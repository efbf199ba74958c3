import type { Clock } from '../contracts/clock.ts';
import type {
  Ack,
  CommitResult,
  DownloadFacts,
  HostLimits,
  HostPass,
  HostState,
  Lease,
  LeaseFailure,
  ListedRequest,
  OriginToPrepare,
  PushResult,
  RequestFilter,
  Scheduler,
  SchedulerCounts,
  SchedulerLimits,
  Taken,
  UnitOutputs,
  Want,
} from '../contracts/scheduler.ts';
import type { Candidate } from '../values/candidate.ts';
import { forgetOldest } from '../values/forget-oldest.ts';
import type { Host, HostPlace, Waiter } from './host.ts';
import { HostLimitTable, isPattern } from './host-limit-table.ts';
import { HostPace, type PaceDefaults, type PaceRules } from './host-pace.ts';
import { HostQueue } from './host-queue.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { listedRequest } from './listed-request.ts';
import { newRequest, type QueuedRequest } from './queued-request.ts';
import type { FrontierNotes, RequestQueue } from './request-queue.ts';
import { SeenSet } from './seen-set.ts';

/** How a `MemoryScheduler` works. */
export interface MemorySchedulerOptions {
  readonly clock: Clock;
  /** Order among equal priorities of a host. @defaultValue `'lifo'` */
  readonly order?: 'lifo' | 'fifo';
  readonly pace: PaceDefaults;
  /** Limits of single hosts by name or pattern, as in the settings. */
  readonly hostLimits?: Readonly<Record<string, HostLimits>>;
  /** Hand out an origin for preparation before its first request. @defaultValue `false` */
  readonly prepareOrigins?: boolean;
  /** A number from 0 up to 1. @defaultValue `Math.random` */
  readonly random?: () => number;
  /** Most dead requests that are kept for `list` and `requeue`; all are counted. @defaultValue `10000` */
  readonly maxDeadKept?: number;
  /** What the duplicate filter knows already. @defaultValue nothing */
  readonly seen?: SeenSet;
  /** Makes the queue of a host. @defaultValue one in memory */
  readonly createQueue?: (host: string) => RequestQueue;
  /** Told of every change. @defaultValue nobody */
  readonly notes?: FrontierNotes;
  /** Told of what each answer made of the pace of its host. @defaultValue nobody */
  readonly onPace?: (change: PaceChange) => void;
}

/** What an answer made of the pace of its host. */
export interface PaceChange {
  readonly host: string;
  readonly facts: DownloadFacts;
  /** Milliseconds between two downloads, before they are varied. */
  readonly delayMs: number;
  readonly delayBeforeMs: number;
  /** Milliseconds for which nothing is sent to it because of this. */
  readonly backOffMs: number;
  readonly inFlight: number;
}

/** What a frontier was when it was last on disk, but for its queues. */
export interface FrontierCounts {
  readonly delivered: number;
  readonly dead: number;
  readonly lastId: number;
  readonly lastSequence: number;
}

const NO_CANDIDATES: readonly Candidate[] = Object.freeze([]);
const NO_ORIGINS: readonly OriginToPrepare[] = Object.freeze([]);
const NO_LEASES: readonly Lease[] = Object.freeze([]);
const MOST_IDLE_HOSTS = 10_000;
/** Origins of one group of which is remembered that they are prepared. */
const MOST_PREPARED = 1000;

/**
 * The URL frontier in memory. A host stands in the heap of those that may be asked now, in the heap of those
 * that wait for a time, or in none: empty, full, or being prepared. Every operation costs O(log hosts).
 */
export class MemoryScheduler implements Scheduler {
  readonly #clock: Clock;
  readonly #order: 'lifo' | 'fifo';
  readonly #pace: PaceRules;
  readonly #hostLimits: HostLimitTable;
  /** Hosts whose limits were changed while the crawl runs: they are not forgotten. */
  readonly #limited = new Set<Host>();
  /** Until when hosts are held back, and when they could be asked without that. An entry ends with the next download. */
  readonly #blocks = new Map<Host, { readonly untilMs: number; readonly beforeMs: number }>();
  /** Until when the notes say that hosts are blocked: a shorter block must not take the place of a longer one. */
  readonly #notedBlocks = new WeakMap<Host, number>();
  readonly #prepareOrigins: boolean;
  readonly #maxDeadKept: number;

  readonly #seen: SeenSet;
  readonly #createQueue: (host: string) => RequestQueue;
  readonly #notes: FrontierNotes | undefined;
  readonly #onPace: ((change: PaceChange) => void) | undefined;
  readonly #hosts = new Map<string, Host>();
  /** Highest priority first, then the one served least recently. */
  readonly #ready = new IndexedHeap<Host>();
  /** By the time they are woken at. */
  readonly #waiting = new IndexedHeap<Host>();
  /** By the time they are due. */
  readonly #delayed = new IndexedHeap<QueuedRequest>();
  readonly #unprepared = new Set<Host>();
  /** Hosts without work, longest idle first. */
  readonly #idle = new Set<Host>();
  readonly #leased = new Map<number, QueuedRequest>();
  readonly #places = new WeakMap<Lease | HostPass, Host>();
  readonly #dead = new Map<number, QueuedRequest>();
  readonly #listeners: (() => void)[] = [];
  #deadCount = 0;
  #lastId = 0;
  #lastSequence = 0;
  #turn = 0;
  #queued = 0;
  #delivered = 0;
  #maxPages = Number.POSITIVE_INFINITY;
  #isPaused = false;
  #waiterCount = 0;
  #waiterTimer: { readonly atMs: number; cancel(): void } | undefined;

  constructor(options: MemorySchedulerOptions) {
    this.#clock = options.clock;
    this.#order = options.order ?? 'lifo';
    this.#pace = { ...options.pace, random: options.random ?? Math.random };
    this.#hostLimits = new HostLimitTable(options.hostLimits);
    this.#prepareOrigins = options.prepareOrigins ?? false;
    this.#maxDeadKept = options.maxDeadKept ?? 10_000;
    this.#seen = options.seen ?? new SeenSet();
    this.#createQueue = options.createQueue ?? (() => new HostQueue(this.#order));
    this.#notes = options.notes;
    this.#onPace = options.onPace;
  }

  /** Hosts of which something is kept. */
  get hostCount(): number {
    return this.#hosts.size;
  }

  push(candidates: readonly Candidate[]): PushResult {
    let duplicates: Candidate[] | undefined;
    for (const candidate of candidates) {
      const { fingerprint, seenAs } = candidate;
      const isNewPage = this.#isNew(fingerprint);
      const isNew = seenAs === undefined ? isNewPage : this.#isNew(seenAs);
      if (!isNew && candidate.filtered) {
        duplicates ??= [];
        duplicates.push(candidate);
      } else {
        const host = this.#host(candidate.host);
        // Millions of requests hold no copies of their own of these names.
        if (host.origin !== candidate.origin) host.origin = candidate.origin;
        this.#enqueue(newRequest(candidate, ++this.#lastId, host.name, host.origin), host, 'new');
      }
    }
    const refused = duplicates?.length ?? 0;
    if (refused < candidates.length) this.#tell();
    return { queued: candidates.length - refused, duplicates: duplicates ?? NO_CANDIDATES };
  }

  take(want: Want): Taken {
    const nowMs = this.#advance();
    if (this.#isPaused) return { leases: NO_LEASES, origins: NO_ORIGINS, dueInMs: undefined };
    const room = Math.min(want.leases, this.#maxPages - this.#delivered - this.#leased.size);
    const leases: Lease[] = [];
    while (leases.length < room) {
      const host = this.#ready.peek();
      if (host === undefined) break;
      const entry = host.queue.peek();
      // Before the next request is read from disk its origin is almost certainly that of the last new one.
      const origin = entry?.origin ?? host.origin;
      if (origin !== '' && this.#mustPrepare(host, origin, nowMs)) {
        host.preparing = origin;
        this.#unprepared.add(host);
        this.#settle(host, nowMs);
      } else if (entry === undefined) {
        break;
      } else {
        leases.push(this.#lend(host, nowMs));
      }
    }
    return { leases, origins: this.#takeOrigins(want.origins), dueInMs: this.#dueInMs(nowMs, room) };
  }

  enter(hostName: string, signal: AbortSignal): Promise<HostPass> {
    const host = this.#host(hostName);
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const waiter: Waiter = {
        enter: (pass) => {
          signal.removeEventListener('abort', giveUp);
          resolve(pass);
        },
      };
      const giveUp = (): void => {
        if (host.waiters?.delete(waiter) !== true) return;
        this.#waiterCount -= 1;
        this.#settle(host, this.#clock.monotonicMs());
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      host.waiters ??= new Set();
      host.waiters.add(waiter);
      this.#waiterCount += 1;
      this.#settle(host, this.#clock.monotonicMs());
      this.#armWaiterTimer();
    });
  }

  downloaded(place: Lease | HostPass, facts: DownloadFacts | undefined): void {
    const host = this.#places.get(place);
    if (host === undefined) return;
    this.#places.delete(place);
    host.inFlight -= 1;
    const nowMs = this.#clock.monotonicMs();
    if (facts !== undefined) {
      this.#learn(host, facts, nowMs);
    } else {
      host.pace.refundRate();
      if (host.delayedBy?.place === place && host.nextAtMs === host.delayedBy.untilMs) {
        host.nextAtMs = host.delayedBy.beforeMs;
      }
    }
    if (host.delayedBy?.place === place) host.delayedBy = undefined;
    this.#settle(host, nowMs);
    this.#armWaiterTimer();
    this.#tell();
  }

  originReady({ host: name, origin }: OriginToPrepare, validMs: number): void {
    const host = this.#hosts.get(name);
    if (host === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    host.preparedUntilMs ??= new Map();
    setNewest(host.preparedUntilMs, origin, nowMs + validMs);
    if (host.preparing === origin) {
      host.preparing = undefined;
      this.#unprepared.delete(host);
    }
    this.#settle(host, nowMs);
    this.#tell();
  }

  commit(lease: Lease, { requests, delivered }: UnitOutputs): CommitResult {
    const entry = this.#release(lease);
    if (entry === undefined) return { ack: 'stale', queued: 0, duplicates: NO_CANDIDATES };
    this.#notes?.done(entry);
    if (delivered) this.#delivered += 1;
    const result = this.push(requests);
    this.#tell();
    return { ack: 'ok', ...result };
  }

  fail(lease: Lease, failure: LeaseFailure): Ack {
    const entry = this.#release(lease);
    if (entry === undefined) return 'stale';
    if ('dead' in failure) {
      entry.facts = { status: failure.status, code: failure.code, atMs: this.#clock.now() };
      this.#bury(entry, failure.dead);
    } else if ('returned' in failure) {
      this.#enqueueAgain(entry);
      this.#notes?.returned(entry);
    } else {
      entry.retries += 1;
      entry.priority += failure.priorityAdjust;
      entry.reason = failure.reason;
      entry.state = 'delayed';
      entry.dueMs = this.#clock.monotonicMs() + failure.retryInMs;
      this.#delayed.push(entry, entry.dueMs);
      this.#notes?.delayed(entry);
    }
    this.#tell();
    return 'ok';
  }

  onReady(listener: () => void): void {
    this.#listeners.push(listener);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#tell();
  }

  setLimits(limits: SchedulerLimits): void {
    if ('maxPages' in limits) this.#maxPages = limits.maxPages ?? Number.POSITIVE_INFINITY;
    if (limits.host !== undefined) {
      const { name, ...own } = limits.host;
      if (isPattern(name)) this.#layPattern(name, own);
      else {
        const host = this.#host(name);
        host.pace.setLimits(own);
        this.#limited.add(host);
        this.#settle(host, this.#clock.monotonicMs());
      }
    }
    this.#tell();
  }

  block(name: string, forMs: number): void {
    const host = this.#host(name);
    const nowMs = this.#clock.monotonicMs();
    const untilMs = nowMs + forMs;
    this.#holdBack(host, untilMs);
    if (untilMs > (this.#notedBlocks.get(host) ?? Number.NEGATIVE_INFINITY)) {
      this.#notedBlocks.set(host, untilMs);
      this.#notes?.blocked(name, forMs);
    }
    this.#settle(host, nowMs);
  }

  unblock(name: string): void {
    const host = this.#hosts.get(name);
    if (host === undefined) return;
    host.nextAtMs = this.#blocks.get(host)?.beforeMs ?? host.nextAtMs;
    this.#blocks.delete(host);
    host.pace.forgive();
    this.#notedBlocks.delete(host);
    this.#notes?.unblocked(name);
    this.#settle(host, this.#clock.monotonicMs());
    this.#armWaiterTimer();
    this.#tell();
  }

  hostState(name: string): HostState | undefined {
    const host = this.#hosts.get(name);
    return host && this.#stateOf(host);
  }

  *hostStates(): Iterable<HostState> {
    for (const host of this.#hosts.values()) yield this.#stateOf(host);
  }

  isHostIdle(name: string): boolean {
    const host = this.#hosts.get(name);
    return host === undefined || (host.queue.size === 0 && host.inFlight === 0 && !hasWaiters(host));
  }

  drop(where: RequestFilter): number {
    const doomed = this.#matching(where).filter(({ state }) => state !== 'leased');
    this.#takeOut(doomed);
    for (const entry of doomed) this.#notes?.dropped(entry);
    return doomed.length;
  }

  requeue(where: RequestFilter): number {
    const chosen = this.#matching(where).filter(({ state }) => state === 'dead' || state === 'delayed');
    this.#takeOut(chosen);
    for (const entry of chosen) this.#tryAgain(entry);
    if (chosen.length > 0) this.#tell();
    return chosen.length;
  }

  list(where: RequestFilter, after: number, limit: number): readonly ListedRequest[] {
    return this.#matching(where)
      .filter(({ id }) => id > after)
      .sort((a, b) => a.id - b.id)
      .slice(0, limit)
      .map(listedRequest);
  }

  counts(): SchedulerCounts {
    return {
      queued: this.#queued,
      delayed: this.#delayed.size,
      leased: this.#leased.size,
      dead: this.#deadCount,
      delivered: this.#delivered,
      known: this.#seen.size,
    };
  }

  async flushed(): Promise<void> {}

  /** The queue that gives the next request, once what it needs from disk has been read. */
  nextQueue(): RequestQueue | undefined {
    return this.#ready.peek()?.queue;
  }

  /** That one and those of the hosts that come next. */
  nextQueues(count: number): RequestQueue[] {
    return this.#ready.first(count).map(({ queue }) => queue);
  }

  /** Brings back what was counted. */
  restoreCounts({ delivered, dead, lastId, lastSequence }: FrontierCounts): void {
    this.#delivered = delivered;
    this.#deadCount = dead;
    this.#lastId = lastId;
    this.#lastSequence = lastSequence;
  }

  /** What `restoreCounts` takes. */
  get frontierCounts(): FrontierCounts {
    return {
      delivered: this.#delivered,
      dead: this.#deadCount,
      lastId: this.#lastId,
      lastSequence: this.#lastSequence,
    };
  }

  /** Takes note of requests that are in the queue of a host already. */
  restoreQueue(name: string): void {
    const host = this.#host(name);
    this.#queued += host.queue.size;
    this.#settle(host, this.#clock.monotonicMs());
  }

  /** The queue of a host, made if need be. */
  queueOf(name: string): RequestQueue {
    return this.#host(name).queue;
  }

  /** Takes note of one more request in the queue of a host. */
  restoreQueued(name: string): void {
    this.#queued += 1;
    this.#settle(this.#host(name), this.#clock.monotonicMs());
  }

  /** Brings back a request that waits for its retry. */
  restoreDelayed(entry: QueuedRequest): void {
    this.#delayed.push(entry, entry.dueMs);
  }

  /** Puts a request of which nothing is left here into its queue again; it was dead until now. */
  requeueDead(entry: QueuedRequest): void {
    this.#tryAgain(entry);
    this.#deadCount -= 1;
    this.#tell();
  }

  /** Dead requests were dropped elsewhere. */
  forgetDead(count: number): void {
    this.#deadCount -= count;
  }

  /** Empties the queue of a host; gives how many requests were in it. */
  clearQueue(name: string): number {
    const host = this.#hosts.get(name);
    if (host === undefined) return 0;
    const { size } = host.queue;
    host.queue.clear();
    this.#queued -= size;
    this.#settle(host, this.#clock.monotonicMs());
    return size;
  }

  /** Takes note of requests that were taken out of a host's queue. */
  removed(name: string, count: number): void {
    const host = this.#hosts.get(name);
    this.#queued -= count;
    if (host !== undefined) this.#settle(host, this.#clock.monotonicMs());
  }

  /** Whether a request is lent. */
  isLeased(id: number): boolean {
    return this.#leased.has(id);
  }

  /** The request of a lease; undefined: the lease is stale. */
  leasedRequest({ id, attempt }: Lease): QueuedRequest | undefined {
    const entry = this.#leased.get(id);
    return entry?.attempt === attempt ? entry : undefined;
  }

  /** Names of the hosts with requests in their queues. */
  *queuedHosts(): Iterable<string> {
    for (const { name, queue } of this.#hosts.values()) if (queue.size > 0) yield name;
  }

  /** Every request that waits for its retry. */
  delayedRequests(): Iterable<QueuedRequest> {
    return this.#delayed.values();
  }

  /** Every request that is lent. */
  leasedRequests(): Iterable<QueuedRequest> {
    return this.#leased.values();
  }

  /** Says that `take` may give more. */
  wake(): void {
    this.#tell();
  }

  async close(): Promise<void> {
    this.#waiterTimer?.cancel();
    this.#waiterTimer = undefined;
    this.#listeners.length = 0;
  }

  #stateOf(host: Host): HostState {
    const { name, queue, inFlight, pace } = host;
    const { concurrency, delayMs, failures, limits = {} } = pace;
    const leftMs = (this.#blocks.get(host)?.untilMs ?? 0) - this.#clock.monotonicMs();
    const blockedForMs = Math.max(0, leftMs);
    return { name, queued: queue.size, inFlight, concurrency, delayMs, blockedForMs, failures, limits };
  }

  /** Nothing is sent to a host until then. */
  #holdBack(host: Host, untilMs: number): void {
    if (untilMs <= host.nextAtMs) return;
    const { beforeMs = host.nextAtMs } = this.#blocks.get(host) ?? {};
    this.#blocks.set(host, { untilMs, beforeMs });
    host.nextAtMs = untilMs;
  }

  #layPattern(pattern: string, limits: HostLimits): void {
    this.#hostLimits.lay(pattern, limits);
    const nowMs = this.#clock.monotonicMs();
    for (const host of this.#hosts.values()) {
      if (this.#limited.has(host)) continue;
      host.pace.replaceLimits(this.#hostLimits.of(host.name));
      this.#settle(host, nowMs);
    }
  }

  #learn(host: Host, facts: DownloadFacts, nowMs: number): void {
    const { pace } = host;
    const delayBeforeMs = pace.delayMs;
    pace.learn(facts);
    const { delayMs } = pace;
    if (pace.delayFollowsLatency) host.nextAtMs = Math.max(host.nextAtMs, nowMs + pace.nextDelayMs());
    // The wait that has begun already is longer by as much.
    else if (delayMs > delayBeforeMs) host.nextAtMs += delayMs - delayBeforeMs;
    const backOffMs = pace.backOff(facts, nowMs);
    if (backOffMs > 0) this.#holdBack(host, nowMs + backOffMs);
    this.#onPace?.({ host: host.name, facts, delayMs, delayBeforeMs, backOffMs, inFlight: host.inFlight });
  }

  /** Brings everything up to the present: due retries are queued, hosts whose delay is over are ready. */
  #advance(): number {
    const nowMs = this.#clock.monotonicMs();
    while (this.#delayed.firstKey <= nowMs) {
      const entry = this.#delayed.pop();
      if (entry !== undefined) this.#enqueue(entry, this.#host(entry.host), 'delayed');
    }
    while (this.#waiting.firstKey <= nowMs) {
      const host = this.#waiting.peek();
      if (host !== undefined) this.#settle(host, nowMs);
    }
    return nowMs;
  }

  #enqueue(entry: QueuedRequest, host: Host, from: 'new' | 'delayed' | 'dead'): void {
    entry.state = 'queued';
    entry.sequence = ++this.#lastSequence;
    host.queue.push(entry);
    this.#queued += 1;
    this.#notes?.queued(entry, from);
    this.#settle(host, this.#clock.monotonicMs());
  }

  /** Back to the head of its queue, as if it had not been lent. */
  #enqueueAgain(entry: QueuedRequest): void {
    const host = this.#host(entry.host);
    entry.state = 'queued';
    host.queue.pushBack(entry);
    this.#queued += 1;
    this.#settle(host, this.#clock.monotonicMs());
  }

  #isNew(fingerprint: string): boolean {
    const isNew = this.#seen.add(fingerprint);
    if (isNew) this.#notes?.known(fingerprint);
    return isNew;
  }

  #tryAgain(entry: QueuedRequest): void {
    const from = entry.state === 'dead' ? 'dead' : 'delayed';
    if (from === 'dead') {
      // Whoever asks for it again no longer suspects it of ending the process.
      entry.attempt = 1;
      entry.losses = undefined;
    }
    entry.retries = 0;
    entry.reason = undefined;
    entry.facts = undefined;
    this.#enqueue(entry, this.#host(entry.host), from);
  }

  #lend(host: Host, nowMs: number): Lease {
    const entry = host.queue.pop();
    if (entry === undefined) throw new Error('a ready host has no request');
    this.#queued -= 1;
    entry.state = 'leased';
    this.#leased.set(entry.id, entry);
    this.#notes?.lent(entry);
    const { id, attempt, retries, request } = entry;
    const lease: Lease = { id, attempt, retries, request, candidate: entry };
    this.#startDownload(host, lease, nowMs);
    this.#settle(host, nowMs);
    return lease;
  }

  #startDownload(host: Host, place: Lease | HostPass, nowMs: number): void {
    this.#places.set(place, host);
    host.inFlight += 1;
    this.#blocks.delete(host);
    host.servedAt = ++this.#turn;
    const beforeMs = host.nextAtMs;
    host.nextAtMs = Math.max(beforeMs, nowMs + host.pace.nextDelayMs(), host.pace.spendRate(nowMs));
    host.delayedBy = { place, beforeMs, untilMs: host.nextAtMs };
  }

  #release(lease: Lease): QueuedRequest | undefined {
    const entry = this.leasedRequest(lease);
    if (entry !== undefined) this.#leased.delete(entry.id);
    return entry;
  }

  #bury(entry: QueuedRequest, reason: string): void {
    entry.state = 'dead';
    entry.reason = reason;
    this.#deadCount += 1;
    this.#dead.set(entry.id, entry);
    this.#notes?.dead(entry);
    if (this.#dead.size > this.#maxDeadKept) forgetOldest(this.#dead);
  }

  #mustPrepare(host: Host, origin: string, nowMs: number): boolean {
    return this.#prepareOrigins && (host.preparedUntilMs?.get(origin) ?? 0) <= nowMs;
  }

  #takeOrigins(most: number): readonly OriginToPrepare[] {
    if (this.#unprepared.size === 0 || most <= 0) return NO_ORIGINS;
    const origins: OriginToPrepare[] = [];
    for (const host of this.#unprepared) {
      if (origins.length >= most) break;
      this.#unprepared.delete(host);
      if (host.preparing !== undefined) origins.push({ host: host.name, origin: host.preparing });
    }
    return origins;
  }

  /** Serves who waits at a host, and puts the host where it belongs. */
  #settle(host: Host, nowMs: number): void {
    if (host.waiters !== undefined) this.#serveWaiters(host, host.waiters, nowMs);
    const isQueueOpen = host.queue.size > 0 && host.preparing === undefined;
    if (!hasWaiters(host) && !isQueueOpen) this.#move(host, 'none');
    else if (host.inFlight >= host.pace.concurrency) this.#move(host, 'none');
    else if (host.nextAtMs > nowMs) this.#move(host, 'waiting');
    else this.#move(host, 'ready');
    if (this.#isIdle(host)) this.#idle.add(host);
    else this.#idle.delete(host);
  }

  #serveWaiters(host: Host, waiters: Set<Waiter>, nowMs: number): void {
    for (const waiter of waiters) {
      if (host.inFlight >= host.pace.concurrency || host.nextAtMs > nowMs) break;
      waiters.delete(waiter);
      this.#waiterCount -= 1;
      const pass: HostPass = { host: host.name };
      this.#startDownload(host, pass, nowMs);
      waiter.enter(pass);
    }
    if (waiters.size === 0) host.waiters = undefined;
  }

  #move(host: Host, place: HostPlace): void {
    const key = place === 'ready' ? 0 - host.queue.headPriority : host.nextAtMs;
    if (host.place === place) {
      if (place === 'none') return;
      if (place === 'ready' && this.#ready.isAt(host, key, host.servedAt)) return;
      if (place === 'waiting' && this.#waiting.isAt(host, key)) return;
    }
    if (host.place === 'ready') this.#ready.remove(host);
    else if (host.place === 'waiting') this.#waiting.remove(host);
    host.place = place;
    if (place === 'ready') this.#ready.push(host, key, host.servedAt);
    else if (place === 'waiting') this.#waiting.push(host, key);
  }

  #host(name: string): Host {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    this.#forgetIdleHosts();
    const host: Host = {
      name,
      origin: '',
      queue: this.#createQueue(name),
      pace: new HostPace(name, this.#pace, this.#hostLimits.of(name)),
      waiters: undefined,
      preparedUntilMs: undefined,
      preparing: undefined,
      place: 'none',
      inFlight: 0,
      nextAtMs: 0,
      delayedBy: undefined,
      servedAt: 0,
      heapIndex: -1,
    };
    this.#hosts.set(name, host);
    return host;
  }

  #isIdle(host: Host): boolean {
    return host.queue.size === 0 && host.inFlight === 0 && !hasWaiters(host) && !this.#limited.has(host);
  }

  /** What is known of hosts without work is forgotten, oldest first, once there are many and their delay is over. */
  #forgetIdleHosts(): void {
    if (this.#idle.size <= MOST_IDLE_HOSTS) return;
    const nowMs = this.#clock.monotonicMs();
    for (const host of this.#idle) {
      this.#idle.delete(host);
      if (host.nextAtMs <= nowMs && host.pace.isRested(nowMs)) {
        this.#hosts.delete(host.name);
        this.#blocks.delete(host);
      } else this.#idle.add(host);
      return;
    }
  }

  #dueInMs(nowMs: number, room: number): number | undefined {
    if (room <= 0) return undefined;
    const dueMs = Math.min(this.#waiting.firstKey, this.#delayed.firstKey);
    return dueMs === Number.POSITIVE_INFINITY ? undefined : Math.max(0, dueMs - nowMs);
  }

  /** Those who wait outside of the queue are woken by the scheduler itself: nobody asks for them. */
  #armWaiterTimer(): void {
    const atMs = this.#waiterCount === 0 || this.#waiting.size === 0 ? undefined : this.#waiting.firstKey;
    if (atMs === this.#waiterTimer?.atMs) return;
    this.#waiterTimer?.cancel();
    this.#waiterTimer = undefined;
    if (atMs === undefined) return;
    const wake = (): void => {
      this.#waiterTimer = undefined;
      this.#advance();
      this.#armWaiterTimer();
      this.#tell();
    };
    const cancel = this.#clock.setTimeout(wake, Math.max(0, atMs - this.#clock.monotonicMs()));
    this.#waiterTimer = { atMs, cancel };
  }

  #matching({ state, host }: RequestFilter): QueuedRequest[] {
    const found: QueuedRequest[] = [];
    const take = (entry: QueuedRequest): void => {
      if (state !== undefined && entry.state !== state) return;
      if (host === undefined || entry.host === host) found.push(entry);
    };
    for (const one of this.#hosts.values()) for (const entry of one.queue.values()) take(entry);
    for (const entry of this.#delayed.values()) take(entry);
    for (const entry of this.#leased.values()) take(entry);
    for (const entry of this.#dead.values()) take(entry);
    return found;
  }

  /** Takes requests out of wherever they stand. A filter means all that is queued for a host, or nothing of it. */
  #takeOut(entries: readonly QueuedRequest[]): void {
    const hosts = new Set<string>();
    for (const entry of entries) {
      if (entry.state === 'delayed') this.#delayed.remove(entry);
      else if (entry.state === 'dead' && this.#dead.delete(entry.id)) this.#deadCount -= 1;
      else if (entry.state === 'queued') hosts.add(entry.host);
    }
    for (const name of hosts) this.clearQueue(name);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A million hosts have none: there is no set until somebody waits. */
function hasWaiters({ waiters }: Host): boolean {
  return waiters !== undefined && waiters.size > 0;
}

/** The one that was prepared longest ago runs out first: it makes room, where a group has no end of origins. */
function setNewest(preparedUntilMs: Map<string, number>, origin: string, untilMs: number): void {
  preparedUntilMs.delete(origin);
  preparedUntilMs.set(origin, untilMs);
  if (preparedUntilMs.size > MOST_PREPARED) forgetOldest(preparedUntilMs);
}
