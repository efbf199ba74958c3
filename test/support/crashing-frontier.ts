import { expect } from 'vitest';
import type { Lease, Taken } from '../../src/contracts/scheduler.ts';
import type { StoreChange } from '../../src/contracts/store.ts';
import type { DiskScheduler } from '../../src/scheduler/disk-scheduler.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import type { Candidate } from '../../src/values/candidate.ts';
import type { ItemRecord } from '../../src/values/item.ts';
import { candidate } from '../contract/scheduler.ts';
import { DiskFrontier, type DiskFrontierSetup } from './disk-frontier.ts';
import { MemoryStore } from './memory-store.ts';
import { seeded } from './seeded.ts';

const STEPS = 120;
const HOSTS = ['a.test', 'b.test', 'c.test:8080'];
/** Retries fall due on this grid, and nothing is taken close to it: what is due when is never in doubt. */
const GRID_MS = 10_000;
const NEAR_MS = 1000;
const MOST_ATTEMPTS = 3;
const MOST_LOSSES = 10;

interface ModelRequest {
  readonly id: number;
  readonly priority: number;
  readonly sequence: number;
  readonly attempt: number;
  readonly retries: number;
  /** Ends of processes that it was lent at. */
  readonly losses: number;
  /** Its answer was worked on, for long or not. */
  readonly work: 'none' | 'begun' | 'slow';
  /** It was lent when a process ended. */
  readonly isTakenBack: boolean;
}

/** What a frontier should hold, in the plainest form. */
class Model {
  readonly known = new Set<string>();
  readonly queued = new Map<string, ModelRequest>();
  readonly delayed = new Map<string, { readonly atMs: number; readonly entry: ModelRequest }>();
  readonly leased = new Map<string, ModelRequest>();
  readonly dead = new Map<string, ModelRequest>();
  readonly items: string[] = [];
  delivered = 0;
  lastId = 0;
  lastSequence = 0;

  copy(): Model {
    return Object.assign(new Model(), structuredClone({ ...this }));
  }

  push({ request: { url, priority } }: Candidate): void {
    if (this.known.has(url)) return;
    this.known.add(url);
    const sequence = ++this.lastSequence;
    const id = ++this.lastId;
    this.queued.set(url, {
      id,
      priority,
      sequence,
      attempt: 1,
      retries: 0,
      losses: 0,
      work: 'none',
      isTakenBack: false,
    });
  }

  lend(url: string): ModelRequest {
    const entry = this.queued.get(url);
    if (entry === undefined) throw new Error(`${url} was lent, and is not queued`);
    this.queued.delete(url);
    this.leased.set(url, { ...entry, isTakenBack: false });
    return entry;
  }

  arrive(url: string, isSlow: boolean): void {
    const entry = this.leased.get(url);
    if (entry !== undefined) this.leased.set(url, { ...entry, work: isSlow ? 'slow' : 'begun' });
  }

  end(url: string): ModelRequest {
    const entry = this.leased.get(url);
    if (entry === undefined) throw new Error(`${url} is not lent`);
    this.leased.delete(url);
    return { ...entry, work: 'none' };
  }

  enqueue(url: string, entry: ModelRequest): void {
    this.queued.set(url, { ...entry, sequence: ++this.lastSequence });
  }

  due(nowMs: number): void {
    for (const [url, { atMs, entry }] of [...this.delayed].sort((a, b) => a[1].atMs - b[1].atMs)) {
      if (atMs > nowMs) continue;
      this.delayed.delete(url);
      this.enqueue(url, entry);
    }
  }

  /** The process ended. */
  takeBack(): void {
    for (const [url, entry] of this.queued) this.queued.set(url, { ...entry, isTakenBack: false });
    for (const [url, entry] of this.leased) {
      // Nobody knows the first time which of the pages it was; later only those that had come can be it.
      const isSuspect = entry.attempt === 1 || entry.work === 'begun';
      const losses = isSuspect || entry.work === 'slow' ? entry.losses + 1 : entry.losses;
      const attempt = isSuspect ? entry.attempt + 1 : entry.attempt;
      const lost = { ...entry, attempt, losses, work: 'none' } as const;
      if (attempt > MOST_ATTEMPTS || lost.losses > MOST_LOSSES) this.dead.set(url, lost);
      else this.queued.set(url, { ...lost, isTakenBack: true });
    }
    this.leased.clear();
  }
}

