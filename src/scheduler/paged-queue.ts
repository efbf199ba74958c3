import type { QueuedRequest } from './queued-request.ts';
import type { RequestQueue } from './request-queue.ts';

/** Where in a level requests are read. */
export interface QueuePage {
  readonly host: string;
  readonly priority: number;
  /** Sequences from here … */
  readonly from: number;
  /** … up to, but without this one. */
  readonly to: number;
  readonly limit: number;
  /** Largest sequences first. */
  readonly newestFirst: boolean;
}

/** What the paged queues of a scheduler share. */
export interface QueuePages {
  /** Requests that stand on disk, in order. */
  read(page: QueuePage): Promise<readonly QueuedRequest[]>;
  /** Whether a request is lent, so that it stands on disk but in no queue. */
  isLeased(id: number): boolean;
  /** The error for requests that should stand on disk. */
  missing(host: string, count: number): Error;
  /** Told of a fault that came while reading ahead. */
  fault(error: unknown): void;
  /** Requests that all queues hold in memory. */
  held: number;
  /** Queues that have requests. */
  queues: number;
  /** With more than this held by all of them, a queue keeps only a few in memory. */
  readonly mostHeld: number;
  /** Requests that one read brings at most; fewer, where many queues share what may be held. */
  readonly size: number;
}

/** A queue that grows beyond so many pages lets go of all but one. */
const MOST_PAGES = 2;
/** Smaller pages are not worth a read: that much each queue may hold, however many there are. */
const FEW = 4;

/** The requests of one priority. */
interface Level {
  readonly priority: number;
  /** The next ones to go, oldest first. */
  entries: QueuedRequest[];
  /** Index of the oldest entry that is still there. */
  first: number;
  /** How many more stand on disk only. */
  onDisk: number;
  /** Those have smaller sequences than this (lifo), or none smaller (fifo). */
  edge: number;
}

/**
 * The queue of one host whose requests all stand on disk: only those next to go are in memory. Who pushes has
 * noted the request for the disk before.
 */
export class PagedQueue implements RequestQueue {
  readonly #host: string;
  readonly #newestFirst: boolean;
  readonly #pages: QueuePages;
  /** Lowest priority first. */
  #levels: Level[] = [];
  #size = 0;
  /** Requests in memory that a read would find on disk as well. */
  #strays: Set<number> | undefined;
  #reading: Promise<void> | undefined;
  /** Sequences of requests that left the disk while a page is read; one that is queued again has a new one. */
  #left: Set<number> | undefined;
  /** Counts what makes a page that is being read useless. */
  #generation = 0;

  constructor(host: string, order: 'lifo' | 'fifo', pages: QueuePages) {
    this.#host = host;
    this.#newestFirst = order === 'lifo';
    this.#pages = pages;
  }

  get size(): number {
    return this.#size;
  }

  get headPriority(): number {
    return this.#levels.at(-1)?.priority ?? Number.NEGATIVE_INFINITY;
  }

