import { append, type LinkedRequests, linked, prepend, shift } from './linked-requests.ts';
import { placeOfPriority, withLevel } from './priority-levels.ts';
import type { QueuedRequest } from './queued-request.ts';
import type { RequestQueue } from './request-queue.ts';

/** The requests of one priority. */
interface Level extends LinkedRequests {
  readonly priority: number;
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
    if (this.#order === 'lifo') prepend(this.#level(entry.priority), entry);
    else append(this.#level(entry.priority), entry);
    this.#size += 1;
  }

  pushBack(entry: QueuedRequest): void {
    prepend(this.#level(entry.priority), entry);
    this.#size += 1;
  }

  peek(): QueuedRequest | undefined {
    return this.#levels.at(-1)?.head;
  }

  pop(): QueuedRequest | undefined {
    const level = this.#levels.at(-1);
    const entry = level === undefined ? undefined : shift(level);
    if (level === undefined || entry === undefined) return undefined;
    if (level.head === undefined) this.#levels.pop();
    this.#size -= 1;
    return entry;
  }

  clear(): void {
    this.#levels = [];
    this.#size = 0;
  }

  *values(): Iterable<QueuedRequest> {
    for (const level of this.#levels) yield* linked(level);
  }

  #level(priority: number): Level {
    const at = placeOfPriority(this.#levels, priority);
    const found = this.#levels[at];
    if (found?.priority === priority) return found;
    const level: Level = { priority, head: undefined, tail: undefined };
    this.#levels = withLevel(this.#levels, at, level);
    return level;
  }
}
