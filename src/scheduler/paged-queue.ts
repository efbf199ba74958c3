import type { HeldRequests, Holder } from './held-requests.ts';
import { append, type LinkedRequests, linked, prepend, shift, shiftAll } from './linked-requests.ts';
import { placeOfPriority, withLevel } from './priority-levels.ts';
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
  /** Batch of the last change of the host's records: it must be on disk. */
  readonly changedIn: number;
}

/** Requests whose places are known. */
export interface QueuePlaces extends Pick<QueuePage, 'host' | 'priority' | 'changedIn'> {
  readonly sequences: readonly number[];
}

/** What the paged queues of a scheduler share. */
export interface QueuePages {
  /** Largest sequences first, or smallest. */
  readonly newestFirst: boolean;
  /** Requests that one read brings at most; fewer, where many queues share what may be held. */
  readonly size: number;
  readonly held: HeldRequests;
  /** Number of the batch that a change belongs to now. */
  batch(): number;
  /** Requests that stand on disk, in order. */
  read(page: QueuePage): Promise<readonly QueuedRequest[]>;
  /** The requests at these places, which costs a tenth. @throws what `missing` gives, where one is not there. */
  get(places: QueuePlaces): Promise<readonly QueuedRequest[]>;
  /** Whether a request is lent, so that it stands on disk but in no queue. */
  isLeased(id: number): boolean;
  /** The error for requests that should stand on disk. */
  missing(host: string, count: number): Error;
  /** Told of a fault that came while reading ahead. */
  fault(error: unknown): void;
}

/** A queue that grows beyond so many pages lets go of all but one. */
const MOST_PAGES = 2;
/** Smaller pages are not read before they are asked for: they would be let go of before their turn. */
const FEW = 4;
/** So many places of requests on disk are remembered for each level. */
const MOST_PLACES = 16;
const NO_PLACES: readonly number[] = Object.freeze([]);
/** Of what goes before all others. */
const FIRST = Number.MAX_VALUE;

/** The requests of one priority; the list has the next ones to go. */
interface Level extends LinkedRequests {
  readonly priority: number;
  /** Length of the list. */
  held: number;
  /** How many more stand on disk only. */
  onDisk: number;
  /** Those have smaller sequences than this (newest first), or none smaller. */
  edge: number;
  /** The sequences of those that go next, in their order: all of them, or the first ones. */
  places: readonly number[];
}

/** A read under way. */
interface Reading {
  done: Promise<void>;
  /** Sequences of requests that left the disk meanwhile; one that is queued again has a new one. */
  left: Set<number>;
  /** What is read is of no use any more. */
  isVain: boolean;
}

/**
 * The queue of one host whose requests all stand on disk: only those next to go are in memory, or none. Who pushes
 * notes the request for the disk in the same turn.
 */
export class PagedQueue implements RequestQueue, Holder {
  readonly #host: string;
  readonly #pages: QueuePages;
  /** Lowest priority first. */
  #levels: Level[] = [];
  #size = 0;
  #held = 0;
  #changedIn = 0;
  /** Requests in memory that a read would find on disk as well. */
  #strays: Set<number> | undefined;
  #reading: Reading | undefined;

  constructor(host: string, pages: QueuePages) {
    this.#host = host;
    this.#pages = pages;
  }

  get size(): number {
    return this.#size;
  }

  get headPriority(): number {
    return this.#levels.at(-1)?.priority ?? Number.NEGATIVE_INFINITY;
  }