  push(entry: QueuedRequest): void {
    const level = this.#level(entry.priority, entry.sequence);
    this.#resize(1);
    if (!this.#newestFirst && level.onDisk > 0) {
      level.onDisk += 1;
      return;
    }
    level.entries.push(entry);
    this.#pages.held += 1;
    if (!this.#newestFirst) level.edge = entry.sequence + 1;
    else if (entry.sequence < level.edge) level.edge = entry.sequence;
    if (level.entries.length - level.first > MOST_PAGES * this.#pageSize && this.#reading === undefined)
      this.#shorten(level);
  }

  pushBack(entry: QueuedRequest): void {
    this.#pushFirst(this.#level(entry.priority, entry.sequence), entry);
  }

  /** Puts a request that stands on disk before all others, whatever its priority. */
  pushFirst(entry: QueuedRequest): void {
    this.#stray(entry.id);
    this.#pushFirst(this.#level(Number.MAX_VALUE, entry.sequence), entry);
  }

  peek(): QueuedRequest | undefined {
    const level = this.#levels.at(-1);
    return this.#newestFirst ? level?.entries.at(-1) : level?.entries[level.first];
  }

  pop(): QueuedRequest | undefined {
    const level = this.#levels.at(-1);
    const entry = this.peek();
    if (level === undefined || entry === undefined) return undefined;
    if (this.#newestFirst) level.entries.pop();
    else this.#shift(level);
    this.#strays?.delete(entry.id);
    this.#resize(-1);
    this.#pages.held -= 1;
    const left = level.entries.length - level.first;
    if (left === 0 && level.onDisk === 0) this.#levels.pop();
    // Read ahead, so that nobody has to wait.
    else if (left < this.#pageSize / 4 && level.onDisk > 0)
      this.load().catch((error) => this.#pages.fault(error));
    return entry;
  }

  clear(): void {
    for (const { entries, first } of this.#levels) this.#pages.held -= entries.length - first;
    this.#levels = [];
    this.#strays = undefined;
    this.#resize(-this.#size);
    this.#generation += 1;
  }

  /** Takes out requests that leave the disk, by their sequences and priorities, wherever they are. */
  remove(stored: ReadonlyMap<number, number>): void {
    const left = new Map(stored);
    for (const level of this.#levels) {
      const before = level.entries.length - level.first;
      level.entries = level.entries.slice(level.first).filter(({ id, sequence }) => {
        const isKept = !left.delete(sequence);
        if (!isKept) this.#strays?.delete(id);
        return isKept;
      });
      level.first = 0;
      this.#pages.held -= before - level.entries.length;
    }
    for (const [sequence, priority] of left) this.#level(priority, sequence).onDisk -= 1;
    this.#levels = this.#levels.filter(({ entries, onDisk }) => entries.length + onDisk > 0);
    this.#resize(-stored.size);
    this.#generation += 1;
  }

  *values(): Iterable<QueuedRequest> {
    for (const { entries, first } of this.#levels) yield* entries.slice(first);
  }

  /** Takes note of requests that stand on disk. */
  addStored(priority: number, count: number): void {
    const level = this.#level(priority, this.#newestFirst ? Number.POSITIVE_INFINITY : 0);
    level.onDisk += count;
    this.#resize(count);
  }

  /** A request of this host has left the disk. */
  leftDisk(sequence: number): void {
    this.#left?.add(sequence);
  }

  /** Reads the next requests, where they are not in memory. @throws JobError where they are not on disk either. */
  load(): Promise<void> {
    this.#reading ??= this.#load().finally(() => {
      this.#reading = undefined;
      this.#left = undefined;
    });
    return this.#reading;
  }

  async #load(): Promise<void> {
    for (let level = this.#levels.at(-1); level !== undefined && level.onDisk > 0; ) {
      const generation = this.#generation;
      const before = level.onDisk;
      this.#left = new Set();
      const { edge, priority } = level;
      const size = this.#pageSize;
      const page = await this.#pages.read({
        host: this.#host,
        priority,
        from: this.#newestFirst ? 0 : edge,
        to: this.#newestFirst ? edge : Number.POSITIVE_INFINITY,
        limit: size,
        newestFirst: this.#newestFirst,
      });
      if (generation !== this.#generation) return;
      const taken = this.#take(level, page);
      if (page.length < size && taken < before) {
        throw this.#pages.missing(this.#host, before - taken);
      }
      if (taken > 0) return;
      level = this.#levels.at(-1);
    }
  }

  /** Takes a page that was read; gives how many of its requests are in the queue. */
  #take(level: Level, page: readonly QueuedRequest[]): number {
    // What was pushed while the page was read stands on disk, too, but behind the edge as it is now.
    const isBehind = (sequence: number): boolean => !this.#newestFirst || sequence < level.edge;
    const own = page.filter(
      ({ id, sequence }) =>
        isBehind(sequence) &&
        !this.#left?.has(sequence) &&
        this.#strays?.has(id) !== true &&
        !this.#pages.isLeased(id),
    );
    const last = page.at(-1);
    if (last !== undefined)
      level.edge = this.#newestFirst ? Math.min(level.edge, last.sequence) : last.sequence + 1;
    if (this.#newestFirst) level.entries = [...own.toReversed(), ...level.entries.slice(level.first)];
    else level.entries = [...level.entries.slice(level.first), ...own];
    level.first = 0;
    level.onDisk -= own.length;
    this.#pages.held += own.length;
    return own.length;
  }

  #pushFirst(level: Level, entry: QueuedRequest): void {
    this.#resize(1);
    this.#pages.held += 1;
    const { sequence, id } = entry;
    if (this.#newestFirst ? sequence < level.edge : sequence >= level.edge) this.#stray(id);
    if (this.#newestFirst) level.entries.push(entry);
    else if (level.first > 0) level.entries[--level.first] = entry;
    else level.entries.unshift(entry);
  }

  /** Requests that one read brings: many queues share what may be held. */
  get #pageSize(): number {
    const { size, held, mostHeld, queues } = this.#pages;
    if (held >= mostHeld) return Math.min(size, FEW);
    return Math.min(size, Math.max(FEW, Math.floor(mostHeld / (MOST_PAGES * queues))));
  }

  #resize(by: number): void {
    const before = this.#size;
    this.#size += by;
    if (before === 0 && by > 0) this.#pages.queues += 1;
    else if (before > 0 && this.#size === 0) this.#pages.queues -= 1;
  }

  #stray(id: number): void {
    this.#strays ??= new Set();
    this.#strays.add(id);
  }

  #shift(level: Level): void {
    level.first += 1;
    if (level.first < this.#pages.size || level.first * 2 < level.entries.length) return;
    level.entries = level.entries.slice(level.first);
    level.first = 0;
  }

  /** Lets go of those that are last to go. */
  #shorten(level: Level): void {
    const size = this.#pageSize;
    const entries = level.entries.slice(level.first);
    const gone = this.#newestFirst ? entries.slice(0, -size) : entries.slice(size);
    const kept = this.#newestFirst ? entries.slice(-size) : entries.slice(0, size);
    for (const { id } of gone) this.#strays?.delete(id);
    level.entries = kept;
    level.first = 0;
    const wasOnDisk = level.onDisk > 0;
    level.onDisk += gone.length;
    this.#pages.held -= gone.length;
    // Those that went may be strays from beyond what is on disk only: that must not be passed over.
    let edge = wasOnDisk ? level.edge : undefined;
    for (const { sequence } of gone) {
      if (this.#newestFirst) edge = Math.max(edge ?? sequence + 1, sequence + 1);
      else edge = Math.min(edge ?? sequence, sequence);
    }
    level.edge = edge ?? level.edge;
    for (const { id, sequence } of kept) {
      if (this.#newestFirst ? sequence < level.edge : sequence >= level.edge) this.#stray(id);
    }
  }

  #level(priority: number, sequence: number): Level {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#levels[middle]?.priority ?? 0) < priority) low = middle + 1;
      else high = middle;
    }
    const found = this.#levels[low];
    if (found?.priority === priority) return found;
    const level: Level = { priority, entries: [], first: 0, onDisk: 0, edge: sequence };
    this.#levels.splice(low, 0, level);
    return level;
  }
}
