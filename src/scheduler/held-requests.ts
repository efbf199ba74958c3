/** A queue that holds requests in memory which stand on disk as well. */
export interface Holder {
  /** Lets go of all that it can read again, or of all but those that go first. */
  letGo(keepsFirst: boolean): void;
}

/**
 * The requests that the queues of a scheduler hold in memory. There are never many more than wanted: the queue to
 * which nothing has happened for longest lets go of its own, so that a host which waits costs no more than its counts.
 */
export class HeldRequests {
  /** Most requests that are held. */
  readonly most: number;
  /** Queues that have requests, in memory or not. */
  queues = 0;
  /** Those that hold some, the one to which something was added last at the end. */
  readonly #holders = new Set<Holder>();
  #count = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Requests that are held. */
  get count(): number {
    return this.#count;
  }

  /** Whether no more should be held. */
  get isFull(): boolean {
    return this.#count >= this.most;
  }

  /** A queue holds more; others, or what it needs last, go for it. */
  added(holder: Holder, count: number): void {
    this.#count += count;
    this.#holders.delete(holder);
    this.#holders.add(holder);
    if (this.#count > this.most) this.#makeRoom(holder);
  }

  /** A queue holds less. */
  removed(holder: Holder, count: number, left: number): void {
    this.#count -= count;
    if (left === 0) this.#holders.delete(holder);
  }

  #makeRoom(newest: Holder): void {
    for (const holder of this.#holders) {
      if (this.#count <= this.most) return;
      // What cannot be let go of is not asked for again.
      if (holder !== newest) this.#holders.delete(holder);
      holder.letGo(holder === newest);
    }
  }
}