  push(entry: QueuedRequest): void {
    const { newestFirst } = this.#pages;
    const { sequence, priority } = entry;
    const level = this.#level(priority, sequence);
    this.#changedIn = this.#pages.batch();
    this.#resize(1);
    const isNotNeeded = level.held === 0 && this.#pages.held.isFull && this.#reading === undefined;
    if (isNotNeeded || (!newestFirst && level.onDisk > 0)) {
      this.#leave(level, sequence);
      return;
    }
    if (newestFirst) {
      prepend(level, entry);
      level.edge = Math.min(level.edge, sequence);
    } else {
      append(level, entry);
      level.edge = sequence + 1;
    }
    this.#hold(level, 1);
    if (this.#reading === undefined) this.#fit(level);
  }

  pushBack(entry: QueuedRequest): void {
    this.#pushFirst(this.#level(entry.priority, entry.sequence), entry);
  }

  /** Puts a request that stands on disk before all others, whatever its priority. */
  pushFirst(entry: QueuedRequest): void {
    this.#stray(entry.id);
    this.#pushFirst(this.#level(FIRST, entry.sequence), entry);
  }

  peek(): QueuedRequest | undefined {
    return this.#levels.at(-1)?.head;
  }

  pop(): QueuedRequest | undefined {
    const level = this.#levels.at(-1);
    const entry = level === undefined ? undefined : shift(level);
    if (level === undefined || entry === undefined) return undefined;
    this.#strays?.delete(entry.id);
    this.#resize(-1);
    this.#hold(level, -1);
    if (level.held === 0 && level.onDisk === 0) this.#levels.pop();
    else this.#readAhead(level);
    return entry;
  }

  clear(): void {
    for (const level of this.#levels) this.#hold(level, -level.held);
    this.#levels = [];
    this.#strays = undefined;
    this.#resize(-this.#size);
    this.#wasteReading();
  }

  /** Takes out requests that leave the disk, by their sequences and priorities, wherever they are. */
  remove(stored: ReadonlyMap<number, number>): void {
    const left = new Map(stored);
    for (const level of this.#levels) {
      let gone = 0;
      for (const entry of shiftAll(level)) {
        if (left.delete(entry.sequence)) {
          this.#strays?.delete(entry.id);
          gone += 1;
        } else append(level, entry);
      }
      this.#hold(level, -gone);
      level.places = NO_PLACES;
    }
    for (const [sequence, priority] of left) this.#level(priority, sequence).onDisk -= 1;
    this.#levels = this.#levels.filter(({ held, onDisk }) => held + onDisk > 0);
    this.#changedIn = this.#pages.batch();
    this.#resize(-stored.size);
    this.#wasteReading();
  }

  letGo(keepsFirst: boolean): void {
    const first = this.#levels.at(-1);
    for (const level of this.#levels) {
      const isKept = level.priority === FIRST || (keepsFirst && level === first);
      if (!isKept && level.held > 0) this.#shorten(level, 0);
    }
    this.#wasteReading();
  }

  *values(): Iterable<QueuedRequest> {
    for (const level of this.#levels) yield* linked(level);
  }

  /** Takes note of requests that stand on disk. */
  addStored(priority: number, count: number): void {
    const level = this.#level(priority, this.#pages.newestFirst ? Number.POSITIVE_INFINITY : 0);
    level.onDisk += count;
    this.#resize(count);
  }

  /** A request of this host has left the disk. */
  leftDisk(sequence: number): void {
    this.#changedIn = this.#pages.batch();
    this.#reading?.left.add(sequence);
  }

  /** Reads the next requests, where they are not in memory. @throws JobError where they are not on disk either. */
  load(): Promise<void> {
    if (this.#reading !== undefined) return this.#reading.done;
    const reading: Reading = { done: Promise.resolve(), left: new Set(), isVain: false };
    this.#reading = reading;
    reading.done = this.#load(reading).finally(() => {
      this.#reading = undefined;
    });
    return reading.done;
  }

  async #load(reading: Reading): Promise<void> {
    const { newestFirst } = this.#pages;
    for (let level = this.#levels.at(-1); level !== undefined && level.onDisk > 0; ) {
      if (level.places.length > 0) {
        await this.#get(level, reading);
        return;
      }
      const before = level.onDisk;
      reading.left = new Set();
      const { edge, priority } = level;
      const limit = Math.max(MOST_PLACES, this.#pageSize);
      const page = await this.#pages.read({
        host: this.#host,
        priority,
        from: newestFirst ? 0 : edge,
        to: newestFirst ? edge : Number.POSITIVE_INFINITY,
        limit,
        newestFirst,
        changedIn: this.#changedIn,
      });
      if (reading.isVain) return;
      const taken = this.#take(level, page, reading.left);
      if (page.length < limit && taken < before) {
        throw this.#pages.missing(this.#host, before - taken);
      }
      this.#fit(level);
      if (taken > 0) return;
      level = this.#levels.at(-1);
    }
  }

  /** Reads what comes next at the places that are known. */
  async #get(level: Level, reading: Reading): Promise<void> {
    const sequences = level.places.slice(0, this.#pageSize);
    const { priority } = level;
    const places = { host: this.#host, priority, sequences, changedIn: this.#changedIn };
    let entries: readonly QueuedRequest[];
    try {
      entries = await this.#pages.get(places);
    } catch (error) {
      // What was dropped meanwhile is not missing.
      if (reading.isVain) return;
      throw error;
    }
    if (reading.isVain) return;
    for (const entry of entries) {
      append(level, entry);
      level.edge = this.#pages.newestFirst ? entry.sequence : entry.sequence + 1;
    }
    level.places = level.places.slice(entries.length);
    level.onDisk -= entries.length;
    this.#hold(level, entries.length);
  }

  /** Takes a page that was read; gives how many of its requests are in the queue. */
  #take(level: Level, page: readonly QueuedRequest[], left: ReadonlySet<number>): number {
    const { newestFirst } = this.#pages;
    // What was pushed while the page was read stands on disk, too, but not behind the edge as it is now.
    const { edge } = level;
    let taken = 0;
    for (const entry of page) {
      const { id, sequence } = entry;
      if (newestFirst && sequence >= edge) continue;
      level.edge = newestFirst ? sequence : sequence + 1;
      if (left.has(sequence) || this.#strays?.has(id) === true || this.#pages.isLeased(id)) continue;
      append(level, entry);
      taken += 1;
    }
    level.onDisk -= taken;
    this.#hold(level, taken);
    return taken;
  }

  /** Leaves a new request on disk: what waits for its turn for long is not worth its memory. */
  #leave(level: Level, sequence: number): void {
    const { newestFirst } = this.#pages;
    const { places, onDisk } = level;
    if (newestFirst) level.places = [sequence, ...places.slice(0, MOST_PLACES - 1)];
    else if (places.length === onDisk && onDisk < MOST_PLACES) level.places = [...places, sequence];
    if (newestFirst) level.edge = sequence + 1;
    else if (onDisk === 0) level.edge = sequence;
    level.onDisk += 1;
  }

