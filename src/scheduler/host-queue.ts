import type { QueuedRequest } from './queued-request.ts';
import type { RequestQueue } from './request-queue.ts';

/** The requests of one priority; a ring is not needed: both ends move rarely and arrays are cheap. */
interface Level {
  readonly priority: number;
  entries: (QueuedRequest | undefined)[];
  /** Index of the oldest entry that is still there. */
  first: number;
}

const COMPACT_AT = 1024;

/** The queue of one host: by priority, inside one newest first (`lifo`) or oldest first (`fifo`). */
export class HostQueue implements RequestQueue {
  /** Lowest priority first, so that the head is at the end. */
  readonly #levels: Level[] = [];
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
    this.#level(entry.priority).entries.push(entry);
    this.#size += 1;
  }

  pushBack(entry: QueuedRequest): void {
    const level = this.#level(entry.priority);
    if (this.#order === 'lifo') level.entries.push(entry);
    else if (level.first > 0) level.entries[--level.first] = entry;
    else level.entries.unshift(entry);
    this.#size += 1;
  }

  peek(): QueuedRequest | undefined {
    const level = this.#levels.at(-1);
    return this.#order === 'lifo' ? level?.entries.at(-1) : level?.entries[level.first];
  }

  pop(): QueuedRequest | undefined {
    const level = this.#levels.at(-1);
    if (level === undefined) return undefined;
    const entry = this.#order === 'lifo' ? level.entries.pop() : this.#shift(level);
    if (level.first >= level.entries.length) this.#levels.pop();
    this.#size -= 1;
    return entry;
  }

  clear(): void {
    this.#levels.length = 0;
    this.#size = 0;
  }

  *values(): Iterable<QueuedRequest> {
    for (const { entries, first } of this.#levels) {
      for (let at = first; at < entries.length; at++) {
        const entry = entries[at];
        if (entry !== undefined) yield entry;
      }
    }
  }

  #shift(level: Level): QueuedRequest | undefined {
    const entry = level.entries[level.first];
    level.entries[level.first++] = undefined;
    if (level.first >= COMPACT_AT && level.first * 2 > level.entries.length) {
      level.entries = level.entries.slice(level.first);
      level.first = 0;
    }
    return entry;
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
    const level: Level = { priority, entries: [], first: 0 };
    this.#levels.splice(low, 0, level);
    return level;
  }
}
