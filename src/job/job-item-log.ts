import type { ItemLog } from '../contracts/item-log.ts';
import type { CommittedItem } from '../contracts/item-pipeline.ts';
import type { Journal } from '../contracts/journal.ts';
import { appendAll } from '../values/append-all.ts';
import type { ItemRecord } from '../values/item.ts';
import { keyAfter, numberKey } from '../values/number-key.ts';
import { toPlainRecord } from '../values/plain-value.ts';
import { walkRecords } from '../values/walk-records.ts';
import { damaged } from './job-journal.ts';

/** Keys of the log's records. */
export const ITEM_KEYS = { item: 'i', aside: 'p', adopted: 'a', state: 'sitems' } as const;

/** A record of the log: some items of one page, or a reference to what was set aside for it. */
export type Group =
  | { readonly f: string; readonly o: readonly number[]; readonly i: readonly ItemRecord[] }
  | { readonly aside: number; readonly count: number };

/** What the log counts. */
export interface LogState {
  readonly end: number;
  readonly startOrdinals: number;
  readonly lastAside: number;
  /** Up to here all that was set aside is adopted or deleted; not told in older jobs. */
  readonly settledAside?: number;
}

/** Items of a unit that is not committed yet. */
interface Aside {
  readonly number: number;
  count: number;
}

/** What one record holds at most. */
const MOST_ITEMS_A_RECORD = 100;
const MOST_BYTES_A_RECORD = 256 * 1024;
/** The fingerprint of items that `start()` gave. */
export const START = 'start';
const RECORDS_A_READ = 64;
/** What one read brings is parsed, and encoded by each output, in one turn. */
const BYTES_A_READ = 512 * 1024;

/** The item log of a job, in its journal. */
export class JobItemLog implements ItemLog {
  readonly #folder: string;
  readonly #journal: Journal;
  readonly #listeners: (() => void)[] = [];
  /** Ends of the log by the batch that holds them, oldest first. */
  readonly #ends: { readonly batch: number; end: number }[] = [];
  /** Items that are set aside, by unit. */
  readonly #aside = new Map<number, Aside>();
  #lastAside = 0;
  #settledAside = 0;
  #end = 0;
  #durableEnd = 0;
  #startOrdinals = 0;
  #isChanged = false;