/** Batches may stop to come to the disk, or come there without an answer, as when the process ends in between. */
class DyingStore extends MemoryStore {
  /** The number of the last batch on disk. */
  lastBatch = 0;
  end: 'none' | 'nothing' | 'unheard' = 'none';

  override async batch(changes: readonly StoreChange[]): Promise<void> {
    if (this.end === 'nothing') return new Promise(() => {});
    await super.batch(changes);
    for (const [key, value] of changes)
      if (key.startsWith('b') && value !== undefined) this.lastBatch = Number.parseInt(key.slice(1), 16);
    if (this.end === 'unheard') {
      this.end = 'nothing';
      return new Promise(() => {});
    }
  }
}

/** Random operations on a frontier whose process ends now and then, beside a model that rolls back to the last batch. */
export class CrashingFrontier {
  readonly #job = new DiskFrontier();
  readonly #clock = new ManualClock();
  readonly #random: () => number;
  readonly #setup: DiskFrontierSetup;
  readonly #order: 'lifo' | 'fifo';
  /** What was there when a batch was closed; `lent` more were lent than the model knew then. */
  readonly #batches = new Map<number, { readonly model: Model; lent: number }>();
  #model = new Model();
  #leases = new Map<string, Lease>();
  /** Hosts with a request that was given back: it goes before others, as long as it is kept in memory. */
  readonly #unordered = new Set<string>();
  #store: DyingStore | undefined;
  #open: DiskScheduler | undefined;
  #lastItem = 0;
  #lastBatch = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#order = this.#pick(2) === 0 ? 'lifo' : 'fifo';
    const pageSize = 2 + this.#pick(6);
    this.#setup = { clock: this.#clock, order: this.#order, pageSize, mostHeld: 4 + this.#pick(40) };
  }

  async run(): Promise<void> {
    try {
      await this.#reopen();
      for (let step = 0; step < STEPS; step++) {
        await this.#step(step);
        this.#checkCounts();
      }
      await this.#crash(false);
      await this.#drain();
      expect(this.#job.faults).toEqual([]);
    } finally {
      this.#job.remove();
    }
  }

  get #scheduler(): DiskScheduler {
    if (this.#open === undefined) throw new Error('the frontier is not open');
    return this.#open;
  }

  #pick(below: number): number {
    return Math.floor(this.#random() * below);
  }

  async #step(step: number): Promise<void> {
    const kind = this.#pick(100);
    if (kind < 25) this.#push(this.#candidates());
    else if (kind < 52) await this.#take(1 + this.#pick(3));
    else if (kind < 55) await this.#arrive();
    else if (kind < 66) this.#commit();
    else if (kind < 80) this.#fail(step);
    else if (kind < 84) await this.#clock.advance(this.#pick(GRID_MS * 2));
    else if (kind < 92) await this.#clock.advance(this.#pick(25));
    else if (kind < 94) await this.#requeueDead();
    else if (kind < 96) await this.#clock.run(this.#scheduler.flushed());
    else await this.#crash(kind === 96);
  }

  async #reopen(): Promise<void> {
    this.#store = new DyingStore(this.#job.records);
    this.#store.lastBatch = this.#lastBatch;
    // At once: batches may be closed before the clock gives this test its turn back.
    const opening = this.#job.open(this.#setup, this.#store).then((scheduler) => {
      this.#open = scheduler;
      this.#watchBatches();
    });
    await this.#clock.run(opening);
    const { items } = this.#job;
    const read: ItemRecord[] = [];
    while (items !== undefined && read.length < items.durableEnd)
      read.push(...(await items.read(read.length, 7)));
    expect(read.map((item) => item.id)).toEqual(this.#model.items);
  }

  #watchBatches(): void {
    const { journal } = this.#job;
    // Batches of the opening itself change nothing of what the model has; what is taken back comes in the next one.
    const before = this.#batches.get(this.#lastBatch)?.model ?? new Model();
    for (let batch = this.#lastBatch + 1; batch < (journal?.batch ?? 0); batch++)
      this.#batches.set(batch, { model: before.copy(), lent: 0 });
    // Called after all others: what belongs to the batch has been noted.
    journal?.beforeBatch(() => {
      const lent = this.#scheduler.counts().leased - this.#model.leased.size;
      this.#batches.set(journal.batch, { model: this.#model.copy(), lent });
    });
  }

  async #crash(isInOrder: boolean): Promise<void> {
    const store = this.#store;
    if (store === undefined) return;
    if (isInOrder) {
      for (const lease of [...this.#leases.values()]) this.#giveBack(lease);
      await this.#clock.run(this.#scheduler.close());
    } else {
      store.end = this.#pick(2) === 0 ? 'nothing' : 'unheard';
      await this.#clock.advance(25);
    }
    store.end = 'nothing';
    this.#lastBatch = store.lastBatch;
    const model = this.#batches.get(store.lastBatch)?.model ?? new Model();
    this.#batches.clear();
    // Until the next batch this is what is on disk.
    this.#batches.set(store.lastBatch, { model: model.copy(), lent: 0 });
    this.#model = model;
    this.#leases = new Map();
    this.#unordered.clear();
    this.#model.takeBack();
    await this.#reopen();
  }

  #candidates(): Candidate[] {
    return Array.from({ length: this.#pick(9) }, () => {
      const host = HOSTS[this.#pick(HOSTS.length)] ?? '';
      return candidate(`http://${host}/${this.#pick(600)}`, { priority: this.#pick(3) - 1 });
    });
  }

  #push(candidates: readonly Candidate[]): void {
    this.#scheduler.push(candidates);
    for (const one of candidates) this.#model.push(one);
  }

  async #take(leases: number): Promise<void> {
    const near = this.#clock.monotonicMs() % GRID_MS;
    if (near > GRID_MS - NEAR_MS) await this.#clock.advance(GRID_MS - near);
    if (this.#clock.monotonicMs() % GRID_MS < NEAR_MS) await this.#clock.advance(NEAR_MS);
    this.#model.due(this.#clock.monotonicMs());
    const taking = this.#scheduler.take({ leases, origins: 0 });
    // Somebody pushes while a page is read.
    const between = taking instanceof Promise && this.#pick(2) === 0 ? this.#candidates() : [];
    const taken = Promise.resolve(taking).then((given) => this.#taken(given, between.length > 0));
    this.#push(between);
    const count = await this.#clock.run(taken);
    if (count === 0 && between.length === 0) expect(this.#model.queued.size).toBe(0);
  }

  #taken({ leases }: Taken, isRaced: boolean): number {
    for (const [at, lease] of leases.entries()) {
      const { url, host } = { url: lease.request.url, host: lease.candidate.host };
      if (!isRaced && !this.#unordered.has(host)) expect(url).toBe(this.#firstOf(host));
      const { attempt, retries } = this.#model.lend(url);
      expect([url, lease.attempt, lease.retries]).toEqual([url, attempt, retries]);
      this.#leases.set(url, lease);
      for (const batch of this.#batches.values()) if (batch.lent > at) batch.model.lend(url);
    }
    for (const batch of this.#batches.values()) batch.lent = 0;
    return leases.length;
  }

  #firstOf(host: string): string | undefined {
    const sign = this.#order === 'lifo' ? -1 : 1;
    const [first] = [...this.#model.queued]
      .filter(([url]) => new URL(url).host === host)
      .sort(
        ([, a], [, b]) =>
          Number(b.isTakenBack) - Number(a.isTakenBack) ||
          b.priority - a.priority ||
          sign * (a.sequence - b.sequence),
      );
    return first?.[0];
  }

  /** Pages that were lent to an earlier process are noted before they are worked on. */
  async #arrive(): Promise<void> {
    const lease = this.#someLease();
    if (lease === undefined || lease.attempt === 1) return;
    const isSlow = this.#pick(2) === 0;
    this.#model.arrive(lease.request.url, isSlow);
    await this.#clock.run(this.#scheduler.arrived(lease, isSlow));
  }

  #someLease(): Lease | undefined {
    return [...this.#leases.values()][this.#pick(Math.max(1, this.#leases.size))];
  }

  #end(lease: Lease): ModelRequest {
    const { url } = lease.request;
    this.#leases.delete(url);
    this.#scheduler.downloaded(lease, undefined);
    return this.#model.end(url);
  }

  #commit(lease = this.#someLease(), requests: readonly Candidate[] = this.#candidates()): void {
    if (lease === undefined) return;
    const { url } = lease.request;
    const isLarge = this.#pick(4) === 0;
    const items = Array.from({ length: this.#pick(3) }, (_, ordinal) => {
      const id = `${url} ${++this.#lastItem}`;
      return { item: { id }, fingerprint: url, ordinal };
    });
    if (isLarge) this.#scheduler.push([], { items, lease });
    this.#end(lease);
    this.#scheduler.commit(lease, { requests, items: isLarge ? [] : items, delivered: true });
    this.#model.delivered += 1;
    this.#model.items.push(...items.map(({ item }) => item.id));
    for (const one of requests) this.#model.push(one);
  }

  #fail(step: number): void {
    const lease = this.#someLease();
    if (lease === undefined) return;
    const { url } = lease.request;
    const kind = this.#pick(4);
    if (kind === 0) {
      if (this.#pick(4) === 0) this.#giveBack(lease);
      return;
    }
    if (this.#pick(4) === 0)
      this.#scheduler.push([], { items: [{ item: { id: 'lost' }, fingerprint: url, ordinal: 0 }], lease });
    const entry = this.#end(lease);
    if (kind === 1) {
      this.#scheduler.fail(lease, { dead: 'gone' });
      this.#model.dead.set(url, entry);
      return;
    }
    const nowMs = this.#clock.monotonicMs();
    const gridMs = Math.ceil(nowMs / GRID_MS + 1 + this.#pick(3)) * GRID_MS + step;
    // At times at once, and then only where no other is: equal times have no order.
    const isAtOnce =
      this.#pick(2) === 0 && [...this.#model.delayed.values()].every(({ atMs }) => atMs > nowMs);
    const atMs = isAtOnce ? nowMs : gridMs;
    this.#scheduler.fail(lease, { retryInMs: atMs - nowMs, reason: 'later', priorityAdjust: -1 });
    const later = { ...entry, priority: entry.priority - 1, retries: entry.retries + 1 };
    this.#model.delayed.set(url, { atMs, entry: later });
  }

  #giveBack(lease: Lease): void {
    const entry = this.#end(lease);
    this.#scheduler.fail(lease, { returned: true });
    this.#model.queued.set(lease.request.url, entry);
    this.#unordered.add(lease.candidate.host);
  }

  async #requeueDead(): Promise<void> {
    const asking = this.#scheduler.requeue({ state: 'dead' }).then((count) => {
      const { dead } = this.#model;
      expect(count).toBe(dead.size);
      for (const [url, entry] of [...dead].sort((a, b) => a[1].id - b[1].id))
        this.#model.enqueue(url, { ...entry, attempt: 1, retries: 0, losses: 0 });
      dead.clear();
    });
    await this.#clock.run(asking);
  }

  /** Everything that is left is crawled, once. */
  async #drain(): Promise<void> {
    for (let turn = 0; turn < 5000; turn++) {
      await this.#take(10);
      for (const lease of [...this.#leases.values()]) this.#commit(lease, []);
      this.#checkCounts();
      if (this.#model.queued.size + this.#model.delayed.size === 0) break;
      if (this.#model.queued.size === 0) await this.#clock.advance(GRID_MS);
    }
    expect(this.#model.delivered + this.#model.dead.size).toBe(this.#model.known.size);
    await this.#crash(true);
    this.#checkCounts();
  }

  #checkCounts(): void {
    const { queued, delayed, leased, dead, delivered, known } = this.#model;
    expect(this.#scheduler.counts()).toEqual({
      queued: queued.size,
      delayed: delayed.size,
      leased: leased.size,
      dead: dead.size,
      delivered,
      known: known.size,
    });
  }
}
