import type { Journal } from '../contracts/journal.ts';
import { fingerprintWords } from '../values/fingerprint.ts';
import { numberKey } from '../values/number-key.ts';
import { walkRecords } from '../values/walk-records.ts';
import type { StoredDead, StoredDelay } from './frontier-journal.ts';
import { FRONTIER_KEYS, readQueueKey, readSequence } from './frontier-keys.ts';
import type { FrontierState } from './frontier-state.ts';
import type { QueuedRequest } from './queued-request.ts';
import { SEEN_SHARDS, SeenSet } from './seen-set.ts';
import { readLeases, storedLeases } from './stored-leases.ts';
import { restoredRequest } from './stored-request.ts';

/** What the repair of a frontier goes by. */
export interface FrontierRepair {
  /** Pages that have items in the job. */
  readonly pagesWithItems: SeenSet;
  /** Old records may have come back: requests whose items the job has are done. */
  readonly mayBeOld: boolean;
  /** Pages delivered, where the frontier's own counter is lost. */
  readonly delivered: number;
}

/** How many of what are gone; undefined: nobody knows how many there were. */
export interface LostOfFrontier {
  readonly queued: number | undefined;
  readonly delayed: number | undefined;
  readonly dead: number | undefined;
  readonly fingerprints: number | undefined;
}

/** What became of the frontier of a damaged job. */
export interface RepairedFrontier {
  readonly queued: number;
  readonly delayed: number;
  readonly dead: number;
  readonly known: number;
  readonly lost: LostOfFrontier;
  /** Leases whose requests are gone. */
  readonly droppedLeases: number;
  /** Old requests that had come back and were taken out again. */
  readonly droppedOld: number;
}

const WORDS = 4;
const CHANGES_A_BATCH = 500;
const FINGERPRINTS_A_RECORD = 4096;

/** Counts a frontier anew whose damaged records are gone already, and notes what is left of it. */
export async function repairFrontier(journal: Journal, options: FrontierRepair): Promise<RepairedFrontier> {
  return new Repair(journal, options).run();
}

class Repair {
  readonly #journal: Journal;
  readonly #options: FrontierRepair;
  readonly #seen = new SeenSet();
  readonly #words = new Uint32Array(WORDS);
  /** Fingerprints that no record holds. */
  #unrecorded: number[] = [];
  #chunks = 0;
  #lastId = 0;
  #lastSequence = 0;
  /** See `FrontierState.sum`. */
  #sum = 0;
  #droppedOld = 0;
  #changes = 0;
  /** Sequences of leases whose requests are there. */
  readonly #leased = new Set<number>();
  /** Where each queued request stands, where old ones may have come back. */
  readonly #places = new Map<number, { readonly key: string; readonly sequence: number }>();

  constructor(journal: Journal, options: FrontierRepair) {
    this.#journal = journal;
    this.#options = options;
  }

