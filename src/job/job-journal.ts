import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../contracts/clock.ts';
import type { Journal, JournalRecord, Payload } from '../contracts/journal.ts';
import type { RangeOptions, Store, StoreChange } from '../contracts/store.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { JobError } from '../errors/job-error.ts';
import { StoreError } from '../errors/store-error.ts';
import { keyAfter, numberKey } from '../values/number-key.ts';
import { walkRecords } from '../values/walk-records.ts';
import { HeadCheck } from './head-check.ts';
import { sealRecord, unsealRecord } from './record.ts';

/** How a journal works. */
export interface JobJournalOptions {
  /** Folder of the job, for messages. */
  readonly folder: string;
  readonly store: Store;
  readonly clock: Clock;
  /** The last batch on disk; the numbers go on from it. */
  readonly lastBatch: number;
  /** What the records that are written over come to, kept in each mark. @defaultValue the marks tell nothing of them */
  readonly heads?: HeadCheck;
  /** Sync each batch, so that it outlives a power cut. @defaultValue `false` */
  readonly syncs?: boolean;
  /** Called once, with the fault after which nothing more is written. */
  readonly onFailure: (error: JobError) => void;
  /** Called before a batch that is to be synced, for files that its records tell of. */
  readonly beforeSync?: () => Promise<void>;
}

interface Change {
  readonly payload: Payload | (() => Payload) | undefined;
  /** The key is not on disk. */
  readonly isNew: boolean;
}

/** A batch is written this long after its first change, … */
const BATCH_MS = 20;
/** … or when it has this many changes. */
const FULL_BATCH = 512;
/** With more changes than this waiting, or bytes of them, the crawl waits. */
const MOST_WAITING = 4096;
const MOST_WAITING_BYTES = 32 * 1024 * 1024;
/** Changes, and bytes of them, that are sealed before the loop is given back for a while. */
const CHANGES_A_TURN = 256;
const BYTES_A_TURN = 512 * 1024;
/**
 * Each batch leaves a mark, so that one that is missing between others shows. LevelDB loses batches only out of its
 * newest two logs (8 MB): older marks are of no use.
 */
export const MARKS_KEPT = 40_000;

/** Keys of the marks. */
export const BATCH_MARK = 'b';

/** Gathers changes and writes them in batches. After a failed write nothing more is written: what is on disk is whole. */
export class JobJournal implements Journal {
  readonly #options: JobJournalOptions;
  readonly #hooks: (() => void)[] = [];
  readonly #listeners: (() => void)[] = [];
  #changes = new Map<string, Change>();
  /** Of their payloads, as far as those are made already. */
  #waitingBytes = 0;
  /** Something has changed that no record of its own tells of: counters, states. */
  #hasChanged = false;
  #durableBatch: number;
  #batch: number;
  #cancelTimer: (() => void) | undefined;
  #isDue = false;
  #writing: Promise<void> | undefined;
  #failure: JobError | undefined;

  constructor(options: JobJournalOptions) {
    this.#options = options;
    this.#durableBatch = options.lastBatch;
    this.#batch = options.lastBatch + 1;
  }

  /**
   * Goes on with the journal of a store.
   *
   * @throws JobError when a batch between others is missing, or a record is an older one than was written last.
   */
  static async open(options: Omit<JobJournalOptions, 'lastBatch' | 'heads'>): Promise<JobJournal> {
    const { folder, store } = options;
    const { number, heads } = await told(folder, lastMarkOf(folder, store));
    const found = await told(folder, HeadCheck.read(store));
    if (heads !== '' && heads !== found.text)
      throw damaged(folder, `a record that was written over is not the one of batch ${number}`);
    return new JobJournal({ ...options, lastBatch: number, heads: found });
  }

  get batch(): number {
    return this.#batch;
  }

  get durableBatch(): number {
    return this.#durableBatch;
  }

  get isBehind(): boolean {
    return this.#changes.size > MOST_WAITING || this.#waitingBytes > MOST_WAITING_BYTES;
  }

  put(key: string, payload: Payload): void {
    this.#note(key, { payload, isNew: false });
  }

  add(key: string, payload: Payload | (() => Payload)): void {
    this.#note(key, { payload, isNew: true });
  }

  delete(key: string): void {
    const noted = this.#changes.get(key);
    if (noted?.isNew === true) {
      this.#changes.delete(key);
      this.#waitingBytes -= bytesIn(noted);
      this.changed();
    } else this.#note(key, { payload: undefined, isNew: false });
  }

  changed(): void {
    this.#hasChanged = true;
    this.#askForBatch();
  }

  beforeBatch(hook: () => void): void {
    this.#hooks.push(hook);
  }

  onDurable(listener: () => void): void {
    this.#listeners.push(listener);
  }

