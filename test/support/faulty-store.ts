import type { RangeOptions, Store, StoreChange, StoreEntry } from '../../src/contracts/store.ts';
import { StoreError } from '../../src/errors/store-error.ts';

/** Which call goes wrong, and how. */
export interface StoreFault {
  /** Number of the call, from 1. */
  readonly call: number;
  /**
   * `fail`: nothing is done. `cut`: a batch and a sync are done, and nobody hears of it; what is read is lost on
   * the way. `sync`: the call is done, the next sync fails.
   */
  readonly mode: 'fail' | 'cut' | 'sync';
  /** What comes after: the disk stays away, or works again. */
  readonly after: 'gone' | 'well';
}

/** A store whose n-th call goes wrong. It counts every call. */
export class FaultyStore implements Store {
  /** Calls so far. */
  calls = 0;
  /** Whether the fault has come. */
  hasFailed = false;
  readonly #store: Store;
  readonly #fault: StoreFault | undefined;

  constructor(store: Store, fault?: StoreFault) {
    this.#store = store;
    this.#fault = fault;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#call(() => this.#store.get(key));
  }

  range(from: string, to: string, options?: RangeOptions): Promise<readonly StoreEntry[]> {
    return this.#call(() => this.#store.range(from, to, options));
  }

  batch(changes: readonly StoreChange[]): Promise<void> {
    return this.#call(() => this.#store.batch(changes));
  }

  sync(): Promise<void> {
    return this.#call(() => this.#store.sync(), true);
  }

  close(): Promise<void> {
    return this.#call(() => this.#store.close());
  }

  async #call<Value>(run: () => Promise<Value>, isSync = false): Promise<Value> {
    this.calls += 1;
    const { call = Number.POSITIVE_INFINITY, mode, after } = this.#fault ?? {};
    const isNow = mode === 'sync' ? this.calls >= call && isSync && !this.hasFailed : this.calls === call;
    if (isNow) {
      this.hasFailed = true;
      if (mode === 'cut') await run();
      throw this.#error();
    }
    if (this.hasFailed && after === 'gone') throw this.#error();
    return run();
  }

  #error(): StoreError {
    const code = (this.#fault?.call ?? 0) % 2 === 0 ? 'EIO' : 'ENOSPC';
    const cause = Object.assign(new Error(`${code}: the disk does not answer`), { code });
    return new StoreError('store', 'failed', `it cannot be read or written (${cause.message})`, { cause });
  }
}
