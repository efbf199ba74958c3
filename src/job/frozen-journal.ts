import type { Journal, JournalRecord } from '../contracts/journal.ts';
import type { RangeOptions } from '../contracts/store.ts';

/** A journal to look at: what is noted in it is forgotten. */
export class FrozenJournal implements Journal {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get batch(): number {
    return this.#journal.batch;
  }

  get durableBatch(): number {
    return this.#journal.durableBatch;
  }

  get isBehind(): boolean {
    return false;
  }

  put(): void {}

  add(): void {}

  delete(): void {}

  changed(): void {}

  beforeBatch(): void {}

  onDurable(): void {}

  async flushed(): Promise<void> {}

  get(key: string): Promise<Buffer | undefined> {
    return this.#journal.get(key);
  }

  range(from: string, to: string, options?: RangeOptions): Promise<readonly JournalRecord[]> {
    return this.#journal.range(from, to, options);
  }

  async compact(): Promise<void> {}
}
