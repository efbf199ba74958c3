import type { CommittedItem } from '../contracts/item-pipeline.ts';
import type { Lease } from '../contracts/scheduler.ts';
import type { Candidate } from '../values/candidate.ts';
import { derivedFingerprint, type Fingerprint } from '../values/fingerprint.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Response } from '../values/response.ts';
import { roughBytes } from './rough-bytes.ts';

/** What the items of a page are told by: its fingerprint, and with `dontFilter`, where another callback may have the same page, that callback too. */
export function itemsFingerprint({ candidate: { fingerprint, filtered, callback } }: Lease): string {
  return filtered || callback === undefined ? fingerprint : derivedFingerprint(fingerprint, callback);
}

/** Items in blocks of about so many items, and bytes, at most. */
export function* blocksOf(
  items: readonly CommittedItem[],
  most: number,
  mostBytes: number,
): Iterable<readonly CommittedItem[]> {
  let block: CommittedItem[] = [];
  let bytes = 0;
  for (const committed of items) {
    block.push(committed);
    bytes += roughBytes(committed.item);
    if (block.length < most && bytes < mostBytes) continue;
    yield block;
    block = [];
    bytes = 0;
  }
  if (block.length > 0) yield block;
}

/** What one page has given so far: held until its commit. */
export class PageOutputs {
  readonly fingerprint: string;
  /** The lease of the page; none: these are outputs of `start()`. */
  readonly lease: Lease | undefined;
  /** Items that were handed on before the commit and count with it. */
  early = 0;
  /** Whether items were handed on before the commit. */
  hasHandedOn = false;
  /** Whether requests were. */
  hasHandedOnRequests = false;
  /** The page, once there is one. */
  response: Response | undefined;
  requests: Candidate[] = [];
  /** Items by ordinal; those in pipelines or dropped are missing. */
  #items: (ItemRecord | undefined)[] = [];
  #firstOrdinal = 0;
  #bytes = 0;
  readonly #known: number;
  /** How often each request without a filter was given. */
  #occurrences: Map<Fingerprint, number> | undefined;
  #counts = new Map<string, number>();
  readonly #pending = new Set<Promise<void>>();

  /** @param known - items with smaller ordinals than this are in the job already. */
  constructor(fingerprint: string, lease?: Lease, known: number = 0) {
    this.fingerprint = fingerprint;
    this.lease = lease;
    this.#known = known;
  }

  /** Takes the place of the next item if the job has that item already. */
  passKnown(): boolean {
    if (this.next >= this.#known) return false;
    this.#items.push(undefined);
    return true;
  }

  /** Number of the next item. */
  get next(): number {
    return this.#firstOrdinal + this.#items.length;
  }

  /** The next item gets this number. Items that are held must be ones that the job has already. */
  skipTo(ordinal: number): void {
    if (ordinal <= this.next) return;
    this.#firstOrdinal = ordinal;
    this.#items = [];
  }

  /** How many items are held. */
  get itemCount(): number {
    return this.#items.length;
  }

  /** About how many bytes the held items take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many outputs are held. */
  get size(): number {
    return this.#items.length + this.requests.length;
  }

  /** The place for the next item. */
  nextOrdinal(): number {
    return this.#firstOrdinal + this.#items.push(undefined) - 1;
  }

  /** Keeps an item that came through the pipelines. */
  keep(ordinal: number, item: ItemRecord): void {
    this.#items[ordinal - this.#firstOrdinal] = item;
    this.#bytes += roughBytes(item);
  }

  /** Work on an item that the commit must wait for. */
  track(work: Promise<void>): void {
    this.#pending.add(work);
    void work.then(() => this.#pending.delete(work));
  }

  /** Resolves when no item is in a pipeline any more. */
  async settled(): Promise<void> {
    if (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Takes the items out, in the order they were given. */
  takeItems(): CommittedItem[] {
    const { fingerprint } = this;
    const first = this.#firstOrdinal;
    const items = this.#items.flatMap((item, at) =>
      item === undefined ? [] : [{ item, fingerprint, ordinal: first + at }],
    );
    this.#firstOrdinal += this.#items.length;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }

  /** Counts something that is added to the stats with the commit. */
  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Takes the counts out. */
  takeCounts(): Iterable<[name: string, count: number]> {
    const counts = this.#counts;
    this.#counts = new Map();
    return counts;
  }

  /** Counts how often a request was given before. */
  occurrence(fingerprint: Fingerprint): number {
    this.#occurrences ??= new Map();
    const before = this.#occurrences.get(fingerprint) ?? 0;
    this.#occurrences.set(fingerprint, before + 1);
    return before;
  }

  /** Takes the requests out. */
  takeRequests(): Candidate[] {
    const { requests } = this;
    this.requests = [];
    return requests;
  }

  /** Forgets everything that was given. */
  discard(): void {
    this.takeItems();
    this.takeRequests();
  }
}