  private constructor(folder: string, journal: Journal) {
    this.#folder = folder;
    this.#journal = journal;
    journal.beforeBatch(() => this.#noteState());
    journal.onDurable(() => this.#tellDurable());
  }

  /** Opens the log of a job; what units set aside and never committed is deleted. */
  static async open(folder: string, journal: Journal): Promise<JobItemLog> {
    const log = new JobItemLog(folder, journal);
    const state = await journal.get(ITEM_KEYS.state);
    if (state !== undefined) {
      const { end, startOrdinals, lastAside, settledAside = 0 } = JSON.parse(state.toString()) as LogState;
      log.#lastAside = lastAside;
      log.#settledAside = settledAside;
      log.#end = end;
      log.#durableEnd = end;
      log.#startOrdinals = startOrdinals;
    }
    await log.#checkEnd();
    await log.#dropUnadopted();
    return log;
  }

  get end(): number {
    return this.#end;
  }

  get durableEnd(): number {
    return this.#durableEnd;
  }

  get startOrdinals(): number {
    return this.#startOrdinals;
  }

  append(items: readonly CommittedItem[], owner?: number): void {
    // Before anything is noted: an item that cannot be stored must leave no trace.
    const groups = [...groupsOf(items)];
    const before = this.#end;
    if (owner !== undefined) this.#adopt(owner);
    for (const { payload, count } of groups) {
      this.#journal.add(numberKey(ITEM_KEYS.item, this.#end), payload);
      this.#end += count;
    }
    for (const { fingerprint, ordinal } of items) {
      if (fingerprint === START) this.#startOrdinals = Math.max(this.#startOrdinals, ordinal + 1);
    }
    if (this.#end > before) this.#noteEnd();
  }

  setAside(owner: number, items: readonly CommittedItem[]): void {
    if (items.length === 0) return;
    const groups = [...groupsOf(items)];
    let aside = this.#aside.get(owner);
    if (aside === undefined) {
      aside = { number: ++this.#lastAside, count: 0 };
      this.#aside.set(owner, aside);
      this.#isChanged = true;
    }
    for (const { payload, count } of groups) {
      this.#journal.add(numberKey(asidePrefix(aside.number), aside.count), payload);
      aside.count += count;
    }
  }

  /** The records stay until the job is opened again: a page that gave thousands of items and came to nothing is rare. */
  discard(owner: number): void {
    this.#aside.delete(owner);
  }

  async read(from: number, limit: number): Promise<readonly ItemRecord[]> {
    if (from >= this.#durableEnd) return [];
    let position = await this.#groupAt(from);
    const items: ItemRecord[] = [];
    const records = await this.#journal.range(
      numberKey(ITEM_KEYS.item, position),
      numberKey(ITEM_KEYS.item, this.#durableEnd),
      { limit: RECORDS_A_READ, mostBytes: BYTES_A_READ },
    );
    if (records.length === 0) throw this.#gap(position);
    for (const { key, payload } of records) {
      if (key !== numberKey(ITEM_KEYS.item, position)) throw this.#gap(position);
      const group = JSON.parse(payload.toString()) as Group;
      const skip = Math.max(0, from - position);
      if ('aside' in group) {
        // A group of its own, and maybe a large one: it is given in pieces.
        if (items.length === 0) appendAll(items, await this.#readAside(group, skip));
        break;
      }
      appendAll(items, skip === 0 ? group.i : group.i.slice(skip));
      position += group.i.length;
      if (items.length >= limit) break;
    }
    return items;
  }

  onDurable(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #adopt(owner: number): void {
    const aside = this.#aside.get(owner);
    if (aside === undefined) return;
    this.#aside.delete(owner);
    const { number, count } = aside;
    const group: Group = { aside: number, count };
    this.#journal.add(numberKey(ITEM_KEYS.adopted, number), '');
    this.#journal.add(numberKey(ITEM_KEYS.item, this.#end), JSON.stringify(group));
    this.#end += count;
  }

  /** @throws JobError when the last record does not end where the log does. */
  async #checkEnd(): Promise<void> {
    const [last] = await this.#journal.range(ITEM_KEYS.item, keyAfter(ITEM_KEYS.item), {
      limit: 1,
      reverse: true,
    });
    let end = 0;
    if (last !== undefined) {
      const group = JSON.parse(last.payload.toString()) as Group;
      end = Number.parseInt(last.key.slice(1), 16) + ('aside' in group ? group.count : group.i.length);
    }
    if (end !== this.#end)
      throw damaged(this.#folder, `its log holds ${end} items where ${this.#end} were written`);
  }

  /** Where the group begins that holds a position. */
  async #groupAt(position: number): Promise<number> {
    const [last] = await this.#journal.range(ITEM_KEYS.item, numberKey(ITEM_KEYS.item, position + 1), {
      limit: 1,
      reverse: true,
    });
    if (last === undefined) throw this.#gap(position);
    return Number.parseInt(last.key.slice(1), 16);
  }

  async #readAside(
    { aside, count }: { readonly aside: number; readonly count: number },
    skip: number,
  ): Promise<readonly ItemRecord[]> {
    const prefix = asidePrefix(aside);
    const items: ItemRecord[] = [];
    let at = skip === 0 ? 0 : await this.#asideGroupAt(prefix, skip);
    const records = await this.#journal.range(numberKey(prefix, at), numberKey(prefix, count), {
      limit: RECORDS_A_READ,
      mostBytes: BYTES_A_READ,
    });
    if (records.length === 0)
      throw damaged(this.#folder, `items of a large page (${aside}) are missing from its log`);
    for (const { key, payload } of records) {
      const group = JSON.parse(payload.toString()) as Group;
      if (key !== numberKey(prefix, at) || !('i' in group))
        throw damaged(this.#folder, `items of a large page (${aside}) are missing from its log`);
      appendAll(items, at < skip ? group.i.slice(skip - at) : group.i);
      at += group.i.length;
    }
    return items;
  }

  async #asideGroupAt(prefix: string, position: number): Promise<number> {
    const [last] = await this.#journal.range(prefix, numberKey(prefix, position + 1), {
      limit: 1,
      reverse: true,
    });
    return last === undefined ? 0 : Number.parseInt(last.key.slice(prefix.length), 16);
  }

  /** Only what was set aside since the last opening is looked at: a job may have had very many large pages. */
  async #dropUnadopted(): Promise<void> {
    let next = this.#settledAside + 1;
    if (next > this.#lastAside) return;
    const from = numberKey(ITEM_KEYS.adopted, next);
    for await (const { key } of walkRecords(this.#journal, ITEM_KEYS.adopted, { from })) {
      const adopted = Number.parseInt(key.slice(ITEM_KEYS.adopted.length), 16);
      for (; next < adopted; next++) await this.#deleteAll(asidePrefix(next));
      next = adopted + 1;
    }
    for (; next <= this.#lastAside; next++) await this.#deleteAll(asidePrefix(next));
    // Noted in the batch of the last deletion or a later one.
    this.#settledAside = this.#lastAside;
    this.#isChanged = true;
  }

  async #deleteAll(prefix: string): Promise<void> {
    for await (const { key } of walkRecords(this.#journal, prefix)) this.#journal.delete(key);
  }

  #noteEnd(): void {
    this.#isChanged = true;
    const last = this.#ends.at(-1);
    const { batch } = this.#journal;
    if (last?.batch === batch) last.end = this.#end;
    else this.#ends.push({ batch, end: this.#end });
  }

  #noteState(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const state: LogState = {
      end: this.#end,
      startOrdinals: this.#startOrdinals,
      lastAside: this.#lastAside,
      settledAside: this.#settledAside,
    };
    this.#journal.put(ITEM_KEYS.state, JSON.stringify(state));
  }

  #tellDurable(): void {
    const before = this.#durableEnd;
    for (let first = this.#ends[0]; first !== undefined; first = this.#ends[0]) {
      if (first.batch > this.#journal.durableBatch) break;
      this.#durableEnd = first.end;
      this.#ends.shift();
    }
    if (this.#durableEnd > before) for (const listener of this.#listeners) listener();
  }

  #gap(position: number): Error {
    return damaged(this.#folder, `item ${position} is missing from its log`);
  }
}

/** Beginning of the keys of items that were set aside under a number. */
export function asidePrefix(number: number): string {
  return `${numberKey(ITEM_KEYS.aside, number)}/`;
}

/** Items as records of a bounded size; those of one record are of one page. */
function* groupsOf(
  items: readonly CommittedItem[],
): Iterable<{ readonly payload: string; readonly count: number }> {
  let texts: string[] = [];
  let ordinals: number[] = [];
  let bytes = 0;
  const [first] = items;
  if (first === undefined) return;
  const group = () => ({
    payload: `{"f":${JSON.stringify(first.fingerprint)},"o":[${ordinals.join(',')}],"i":[${texts.join(',')}]}`,
    count: texts.length,
  });
  for (const { item, ordinal } of items) {
    const text = JSON.stringify(toPlainRecord(item));
    texts.push(text);
    ordinals.push(ordinal);
    bytes += text.length;
    if (texts.length < MOST_ITEMS_A_RECORD && bytes < MOST_BYTES_A_RECORD) continue;
    yield group();
    texts = [];
    ordinals = [];
    bytes = 0;
  }
  if (texts.length > 0) yield group();
}
