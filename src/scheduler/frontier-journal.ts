import type { Clock } from '../contracts/clock.ts';
import type { Journal } from '../contracts/journal.ts';
import { fingerprintWords } from '../values/fingerprint.ts';
import { numberKey } from '../values/number-key.ts';
import { FRONTIER_KEYS, queueKey, readSequence } from './frontier-keys.ts';
import { LateRecord } from './late-record.ts';
import type { QueuedRequest } from './queued-request.ts';
import type { FrontierNotes } from './request-queue.ts';
import { type StoredLease, storedLeases } from './stored-leases.ts';
import { storedRequest } from './stored-request.ts';

/** A retry on disk. */
export interface StoredDelay {
  /** Wall clock. */
  readonly dueAtMs: number;
  readonly retryInMs: number;
  readonly host: string;
  readonly request: string;
}

/** A dead request on disk. */
export interface StoredDead {
  readonly host: string;
  readonly request: string;
}

/** A block of a host on disk. */
export interface StoredBlock {
  /** Wall clock. */
  readonly untilMs: number;
  readonly forMs: number;
}

/** What the records of a frontier come to. */
export interface RecordCounts {
  readonly chunks: number;
  readonly queued: number;
  readonly delayed: number;
  readonly sum: number;
}

/** Shorter blocks are over before anybody could start again. */
const SHORTEST_KEPT_BLOCK_MS = 1000;
const WORDS = 4;

/** Notes every change of a frontier in the journal of its job. */
export class FrontierJournal implements FrontierNotes {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #leftDisk: (host: string, sequence: number) => void;
  readonly #words = new Uint32Array(WORDS);
  /** Fingerprints of the batch that is being gathered. */
  #fingerprints: Uint32Array = new Uint32Array(WORDS * 64);
  #count = 0;
  /** By their sequences. */
  readonly #leases = new Map<number, StoredLease>();
  #haveLeasesChanged = false;
  #chunks = 0;
  #queued = 0;
  #delayed = 0;
  #sum = 0;

  /** @param leftDisk - told of each request that is no longer in a queue on disk. */
  constructor(journal: Journal, clock: Clock, leftDisk: (host: string, sequence: number) => void) {
    this.#journal = journal;
    this.#clock = clock;
    this.#leftDisk = leftDisk;
  }

  /** Records of fingerprints so far. */
  get chunks(): number {
    return this.#chunks;
  }

  /** Records in queues, those of leases included. */
  get queuedRecords(): number {
    return this.#queued;
  }

  /** Records of retries. */
  get delayedRecords(): number {
    return this.#delayed;
  }

  /** See `FrontierState.sum`. */
  get sum(): number {
    return this.#sum;
  }

  /** Takes up the counts of a job that was opened. */
  restore(counts: RecordCounts): void {
    this.#chunks = counts.chunks;
    this.#queued = counts.queued;
    this.#delayed = counts.delayed;
    this.#sum = counts.sum;
  }

