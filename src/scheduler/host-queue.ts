import type { QueuedRequest } from './queued-request.ts';
import type { RequestQueue } from './request-queue.ts';

/** The requests of one priority, each with a reference to the next: arrays have room that millions of hosts pay for. */
interface Level {
  readonly priority: number;
  head: QueuedRequest | undefined;
  tail: QueuedRequest | undefined;
}

/** The queue of one host: by priority, inside one newest first (`lifo`) or oldest first (`fifo`). */
export class HostQueue implements RequestQueue {
  /** Lowest priority first, so that the head is at the end. */
  #levels: Level[] = [];
  readonly #order: 'lifo' | 'fifo';
  #size = 0;

  constructor(order: 'lifo' | 'fifo') {
    this.#order = order;
  }

  get size(): number {
    return this.#size;
  }

  get headPriority(): number {
    return this.#levels.at(-1)?.priority ?? Number.NEGATIVE_INFINITY;
  }

  push(entry: QueuedRequest): void {
    if (this.#order === 'lifo') this.pushBack(entry);
    else this.#append(entry);
  }

  pushBack(entry: QueuedRequest): void {
    const level = this.#level(entry.priority);
    entry.next = level.head;
    level.head = entry;
    level.tail ??= entry;
    this.#size += 1;
  }

  peek(): QueuedRequest | undefined {
    return this.#levels.at(-1)?.head;
  }

  pop(): QueuedRequest | undefined {
    const level = this.#levels.at(-1);
    const entry = level?.head;
    if (level === undefined || entry === undefined) return undefined;
    level.head = entry.next;
    if (level.head === undefined) this.#levels.pop();
    entry.next = undefined;
    this.#size -= 1;
    return entry;
  }

  clear(): void {
    this.#levels = [];
    this.#size = 0;
  }

  *values(): Iterable<QueuedRequest> {
    for (const { head } of this.#levels) {
      for (let entry = head; entry !== undefined; entry = entry.next) yield entry;
    }
  }

  #append(entry: QueuedRequest): void {
    const level = this.#level(entry.priority);
    entry.next = undefined;
    if (level.tail === undefined) level.head = entry;
    else level.tail.next = entry;
    level.tail = entry;
    this.#size += 1;
  }

  #level(priority: number): Level {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#levels[middle]?.priority ?? 0) < priority) low = middle + 1;
      else high = middle;
    }
    const found = this.#levels[low];
    if (found?.priority === priority) return found;
    const level: Level = { priority, head: undefined, tail: undefined };
    // Most hosts know one priority: an array made with one place has no more.
    if (this.#levels.length === 0) this.#levels = [level];
    else this.#levels.splice(low, 0, level);
    return level;
  }
}