  async run(): Promise<RepairedFrontier> {
    const text = await this.#journal.get(FRONTIER_KEYS.state);
    const state = text === undefined ? undefined : (JSON.parse(text.toString()) as FrontierState);
    await this.#takeFingerprints();
    const leases = await readLeases(this.#journal);
    const queued = await this.#takeQueued(leases);
    const keptLeases = [...leases.values()].filter(({ sequence }) => this.#leased.has(sequence));
    const droppedLeases = leases.size - keptLeases.length;
    if (droppedLeases > 0) this.#journal.put(FRONTIER_KEYS.leases, storedLeases(keptLeases));
    const delayed = await this.#takeRest('delayed');
    const dead = await this.#takeRest('dead');
    this.#takePages();
    this.#recordRest();
    const known = this.#seen.size;
    const now: FrontierState = {
      delivered: state?.delivered ?? this.#options.delivered,
      dead,
      lastId: Math.max(state?.lastId ?? 0, this.#lastId),
      lastSequence: Math.max(state?.lastSequence ?? 0, this.#lastSequence),
      queued,
      delayed,
      known,
      chunks: this.#chunks,
      sum: this.#sum >>> 0,
      isClosed: false,
    };
    this.#journal.put(FRONTIER_KEYS.state, JSON.stringify(now));
    this.#journal.delete(FRONTIER_KEYS.image);
    await this.#journal.flushed();
    const gone = (before: number | undefined, left: number): number | undefined =>
      before === undefined ? undefined : Math.max(0, before - left);
    return {
      queued,
      delayed,
      dead,
      known,
      lost: {
        queued: gone(state?.queued, queued),
        delayed: gone(state?.delayed, delayed),
        dead: gone(state?.dead, dead),
        fingerprints: gone(state?.known, known),
      },
      droppedLeases,
      droppedOld: this.#droppedOld,
    };
  }

  async #takeFingerprints(): Promise<void> {
    const bytes = new Uint8Array(this.#words.buffer);
    for await (const { key, payload } of walkRecords(this.#journal, FRONTIER_KEYS.fingerprints)) {
      for (let at = 0; at + bytes.length <= payload.length; at += bytes.length) {
        bytes.set(payload.subarray(at, at + bytes.length));
        this.#seen.addWords(this.#words);
      }
      const place = numberKey(FRONTIER_KEYS.fingerprints, this.#chunks);
      this.#chunks += 1;
      if (place === key) continue;
      this.#journal.delete(key);
      this.#journal.put(place, payload);
      await this.#mayFlush();
    }
  }

  async #takeQueued(leases: ReadonlyMap<number, unknown>): Promise<number> {
    let queued = 0;
    for await (const { key, payload } of walkRecords(this.#journal, FRONTIER_KEYS.queued)) {
      const entry = readQueued(key, payload);
      if (entry === undefined || this.#isOld(entry)) this.#journal.delete(key);
      else if (this.#takesPlace(entry, key, leases.has(entry.sequence))) {
        queued += 1;
        this.#sum += entry.sequence;
      }
      if (entry !== undefined) this.#take(entry);
      await this.#mayFlush();
    }
    await this.#journal.flushed();
    return queued;
  }

  /** Of two records of one request the newer one counts; whether there is one more now. */
  #takesPlace({ id, sequence }: QueuedRequest, key: string, isLeased: boolean): boolean {
    const other = this.#options.mayBeOld ? this.#places.get(id) : undefined;
    const isNewer = other === undefined || other.sequence < sequence;
    if (isNewer && isLeased) this.#leased.add(sequence);
    if (isNewer && this.#options.mayBeOld) this.#places.set(id, { key, sequence });
    if (other === undefined) return true;
    this.#droppedOld += 1;
    this.#journal.delete(isNewer ? other.key : key);
    if (isNewer) {
      this.#leased.delete(other.sequence);
      this.#sum += sequence - other.sequence;
    }
    return false;
  }

  async #takeRest(state: 'delayed' | 'dead'): Promise<number> {
    let count = 0;
    for await (const { key, payload } of walkRecords(this.#journal, FRONTIER_KEYS[state])) {
      const { host, request } = JSON.parse(payload.toString()) as StoredDead | StoredDelay;
      const entry = restoredRequest(request, host, state);
      this.#take(entry);
      if (this.#places.has(entry.id) || (state === 'delayed' && this.#isOld(entry))) {
        if (this.#places.has(entry.id)) this.#droppedOld += 1;
        this.#journal.delete(key);
      } else {
        count += 1;
        this.#sum += entry.id;
        if (this.#options.mayBeOld) this.#places.set(entry.id, { key, sequence: 0 });
      }
      await this.#mayFlush();
    }
    return count;
  }

  /** Whether a request is done, because its items are there: it has come back out of an old record. */
  #isOld({ filtered, fingerprint, request }: QueuedRequest): boolean {
    if (!this.#options.mayBeOld || !filtered || request.meta.startGeneration !== undefined) return false;
    if (!this.#options.pagesWithItems.has(fingerprint)) return false;
    this.#droppedOld += 1;
    return true;
  }

  #take({ id, sequence, fingerprint }: QueuedRequest): void {
    this.#lastId = Math.max(this.#lastId, id);
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
    fingerprintWords(fingerprint, this.#words);
    this.#know();
  }

  #takePages(): void {
    for (let shard = 0; shard < SEEN_SHARDS; shard++) {
      const table = this.#options.pagesWithItems.table(shard);
      if (table === undefined) continue;
      for (let at = 0; at < table.length; at += WORDS) {
        this.#words.set(table.subarray(at, at + WORDS));
        if (this.#words.some((word) => word !== 0)) this.#know();
      }
    }
  }

  #know(): void {
    if (this.#seen.addWords(this.#words)) this.#unrecorded.push(...this.#words);
    if (this.#unrecorded.length >= FINGERPRINTS_A_RECORD * WORDS) this.#recordRest();
  }

  #recordRest(): void {
    if (this.#unrecorded.length === 0) return;
    const bytes = Buffer.from(Uint32Array.from(this.#unrecorded).buffer);
    this.#journal.put(numberKey(FRONTIER_KEYS.fingerprints, this.#chunks), bytes);
    this.#chunks += 1;
    this.#unrecorded = [];
  }

  async #mayFlush(): Promise<void> {
    this.#changes += 1;
    if (this.#changes % CHANGES_A_BATCH === 0) await this.#journal.flushed();
  }
}

function readQueued(key: string, payload: Buffer): QueuedRequest | undefined {
  try {
    const entry = restoredRequest(payload.toString(), readQueueKey(key).host);
    entry.sequence = readSequence(key);
    return entry;
  } catch {
    return undefined;
  }
}
