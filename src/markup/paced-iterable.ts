import { setImmediate } from 'node:timers/promises';

const LONGEST_TURN_MS = 15;

/**
 * Values that are worked out while they are read, as often as they are read. `for … of` takes them in one go;
 * `for await … of` lets the event loop breathe every 15 milliseconds, also where the next value is far away.
 */
export class PacedIterable<Value> implements Iterable<Value>, AsyncIterable<Value> {
  readonly #steps: () => Iterable<Value | undefined>;

  /** @param steps - gives the values, and `undefined` now and then where none has come for long. */
  constructor(steps: () => Iterable<Value | undefined>) {
    this.#steps = steps;
  }

  *[Symbol.iterator](): Generator<Value, void, undefined> {
    for (const value of this.#steps()) if (value !== undefined) yield value;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void, undefined> {
    let turnEndsMs = performance.now() + LONGEST_TURN_MS;
    for (const value of this.#steps()) {
      if (value !== undefined) yield value;
      if (performance.now() < turnEndsMs) continue;
      await setImmediate();
      turnEndsMs = performance.now() + LONGEST_TURN_MS;
    }
  }
}
