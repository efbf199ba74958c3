import type { Journal } from '../contracts/journal.ts';
import { numberKey } from '../values/number-key.ts';
import { walkRecords } from '../values/walk-records.ts';
import { asidePrefix, type Group, ITEM_KEYS, type LogState, START } from './job-item-log.ts';

/** What became of the item log of a damaged job. */
export interface RepairedItems {
  readonly items: number;
  /** Items that are gone; undefined: nobody knows how many there were. */
  readonly lost: number | undefined;
  /** Where the item is now that stood at a position, or the next one that is left. */
  readonly positionOf: (before: number) => number;
}

type InlineGroup = Extract<Group, { readonly i: unknown }>;
/** Items that follow each other before and after. */
interface Stretch {
  readonly before: number;
  readonly now: number;
  readonly count: number;
}

const RECORDS_A_BATCH = 200;

/**
 * Closes the gaps of an item log whose damaged records are gone already.
 *
 * @param onFingerprint - told which pages have items in the log.
 */
export async function repairItems(
  journal: Journal,
  onFingerprint: (fingerprint: string) => void,
): Promise<RepairedItems> {
  return new Repair(journal, onFingerprint).run();
}

class Repair {
  readonly #journal: Journal;
  readonly #onFingerprint: (fingerprint: string) => void;
  readonly #stretches: Stretch[] = [];
  /** Items that were set aside and belong to the log, but no record of the log says where. */
  #orphans = new Map<number, number>();
  #end = 0;
  #startOrdinals = 0;
  #lastAside = 0;
  #changes = 0;

  constructor(journal: Journal, onFingerprint: (fingerprint: string) => void) {
    this.#journal = journal;
    this.#onFingerprint = onFingerprint;
  }

  async run(): Promise<RepairedItems> {
    const text = await this.#journal.get(ITEM_KEYS.state);
    const state = text === undefined ? undefined : (JSON.parse(text.toString()) as LogState);
    this.#orphans = await this.#findOrphans();
    let before = 0;
    for await (const { key, payload } of walkRecords(this.#journal, ITEM_KEYS.item)) {
      const position = Number.parseInt(key.slice(ITEM_KEYS.item.length), 16);
      const group = readGroup(payload);
      if (group !== undefined && position > before) await this.#fillGap(before, position - before);
      if (group === undefined) this.#journal.delete(key);
      else if ('aside' in group) await this.#moveReference(key, position, group);
      else this.#moveGroup(key, position, group, payload);
      if (group !== undefined)
        before = Math.max(before, position + ('aside' in group ? group.count : group.i.length));
      await this.#mayFlush();
    }
    const gap = (state?.end ?? 0) - before;
    if (gap > 0) await this.#fillGap(before, gap);
    // What fits nowhere comes last: it may be in the outputs already, but is not lost.
    for (const number of [...this.#orphans.keys()])
      await this.#refer(Number.POSITIVE_INFINITY, number, undefined);
    const now: LogState = {
      end: this.#end,
      startOrdinals: state?.startOrdinals ?? this.#startOrdinals,
      lastAside: Math.max(state?.lastAside ?? 0, this.#lastAside),
    };
    this.#journal.put(ITEM_KEYS.state, JSON.stringify(now));
    await this.#journal.flushed();
    return {
      items: this.#end,
      lost: state === undefined ? undefined : Math.max(0, state.end - this.#end),
      positionOf: (position) => this.#positionOf(position),
    };
  }

  /** Adopted items that no record of the log refers to, and how many they are. */
  async #findOrphans(): Promise<Map<number, number>> {
    const orphans = new Map<number, number>();
    for await (const { key } of walkRecords(this.#journal, ITEM_KEYS.adopted))
      orphans.set(Number.parseInt(key.slice(ITEM_KEYS.adopted.length), 16), 0);
    for await (const { key, payload } of walkRecords(this.#journal, ITEM_KEYS.aside)) {
      const number = Number.parseInt(key.slice(ITEM_KEYS.aside.length, key.indexOf('/')), 16);
      this.#lastAside = Math.max(this.#lastAside, number);
      const group = readGroup(payload);
      const count = orphans.get(number);
      if (count !== undefined && group !== undefined && 'i' in group)
        orphans.set(number, count + group.i.length);
    }
    for await (const { payload } of walkRecords(this.#journal, ITEM_KEYS.item)) {
      const group = readGroup(payload);
      if (group !== undefined && 'aside' in group) orphans.delete(group.aside);
    }
    return orphans;
  }

  /** A gap that a large page fits into exactly is where that page was. */
  async #fillGap(before: number, size: number): Promise<void> {
    for (const [number, count] of this.#orphans) {
      if (count !== size) continue;
      await this.#refer(before, number, undefined);
      return;
    }
  }

  #moveGroup(key: string, position: number, group: InlineGroup, payload: Buffer): void {
    this.#look(group);
    const place = numberKey(ITEM_KEYS.item, this.#end);
    if (place !== key) {
      this.#journal.delete(key);
      this.#journal.put(place, payload);
    }
    this.#keep(position, group.i.length);
  }

  async #moveReference(
    key: string,
    position: number,
    { aside }: { readonly aside: number; readonly count: number },
  ): Promise<void> {
    this.#journal.delete(key);
    await this.#refer(position, aside, key);
  }

  /** Notes where items are that were set aside, after closing their own gaps. */
  async #refer(position: number, number: number, key: string | undefined): Promise<void> {
    this.#orphans.delete(number);
    const prefix = asidePrefix(number);
    const first = this.#end;
    let count = 0;
    for await (const record of walkRecords(this.#journal, prefix)) {
      const group = readGroup(record.payload);
      const at = Number.parseInt(record.key.slice(prefix.length), 16);
      const place = numberKey(prefix, count);
      if (group === undefined || !('i' in group) || place !== record.key) this.#journal.delete(record.key);
      if (group === undefined || !('i' in group)) continue;
      this.#look(group);
      if (place !== record.key) this.#journal.put(place, record.payload);
      count += group.i.length;
      this.#keep(position + at, group.i.length);
    }
    if (count === 0) return;
    const group: Group = { aside: number, count };
    this.#journal.put(numberKey(ITEM_KEYS.adopted, number), '');
    this.#journal.put(numberKey(ITEM_KEYS.item, first), JSON.stringify(group));
    if (key === undefined) await this.#mayFlush();
  }

  #look({ f, o }: InlineGroup): void {
    if (f !== START) this.#onFingerprint(f);
    else for (const ordinal of o) this.#startOrdinals = Math.max(this.#startOrdinals, ordinal + 1);
  }

  #keep(before: number, count: number): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.before + last.count === before)
      this.#stretches[this.#stretches.length - 1] = { ...last, count: last.count + count };
    else if (Number.isFinite(before)) this.#stretches.push({ before, now: this.#end, count });
    this.#end += count;
  }

  #positionOf(before: number): number {
    let now = 0;
    for (const stretch of this.#stretches) {
      if (stretch.before >= before) break;
      now = stretch.now + Math.min(stretch.count, before - stretch.before);
    }
    return now;
  }

  async #mayFlush(): Promise<void> {
    this.#changes += 1;
    if (this.#changes % RECORDS_A_BATCH === 0) await this.#journal.flushed();
  }
}

function readGroup(payload: Buffer): Group | undefined {
  try {
    const group = JSON.parse(payload.toString()) as Partial<InlineGroup> & { readonly aside?: unknown };
    if (typeof group.aside === 'number') return group as Group;
    return Array.isArray(group.i) && typeof group.f === 'string' ? (group as Group) : undefined;
  } catch {
    return undefined;
  }
}