  /** Notes the fingerprints since the last call as one record. */
  noteFingerprints(): void {
    if (this.#count === 0) return;
    const bytes = Buffer.from(this.#fingerprints.slice(0, this.#count * WORDS).buffer);
    this.#journal.add(numberKey(FRONTIER_KEYS.fingerprints, this.#chunks), bytes);
    this.#chunks += 1;
    this.#count = 0;
  }

  /** Notes the leases as they are now, where one has changed since the last call. */
  noteLeases(): void {
    if (!this.#haveLeasesChanged) return;
    this.#haveLeasesChanged = false;
    this.#journal.put(FRONTIER_KEYS.leases, storedLeases(this.#leases.values()));
  }

  known(fingerprint: string): void {
    fingerprintWords(fingerprint, this.#words);
    if ((this.#count + 1) * WORDS > this.#fingerprints.length) {
      const larger = new Uint32Array(this.#fingerprints.length * 2);
      larger.set(this.#fingerprints);
      this.#fingerprints = larger;
    }
    this.#fingerprints.set(this.#words, this.#count * WORDS);
    this.#count += 1;
  }

  queued(entry: QueuedRequest, from: 'new' | 'delayed' | 'dead'): void {
    if (from === 'delayed') this.#deleteDelay(entry.id);
    else if (from === 'dead') this.#deleteDead(entry.id);
    entry.key = undefined;
    const record = new LateRecord(entry);
    entry.record = record;
    this.#journal.add(storedKey(entry), () => record.take());
    this.#queued += 1;
    this.#add(entry.sequence);
  }

  lent(entry: QueuedRequest): void {
    entry.record?.fix();
    this.#setLease(entry);
  }

  /** The answer of a lease is going to be worked on. */
  arrived(entry: QueuedRequest, isSlow: boolean): void {
    this.#setLease(entry, isSlow ? 'slow' : 'begun');
  }

  returned({ sequence }: QueuedRequest): void {
    this.#endLease(sequence);
  }

  done(entry: QueuedRequest): void {
    this.#end(entry, storedKey(entry));
  }

  delayed(entry: QueuedRequest): void {
    this.#end(entry, storedKey(entry));
    const retryInMs = Math.max(0, entry.dueMs - this.#clock.monotonicMs());
    const delay: StoredDelay = {
      dueAtMs: this.#clock.now() + retryInMs,
      retryInMs,
      host: entry.host,
      request: storedRequest(entry),
    };
    this.#journal.add(numberKey(FRONTIER_KEYS.delayed, entry.id), JSON.stringify(delay));
    this.#delayed += 1;
    this.#add(entry.id);
  }

  dead(entry: QueuedRequest): void {
    this.#end(entry, storedKey(entry));
    const dead: StoredDead = { host: entry.host, request: storedRequest(entry) };
    this.#journal.add(numberKey(FRONTIER_KEYS.dead, entry.id), JSON.stringify(dead));
    this.#add(entry.id);
  }

  /** A request whose page had handed outputs on was given back: its next attempt must know that there was one. */
  handedOn(entry: QueuedRequest): void {
    entry.hasHandedOn = undefined;
    // No more than that: each attempt beyond stands for a process that ended with it.
    entry.attempt = Math.max(2, entry.attempt);
    this.#journal.put(storedKey(entry), storedRequest(entry));
  }

  /** A request that was lent when the process ended is tried again. */
  takenBack(entry: QueuedRequest): void {
    this.#endLease(entry.sequence);
    this.#journal.put(storedKey(entry), storedRequest(entry));
  }

  dropped(entry: QueuedRequest): void {
    if (entry.state === 'delayed') this.#deleteDelay(entry.id);
    else if (entry.state === 'dead') this.#deleteDead(entry.id);
  }

  /** A queued request was dropped from the disk. */
  droppedQueued(key: string): void {
    this.#journal.delete(key);
    this.#queued -= 1;
    this.#add(-readSequence(key));
  }

  blocked(host: string, forMs: number): void {
    if (forMs < SHORTEST_KEPT_BLOCK_MS) return;
    const block: StoredBlock = { untilMs: this.#clock.now() + forMs, forMs };
    this.#journal.put(FRONTIER_KEYS.blocked + host, JSON.stringify(block));
  }

  unblocked(host: string): void {
    this.#journal.delete(FRONTIER_KEYS.blocked + host);
  }

  #setLease({ sequence, attempt }: QueuedRequest, work?: StoredLease['work']): void {
    this.#leases.set(sequence, { sequence, attempt, work });
    this.#haveLeasesChanged = true;
    this.#journal.changed();
  }

  #endLease(sequence: number): void {
    this.#leases.delete(sequence);
    this.#haveLeasesChanged = true;
    this.#journal.changed();
  }

  #end({ sequence, host }: QueuedRequest, key: string): void {
    this.#journal.delete(key);
    this.#endLease(sequence);
    this.#queued -= 1;
    this.#add(-sequence);
    this.#leftDisk(host, sequence);
  }

  #deleteDelay(id: number): void {
    this.#journal.delete(numberKey(FRONTIER_KEYS.delayed, id));
    this.#delayed -= 1;
    this.#add(-id);
  }

  #deleteDead(id: number): void {
    this.#journal.delete(numberKey(FRONTIER_KEYS.dead, id));
    this.#add(-id);
  }

  #add(number: number): void {
    this.#sum = (this.#sum + number) >>> 0;
  }
}

/** Where a queued or leased request stands on disk: it keeps the place until its lease ends. */
export function storedKey(entry: QueuedRequest): string {
  entry.key ??= queueKey(entry.host, entry.priority, entry.sequence);
  return entry.key;
}