  get #isEmpty(): boolean {
    return this.#changes.size === 0 && !this.#hasChanged;
  }

  async flushed(): Promise<void> {
    const wanted = this.#isEmpty ? this.#batch - 1 : this.#batch;
    while (this.#durableBatch < wanted) {
      if (this.#failure !== undefined) throw this.#failure;
      this.#isDue = true;
      await (this.#writing ?? this.#start());
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async get(key: string): Promise<Buffer | undefined> {
    const stored = await told(this.#options.folder, this.#options.store.get(key));
    return stored === undefined ? undefined : this.#unsealed(key, stored);
  }

  async range(from: string, to: string, options?: RangeOptions): Promise<readonly JournalRecord[]> {
    const entries = await told(this.#options.folder, this.#options.store.range(from, to, options));
    return entries.map(({ key, value }) => ({ key, payload: this.#unsealed(key, value) }));
  }

  async compact(prefix: string): Promise<void> {
    await this.flushed();
    const { folder, store } = this.#options;
    await told(folder, store.compact?.(prefix, keyAfter(prefix)) ?? Promise.resolve());
  }

  /** Writes what is left. Rejects with the fault that ended the writing, if one did. */
  async close(): Promise<void> {
    try {
      await this.flushed();
    } finally {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    }
  }

  #note(key: string, change: Change): void {
    // A key that is noted again keeps what is known of it: an `add` that is put over is still not on disk, and one
    // that follows a deletion is there until the batch is written.
    const noted = this.#changes.get(key);
    const isNew = noted?.isNew ?? change.isNew;
    this.#waitingBytes += bytesIn(change) - (noted === undefined ? 0 : bytesIn(noted));
    this.#changes.set(key, isNew === change.isNew ? change : { ...change, isNew });
    this.#askForBatch();
  }

  #askForBatch(): void {
    if (this.#failure !== undefined || this.#isDue) return;
    if (this.#changes.size >= FULL_BATCH) this.#writeSoon();
    else this.#cancelTimer ??= this.#options.clock.setTimeout(() => this.#writeSoon(), BATCH_MS);
  }

  #writeSoon(): void {
    this.#isDue = true;
    this.#start().catch(() => {});
  }

  #start(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#writing ??= this.#write();
    return this.#writing;
  }

  async #write(): Promise<void> {
    // The turn is over then, and what belongs together has been noted together.
    do {
      await setImmediate();
      await this.#writeBatch();
    } while (this.#isDue && this.#failure === undefined);
    // In the same step: what is noted from here on starts a writing of its own.
    this.#writing = undefined;
  }

  async #writeBatch(): Promise<void> {
    const { store, syncs = false, beforeSync, heads } = this.#options;
    const number = this.#batch;
    try {
      // What the hooks note belongs to this batch: it asks for no other.
      if (!this.#isEmpty && this.#failure === undefined) for (const hook of this.#hooks) hook();
      this.#isDue = false;
      const changes = this.#changes;
      if (this.#isEmpty || this.#failure !== undefined) return;
      this.#hasChanged = false;
      this.#batch += 1;
      this.#changes = new Map();
      this.#waitingBytes = 0;
      if (syncs) await beforeSync?.();
      const sealed = await sealedChanges(changes);
      for (const [key, value] of sealed) heads?.note(key, value);
      const mark = numberKey(BATCH_MARK, number);
      sealed.push([mark, sealRecord(mark, heads?.text ?? '')]);
      if (number > MARKS_KEPT) sealed.push([numberKey(BATCH_MARK, number - MARKS_KEPT), undefined]);
      await store.batch(sealed);
      if (syncs) await store.sync();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#durableBatch = number;
    for (const listener of this.#listeners) listener();
  }

  #fail(error: unknown): void {
    const { onFailure, folder } = this.#options;
    const problem = `it could not be written (${errorMessage(error)}); what was written before is whole: make room or mend what is wrong, then run the same command again`;
    this.#failure = new JobError(folder, 'written', problem, { cause: error });
    onFailure(this.#failure);
  }

  #unsealed(key: string, stored: Uint8Array): Buffer {
    const payload = unsealRecord(key, stored);
    if (payload !== undefined) return payload;
    throw damaged(this.#options.folder, `the record ${JSON.stringify(key)} is not what was written`);
  }
}

/**
 * The last mark of a store, and what it says of the records that are written over; number 0: there is none.
 *
 * @throws JobError when a batch between others is missing.
 */
async function lastMarkOf(
  folder: string,
  store: Store,
): Promise<{ readonly number: number; readonly heads: string }> {
  let number = 0;
  let heads = '';
  let count = 0;
  for await (const { key, value } of walkRecords(store, BATCH_MARK)) {
    const next = Number.parseInt(key.slice(BATCH_MARK.length), 16);
    const payload = unsealRecord(key, value);
    if (payload === undefined || (count > 0 && next !== number + 1))
      throw damaged(folder, `the changes of batch ${count === 0 ? next : number + 1} are missing`);
    number = next;
    heads = payload.toString();
    count += 1;
  }
  const expected = Math.min(number, MARKS_KEPT);
  if (count !== expected) throw damaged(folder, `${count} marks of batches where ${expected} were written`);
  return { number, heads };
}

/** The error of a job whose files do not hold what was written. */
export function damaged(folder: string, what: string, cause?: unknown): JobError {
  return new JobError(
    folder,
    'damaged',
    `${what}; \`crawl job repair\` saves what can be saved and says what is lost`,
    cause === undefined ? undefined : { cause },
  );
}

/** What a store could not read: damaged files are beyond help, anything else may be over the next time. */
async function told<Value>(folder: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof JobError) throw error;
    const message = errorMessage(error);
    if (error instanceof StoreError && error.problem === 'damaged') throw damaged(folder, message, error);
    const advice = 'nothing of it is lost: mend what is wrong, then run the same command again';
    throw new JobError(folder, 'written', `it could not be read (${message}); ${advice}`, { cause: error });
  }
}

function bytesIn({ payload }: Change): number {
  return typeof payload === 'function' ? 0 : (payload?.length ?? 0);
}

async function sealedChanges(changes: ReadonlyMap<string, Change>): Promise<StoreChange[]> {
  const sealed: StoreChange[] = [];
  let bytes = 0;
  for (const [key, { payload }] of changes) {
    const value = typeof payload === 'function' ? payload() : payload;
    sealed.push([key, value === undefined ? undefined : sealRecord(key, value)]);
    bytes += value?.length ?? 0;
    if (sealed.length % CHANGES_A_TURN > 0 && bytes < BYTES_A_TURN) continue;
    bytes = 0;
    await setImmediate();
  }
  return sealed;
}
