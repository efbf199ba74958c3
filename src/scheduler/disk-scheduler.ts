import { join } from 'node:path';
import type { ItemLog } from '../contracts/item-log.ts';
import type { Journal } from '../contracts/journal.ts';
import type {
  Ack,
  CommitResult,
  DownloadFacts,
  EarlyItems,
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
import { JobError } from '../errors/job-error.ts';
import type { Candidate } from '../values/candidate.ts';
import { keyAfter, numberKey } from '../values/number-key.ts';
import { walkRecords } from '../values/walk-records.ts';
import { FrontierJournal, type StoredDead } from './frontier-journal.ts';
import {
  DROPPED_FOR_COMPACTION,
  FRONTIER_KEYS,
  hostPrefix,
  levelPrefix,
  readQueueKey,
  readSequence,
} from './frontier-keys.ts';
import { type FrontierState, type ImageState, SEEN_IMAGE } from './frontier-state.ts';
import { HeldRequests } from './held-requests.ts';
import { listedRequest } from './listed-request.ts';
import { MemoryScheduler, type MemorySchedulerOptions } from './memory-scheduler.ts';
import { PagedQueue, type QueuePage, type QueuePages, type QueuePlaces } from './paged-queue.ts';
import type { QueuedRequest } from './queued-request.ts';
import type { RequestQueue } from './request-queue.ts';
import { restoredFrontier } from './restored-frontier.ts';
import { removeUnfinishedImages, writeSeenImage } from './seen-image.ts';
import type { SeenSet } from './seen-set.ts';
import { restoredRequest } from './stored-request.ts';

/** How a `DiskScheduler` works. */
export interface DiskSchedulerOptions extends Omit<MemorySchedulerOptions, 'seen' | 'createQueue' | 'notes'> {
  /** Folder of the job. */
  readonly folder: string;
  readonly journal: Journal;
  readonly items: ItemLog;
  /** Told of a fault of the job's files that no call of the engine waits for. */
  readonly onFault: (error: Error) => void;
  /** Told where the image of the duplicate filter could not be written: the next opening takes longer, no more. */
  readonly onImageFault?: (error: unknown) => void;
  /** Requests that one read of a queue brings at most. @defaultValue `64` */
  readonly pageSize?: number;
  /** Requests of all queues that are kept in memory at most. @defaultValue `20000` */
  readonly mostHeld?: number;
  /** So many new fingerprints are worth an image of the duplicate filter: reading them takes a second. @defaultValue `1000000` */
  readonly imageAfter?: number;
  /** After so many dropped requests, and as many as are left, the queues on disk are compacted. @defaultValue `100000` */
  readonly compactAfter?: number;
}

const NEW_FOR_IMAGE = 1_000_000;
/** After an end that was none, so many leases are on disk before they are worked on: the page that kills the process is found. */
const CAREFUL_LEASES = 1000;
/** Where the next host's requests must be read, those of so many are: one wait for all of them. */
const READ_AHEAD = 64;

/**
 * The URL frontier of a job: a `MemoryScheduler` whose every change is noted in the job's journal, and whose long
 * queues stand on disk. It answers from memory; what it answered is on disk a few milliseconds later (`flushed`).
 */
export class DiskScheduler implements Scheduler {
  readonly #options: DiskSchedulerOptions;
  readonly #journal: Journal;
  readonly #items: ItemLog;
  readonly #notes: FrontierJournal;
  readonly #pages: QueuePages;
  readonly #seen: SeenSet;
  readonly #memory: MemoryScheduler;
  /** Sequences of requests that leave the disk while somebody walks over it. */
  readonly #watchedEnds = new Set<Set<number>>();
  #carefulLeases = 0;
  #knownInImage: number;
  /** How many there were when an image was last tried. */
  #knownAtImage = 0;
  #imaging: Promise<void> | undefined;
  /** The last change of many requests: the next one walks over what that left. */
  #changing: Promise<unknown> = Promise.resolve();
  /** Since the queues on disk were last compacted. */
  #droppedRecords = 0;
  #fault: Error | undefined;
  #isClosed = false;

  private constructor(options: DiskSchedulerOptions, seen: SeenSet, knownInImage: number) {
    const { journal, clock, order = 'lifo', pageSize = 64, mostHeld = 20_000 } = options;
    this.#options = options;
    this.#journal = journal;
    this.#items = options.items;
    this.#seen = seen;
    this.#knownInImage = knownInImage;
    this.#pages = {
      newestFirst: order === 'lifo',
      size: pageSize,
      held: new HeldRequests(mostHeld),
      batch: () => journal.batch,
      read: (page) => this.#readPage(page),
      get: (places) => this.#getRequests(places),
      isLeased: (id) => this.#memory.isLeased(id),
      missing: (host, count) => this.#damaged(`${count} requests of ${host} are missing from the queue`),
      fault: (error) => this.#onFault(error),
    };
    this.#notes = new FrontierJournal(journal, clock, (host, sequence) => {
      this.#queueOf(host).leftDisk(sequence);
      for (const ended of this.#watchedEnds) ended.add(sequence);
    });
    this.#memory = new MemoryScheduler({
      ...options,
      seen,
      notes: this.#notes,
      maxDeadKept: 0,
      createQueue: (host) => new PagedQueue(host, this.#pages),
    });
    journal.beforeBatch(() => this.#noteState());
  }

  /**
   * Opens the frontier of a job. Requests that were lent when the process ended are queued again, before all
   * others; one that has ended three processes is given up.
   *
   * @throws JobError when the job's files do not hold what was written.
   */
  static async open(options: DiskSchedulerOptions): Promise<DiskScheduler> {
    await removeUnfinishedImages(options.folder);
    const restored = await restoredFrontier(options.folder, options.journal, options.clock);
    const scheduler = new DiskScheduler(options, restored.seen, restored.knownInImage);
    const { counts, givenUp } = restored;
    scheduler.#memory.restoreCounts({ ...counts, dead: counts.dead + givenUp.length });
    scheduler.#notes.restore(restored.records);
    if (!restored.isClosed) scheduler.#carefulLeases = CAREFUL_LEASES;
    for (const [host, levels] of restored.queues) {
      const queue = scheduler.#queueOf(host);
      for (const [priority, count] of levels) queue.addStored(priority, count);
      scheduler.#memory.restoreQueue(host);
    }
    for (const entry of restored.delayed) scheduler.#memory.restoreDelayed(entry);
    for (const { host, forMs } of restored.blocks) scheduler.#memory.block(host, forMs);
    // All of it in this turn, and so in one batch with the counts that belong to it.
    for (const entry of givenUp) scheduler.#giveUp(entry);
    for (const entry of inTurn(restored.lent, options.order)) scheduler.#takeBack(entry);
    return scheduler;
  }

  /** Hosts of which something is kept in memory. */
  get hostCount(): number {
    return this.#memory.hostCount;
  }

  push(candidates: readonly Candidate[], early?: EarlyItems): PushResult | Promise<PushResult> {
    if (early?.lease !== undefined) {
      const entry = this.#memory.leasedRequest(early.lease);
      if (entry !== undefined) {
        this.#items.setAside(entry.id, early.items);
        entry.hasHandedOn = true;
      }
    } else if (early !== undefined) this.#items.append(early.items);
    const result = this.#memory.push(candidates);
    // Who gives much in one go waits for the disk.
    return this.#journal.isBehind ? this.#journal.flushed().then(() => result) : result;
  }

  take(want: Want): Taken | Promise<Taken> {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#journal.isBehind) return this.#journal.flushed().then(() => this.take(want));
    const taken = this.#memory.take(want);
    if (this.#carefulLeases > 0) return this.#takeCarefully(want, taken);
    return this.#mustRead(want, taken) ? this.#takeMore(want, taken) : taken;
  }

  enter(host: string, signal: AbortSignal): Promise<HostPass> {
    return this.#memory.enter(host, signal);
  }

  downloaded(place: Lease | HostPass, facts: DownloadFacts | undefined): void {
    this.#memory.downloaded(place, facts);
  }

  async arrived(lease: Lease, isSlow = false): Promise<void> {
    const entry = this.#memory.leasedRequest(lease);
    if (entry === undefined) return;
    this.#notes.arrived(entry, isSlow);
    await this.#journal.flushed();
  }

  originReady(origin: OriginToPrepare, validMs: number): void {
    this.#memory.originReady(origin, validMs);
  }

  commit(lease: Lease, outputs: UnitOutputs): CommitResult {
    // Items first: one that cannot be stored must not be acknowledged with its page. All is noted in this turn.
    if (this.#memory.leasedRequest(lease) !== undefined) this.#items.append(outputs.items ?? [], lease.id);
    return this.#memory.commit(lease, outputs);
  }

  fail(lease: Lease, failure: LeaseFailure): Ack {
    const entry = this.#memory.leasedRequest(lease);
    const ack = this.#memory.fail(lease, failure);
    if (ack === 'ok') this.#items.discard(lease.id);
    if (entry?.hasHandedOn && 'returned' in failure) this.#notes.handedOn(entry);
    return ack;
  }

  onReady(listener: () => void): void {
    this.#memory.onReady(listener);
  }

  pause(): void {
    this.#memory.pause();
  }

  resume(): void {
    this.#memory.resume();
  }

  setLimits(limits: SchedulerLimits): void {
    this.#memory.setLimits(limits);
  }

  block(host: string, forMs: number): void {
    this.#memory.block(host, forMs);
  }

  unblock(host: string): void {
    this.#memory.unblock(host);
  }

  hostState(host: string): HostState | undefined {
    return this.#memory.hostState(host);
  }

  hostStates(): Iterable<HostState> {
    return this.#memory.hostStates();
  }

  isHostIdle(host: string): boolean {
    return this.#memory.isHostIdle(host);
  }

  drop(where: RequestFilter): Promise<number> {
    return this.#inTurn(() => this.#drop(where));
  }

  requeue(where: RequestFilter): Promise<number> {
    return this.#inTurn(() => this.#requeue(where));
  }

  async list(where: RequestFilter, after: number, limit: number): Promise<readonly ListedRequest[]> {
    await this.flushed();
    const { state, host } = where;
    const found: QueuedRequest[] = [];
    const keep = (entry: QueuedRequest): void => {
      if (entry.id <= after || (host !== undefined && entry.host !== host)) return;
      found.push(entry);
      // Twice what is wanted at most: queues are in no order of ids.
      if (found.length < limit * 2) return;
      found.sort((a, b) => a.id - b.id);
      found.length = limit;
    };
    const leased = [...this.#memory.leasedRequests()];
    if (state === undefined || state === 'leased') leased.forEach(keep);
    if (state === undefined || state === 'queued') {
      const isLent = new Set(leased.map(({ id }) => id));
      for await (const entry of this.#queuedOnDisk(host)) if (!isLent.has(entry.id)) keep(entry);
    }
    if (state === undefined || state === 'delayed')
      for (const entry of this.#memory.delayedRequests()) keep(entry);
    if (state === undefined || state === 'dead')
      for (const entry of await this.#dead(host, after, limit)) keep(entry);
    return found
      .sort((a, b) => a.id - b.id)
      .slice(0, limit)
      .map(listedRequest);
  }

  counts(): SchedulerCounts {
    return this.#memory.counts();
  }

  flushed(): Promise<void> {
    return this.#journal.flushed();
  }

  async close(): Promise<void> {
    await this.#memory.close();
    await this.#imaging;
    if (this.#isImageDue(this.#imageAfter / 10)) await this.#writeImage();
    this.#isClosed = true;
    this.#putState();
    await this.#journal.flushed();
  }

  /** A request that was lent when the process ended. */
  #takeBack(entry: QueuedRequest): void {
    this.#notes.takenBack(entry);
    this.#queueOf(entry.host).pushFirst(entry);
    this.#memory.restoreQueued(entry.host);
  }

  /** A request that was lent at the end of too many processes. */
  #giveUp(entry: QueuedRequest): void {
    entry.state = 'dead';
    entry.reason = `the process ended ${entry.losses} times while this page was worked on`;
    entry.facts = { code: 'ERR_CRAWL_JOB', atMs: this.#options.clock.now() };
    this.#notes.dead(entry);
  }

  /** Gives leases out once they are on disk. */
  async #takeCarefully(want: Want, first: Taken): Promise<Taken> {
    const taken = this.#mustRead(want, first) ? await this.#takeMore(want, first) : first;
    if (taken.leases.length === 0) return taken;
    this.#carefulLeases -= taken.leases.length;
    await this.#journal.flushed();
    return taken;
  }

  /** Whether the next request stands on disk only. */
  #mustRead(want: Want, taken: Taken): boolean {
    if (taken.leases.length >= want.leases || want.leases === 0) return false;
    const queue = this.#memory.nextQueue();
    return queue !== undefined && isUnread(queue);
  }

  async #takeMore(want: Want, first: Taken): Promise<Taken> {
    let taken = first;
    while (this.#mustRead(want, taken)) {
      const wanted = Math.max(READ_AHEAD, want.leases - taken.leases.length);
      // More would push each other out.
      const most = Math.max(1, Math.floor(this.#pages.held.most / (2 * this.#pages.size)));
      const unread = this.#unread(Math.min(wanted, most));
      await Promise.all(unread.map((queue) => queue.load()));
      if (this.#fault !== undefined) throw this.#fault;
      const more = this.#memory.take({
        leases: want.leases - taken.leases.length,
        origins: want.origins - taken.origins.length,
      });
      taken = {
        leases: [...taken.leases, ...more.leases],
        origins: [...taken.origins, ...more.origins],
        dueInMs: more.dueInMs,
      };
    }
    return taken;
  }

  /** The queues among the next ones, so many at most, whose next request stands on disk only. */
  #unread(count: number): PagedQueue[] {
    const queues = this.#memory.nextQueues(count) as PagedQueue[];
    return queues.filter(isUnread);
  }

  async #readPage({
    host,
    priority,
    from,
    to,
    limit,
    newestFirst,
    changedIn,
  }: QueuePage): Promise<QueuedRequest[]> {
    if (this.#journal.durableBatch < changedIn) await this.#journal.flushed();
    const prefix = levelPrefix(host, priority);
    const records = await this.#journal.range(
      numberKey(prefix, from),
      to === Number.POSITIVE_INFINITY ? keyAfter(prefix) : numberKey(prefix, to),
      { limit, reverse: newestFirst },
    );
    return records.map(({ key, payload }) => {
      const sequence = Number.parseInt(key.slice(prefix.length), 16);
      return queuedRequest(host, key, sequence, payload);
    });
  }

  async #getRequests({ host, priority, sequences, changedIn }: QueuePlaces): Promise<QueuedRequest[]> {
    if (this.#journal.durableBatch < changedIn) await this.#journal.flushed();
    const prefix = levelPrefix(host, priority);
    const found = sequences.map(async (sequence) => {
      const key = numberKey(prefix, sequence);
      const payload = await this.#journal.get(key);
      if (payload === undefined) throw this.#pages.missing(host, 1);
      return queuedRequest(host, key, sequence, payload);
    });
    return Promise.all(found);
  }

  async *#queuedOnDisk(host: string | undefined): AsyncIterable<QueuedRequest> {
    const prefix = host === undefined ? FRONTIER_KEYS.queued : hostPrefix(host);
    for await (const { key, payload } of walkRecords(this.#journal, prefix)) {
      const entry = restoredRequest(payload.toString(), readQueueKey(key).host);
      entry.key = key;
      yield entry;
    }
  }

  /** Changes of many requests come one after the other: two at once would count a request twice. */
  #inTurn(change: () => Promise<number>): Promise<number> {
    const turn = this.#changing.then(change);
    this.#changing = turn.catch(() => {});
    return turn;
  }

  async #drop(where: RequestFilter): Promise<number> {
    await this.flushed();
    const { state, host } = where;
    let dropped = 0;
    if (state === undefined || state === 'queued') dropped += await this.#dropQueued(host);
    if (state === undefined || state === 'delayed')
      dropped += this.#memory.drop({ ...where, state: 'delayed' });
    if (state === undefined || state === 'dead') {
      const dead = await this.#dead(host);
      for (const entry of dead) this.#notes.dropped(entry);
      this.#memory.forgetDead(dead.length);
      dropped += dead.length;
    }
    return dropped;
  }

  async #requeue(where: RequestFilter): Promise<number> {
    await this.flushed();
    let count = 0;
    if (where.state !== 'dead') count += this.#memory.requeue({ ...where, state: 'delayed' });
    if (where.state === undefined || where.state === 'dead') {
      for (const entry of await this.#dead(where.host)) {
        this.#memory.requeueDead(entry);
        count += 1;
      }
    }
    return count;
  }

  async #dropQueued(host: string | undefined): Promise<number> {
    const hosts = host === undefined ? [...this.#memory.queuedHosts()] : [host];
    let dropped = 0;
    for (const name of hosts) dropped += await this.#dropQueue(name);
    this.#droppedRecords += dropped;
    const { compactAfter = DROPPED_FOR_COMPACTION } = this.#options;
    if (this.#droppedRecords >= Math.max(compactAfter, this.#notes.queuedRecords)) {
      this.#droppedRecords = 0;
      await this.#journal.compact(FRONTIER_KEYS.queued);
    }
    return dropped;
  }

  async #dropQueue(host: string): Promise<number> {
    const ended = new Set<number>();
    this.#watchedEnds.add(ended);
    const keys: string[] = [];
    try {
      for await (const { key } of walkRecords(this.#journal, hostPrefix(host))) keys.push(key);
    } finally {
      this.#watchedEnds.delete(ended);
    }
    // The crawl went on meanwhile: what has ended or is lent now stays out of it.
    for (const { sequence } of this.#memory.leasedRequests()) ended.add(sequence);
    const dropped = new Map<number, number>();
    for (const key of keys) {
      const sequence = readSequence(key);
      if (ended.has(sequence)) continue;
      dropped.set(sequence, readQueueKey(key).priority);
      this.#notes.droppedQueued(key);
    }
    this.#queueOf(host).remove(dropped);
    this.#memory.removed(host, dropped.size);
    return dropped.size;
  }

  /** Dead requests in order of their ids. */
  async #dead(
    host: string | undefined,
    after = 0,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<QueuedRequest[]> {
    const dead: QueuedRequest[] = [];
    const { dead: prefix } = FRONTIER_KEYS;
    for await (const { payload } of walkRecords(this.#journal, prefix, {
      from: numberKey(prefix, after + 1),
    })) {
      if (dead.length >= limit) break;
      const stored = JSON.parse(payload.toString()) as StoredDead;
      if (host !== undefined && stored.host !== host) continue;
      dead.push(restoredRequest(stored.request, stored.host, 'dead'));
    }
    return dead;
  }

  #noteState(): void {
    this.#notes.noteFingerprints();
    this.#notes.noteLeases();
    this.#putState();
    if (this.#isImageDue(this.#imageAfter)) this.#imaging ??= this.#writeImageAside();
  }

  #putState(): void {
    const state: FrontierState = {
      ...this.#memory.frontierCounts,
      queued: this.#notes.queuedRecords,
      delayed: this.#notes.delayedRecords,
      sum: this.#notes.sum,
      known: this.#seen.size,
      chunks: this.#notes.chunks,
      isClosed: this.#isClosed,
    };
    this.#journal.put(FRONTIER_KEYS.state, JSON.stringify(state));
  }

  get #imageAfter(): number {
    return this.#options.imageAfter ?? NEW_FOR_IMAGE;
  }

  #isImageDue(newOnes: number): boolean {
    return this.#seen.size - Math.max(this.#knownInImage, this.#knownAtImage) > newOnes;
  }

  async #writeImageAside(): Promise<void> {
    await this.#writeImage();
    this.#imaging = undefined;
  }

  /** Never rejects: the image is a cache, and what the journal cannot write is told by the journal. */
  async #writeImage(): Promise<void> {
    const known = this.#seen.size;
    const { chunks } = this.#notes;
    this.#knownAtImage = known;
    try {
      // An image that knew a page whose batch a crash took back would lose that page.
      await writeSeenImage(this.#seen, join(this.#options.folder, SEEN_IMAGE), () => this.#journal.flushed());
    } catch (error) {
      this.#options.onImageFault?.(error);
      return;
    }
    this.#knownInImage = known;
    const state: ImageState = { chunks };
    this.#journal.put(FRONTIER_KEYS.image, JSON.stringify(state));
  }

  #queueOf(host: string): PagedQueue {
    return this.#memory.queueOf(host) as PagedQueue;
  }

  #onFault(error: unknown): void {
    this.#fault ??= error instanceof Error ? error : new Error(String(error));
    this.#options.onFault(this.#fault);
  }

  #damaged(what: string): JobError {
    return new JobError(
      this.#options.folder,
      'damaged',
      `${what}; \`crawl job repair\` saves what can be saved and says what is lost`,
    );
  }
}

function queuedRequest(host: string, key: string, sequence: number, payload: Buffer): QueuedRequest {
  const entry = restoredRequest(payload.toString(), host);
  entry.key = key;
  entry.sequence = sequence;
  return entry;
}

function isUnread(queue: RequestQueue): boolean {
  return queue.size > 0 && queue.peek() === undefined;
}

/** Each is put before those that were put there earlier: the one that goes first comes last. */
function inTurn(lent: readonly QueuedRequest[], order: 'lifo' | 'fifo' = 'lifo'): QueuedRequest[] {
  const sign = order === 'lifo' ? 1 : -1;
  return lent.toSorted((a, b) => a.priority - b.priority || sign * (a.sequence - b.sequence));
}