  #pushFirst(level: Level, entry: QueuedRequest): void {
    const { sequence, id } = entry;
    this.#changedIn = this.#pages.batch();
    this.#resize(1);
    if (this.#isOnDisk(level, sequence)) this.#stray(id);
    prepend(level, entry);
    this.#hold(level, 1);
  }

  /** Whether a read of what stands on disk only would find this one. */
  #isOnDisk({ edge }: Level, sequence: number): boolean {
    return this.#pages.newestFirst ? sequence < edge : sequence >= edge;
  }

  /** Reads the next ones while there are some, so that nobody has to wait. */
  #readAhead(level: Level): void {
    const size = this.#pageSize;
    if (level.onDisk === 0 || size < FEW || level.held >= size / 4) return;
    this.load().catch((error) => this.#pages.fault(error));
  }

  /** Lets go of all but a page, where there are several. */
  #fit(level: Level): void {
    const size = this.#pageSize;
    if (level.held > MOST_PAGES * size) this.#shorten(level, size);
  }

  /** Lets go of those that are last to go, but for so many. */
  #shorten(level: Level, keep: number): void {
    const { newestFirst } = this.#pages;
    const entries = shiftAll(level);
    const gone = entries.splice(keep);
    level.places = this.#placesAfter(level, gone);
    // Those that go may be strays from beyond what is on disk only: that must not be passed over.
    if (level.onDisk === 0) level.edge = newestFirst ? 0 : Number.POSITIVE_INFINITY;
    for (const { id, sequence } of gone) {
      this.#strays?.delete(id);
      level.edge = newestFirst ? Math.max(level.edge, sequence + 1) : Math.min(level.edge, sequence);
    }
    for (const entry of entries) {
      if (this.#isOnDisk(level, entry.sequence)) this.#stray(entry.id);
      append(level, entry);
    }
    level.onDisk += gone.length;
    this.#hold(level, -gone.length);
  }

  /** Which places are known once these, which go before all on disk, are let go of. */
  #placesAfter(level: Level, gone: readonly QueuedRequest[]): readonly number[] {
    const { newestFirst } = this.#pages;
    let last = newestFirst ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    const places: number[] = [];
    for (const { sequence } of gone) {
      const isInOrder = newestFirst ? sequence < last : sequence > last;
      // One that was given back may belong among those on disk: only a read knows where.
      if (!isInOrder || (level.onDisk > 0 && this.#isOnDisk(level, sequence))) return NO_PLACES;
      if (places.length < MOST_PLACES) places.push(sequence);
      last = sequence;
    }
    return [...places, ...level.places.slice(0, MOST_PLACES - places.length)];
  }

  /** Requests that one read brings: many queues share what may be held. */
  get #pageSize(): number {
    const { size, held } = this.#pages;
    return Math.min(size, Math.max(1, Math.floor(held.most / (MOST_PAGES * held.queues))));
  }

  #resize(by: number): void {
    const before = this.#size;
    this.#size += by;
    if (before === 0 && by > 0) this.#pages.held.queues += 1;
    else if (before > 0 && this.#size === 0) this.#pages.held.queues -= 1;
  }

  /** More or less of a level is in memory. */
  #hold(level: Level, by: number): void {
    level.held += by;
    this.#held += by;
    if (by > 0) this.#pages.held.added(this, by);
    else if (by < 0) this.#pages.held.removed(this, -by, this.#held);
  }

  #stray(id: number): void {
    this.#strays ??= new Set();
    this.#strays.add(id);
  }

  #wasteReading(): void {
    if (this.#reading !== undefined) this.#reading.isVain = true;
  }

  #level(priority: number, sequence: number): Level {
    const at = placeOfPriority(this.#levels, priority);
    const found = this.#levels[at];
    if (found?.priority === priority) return found;
    const level: Level = {
      priority,
      head: undefined,
      tail: undefined,
      held: 0,
      onDisk: 0,
      edge: sequence,
      places: NO_PLACES,
    };
    this.#levels = withLevel(this.#levels, at, level);
    return level;
  }
}
