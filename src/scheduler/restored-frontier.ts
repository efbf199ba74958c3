import { join } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import type { Journal } from '../contracts/journal.ts';
import { JobError } from '../errors/job-error.ts';
import { NUMBER_DIGITS, numberKey } from '../values/number-key.ts';
import { walkPages, walkRecords } from '../values/walk-records.ts';
import type { RecordCounts, StoredBlock, StoredDelay } from './frontier-journal.ts';
import { FRONTIER_KEYS, readQueueKey, readSequence } from './frontier-keys.ts';
import { type FrontierState, type ImageState, NEW_FRONTIER, SEEN_IMAGE } from './frontier-state.ts';
import type { FrontierCounts } from './memory-scheduler.ts';
import type { QueuedRequest } from './queued-request.ts';
import { readSeenImage } from './seen-image.ts';
import { SeenSet } from './seen-set.ts';
import { readLeases, type StoredLease } from './stored-leases.ts';
import { restoredRequest } from './stored-request.ts';

/** What a job's files say of its frontier. */
export interface RestoredFrontier {
  readonly seen: SeenSet;
  readonly knownInImage: number;
  readonly counts: FrontierCounts;
  readonly records: RecordCounts;
  /** How many requests of which priority a host has on disk, those of `lent` and `givenUp` left out. */
  readonly queues: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly delayed: readonly QueuedRequest[];
  readonly blocks: readonly { readonly host: string; readonly forMs: number }[];
  /** Requests that were lent when the process ended, with the attempt that comes now. */
  readonly lent: readonly QueuedRequest[];
  /** Those to which that happened too often. */
  readonly givenUp: readonly QueuedRequest[];
  readonly isClosed: boolean;
}

/** A request whose answer was worked on at the end of two processes, after a first one that ended with it, is given up: that was its third attempt. */
const MOST_ATTEMPTS = 3;
/** So is one that was worked on at the end of so many, for however long. */
const MOST_LOSSES = 10;
/** Nothing else runs yet: long reads cost least. */
const RECORDS_A_READ = 4000;
const WORDS = 4;

/**
 * Reads the frontier of a job and checks it against its counters. It notes nothing: what becomes of the leases that
 * ended with the process must be in one batch with the counters.
 *
 * @throws JobError when something is missing or not what was written.
 */
export async function restoredFrontier(
  folder: string,
  journal: Journal,
  clock: Clock,
): Promise<RestoredFrontier> {
  return new Restoring(folder, journal, clock).run();
}

class Restoring {
  readonly #folder: string;
  readonly #journal: Journal;
  readonly #clock: Clock;
  #sum = 0;

  constructor(folder: string, journal: Journal, clock: Clock) {
    this.#folder = folder;
    this.#journal = journal;
    this.#clock = clock;
  }

  async run(): Promise<RestoredFrontier> {
    const text = await this.#journal.get(FRONTIER_KEYS.state);
    const state = text === undefined ? NEW_FRONTIER : (JSON.parse(text.toString()) as FrontierState);
    const leases = await readLeases(this.#journal);
    // At once: the one works while the other waits for the disk.
    const [{ seen, knownInImage }, { queues, queued, lent }] = await bothDone(
      this.#seen(state),
      this.#queues(leases),
    );
    if (queued !== state.queued) throw this.#missing('queued requests', queued, state.queued);
    const delayed = await this.#delayed();
    if (delayed.length !== state.delayed)
      throw this.#missing('delayed requests', delayed.length, state.delayed);
    const dead = await this.#countDead();
    if (dead !== state.dead) throw this.#missing('dead requests', dead, state.dead);
    if (this.#sum !== state.sum) throw this.#missing('(sum of all requests)', this.#sum, state.sum);
    const { delivered, lastId, lastSequence, chunks, sum, isClosed } = state;
    return {
      seen,
      knownInImage,
      counts: { delivered, dead, lastId, lastSequence },
      records: { chunks, queued, delayed: state.delayed, sum },
      queues,
      delayed,
      blocks: await this.#blocks(),
      lent: lent.filter((entry) => !isLostTooOften(entry)),
      givenUp: lent.filter(isLostTooOften),
      isClosed,
    };
  }

  /** The duplicate filter: its image, and what came after; without an image, or with a bad one, all records. */
  async #seen(state: FrontierState): Promise<{ readonly seen: SeenSet; readonly knownInImage: number }> {
    const stored = await this.#journal.get(FRONTIER_KEYS.image);
    const image = stored === undefined ? undefined : (JSON.parse(stored.toString()) as ImageState);
    const held = image === undefined ? undefined : await readSeenImage(join(this.#folder, SEEN_IMAGE));
    if (held !== undefined && image !== undefined) {
      const knownInImage = held.size;
      await this.#addFingerprints(held, image.chunks, state.chunks);
      if (held.size === state.known) return { seen: held, knownInImage };
    }
    const seen = new SeenSet();
    await this.#addFingerprints(seen, 0, state.chunks);
    if (seen.size !== state.known) throw this.#missing('fingerprints', seen.size, state.known);
    return { seen, knownInImage: 0 };
  }

  async #addFingerprints(seen: SeenSet, from: number, to: number): Promise<void> {
    const { fingerprints: prefix } = FRONTIER_KEYS;
    const words = new Uint32Array(WORDS);
    const bytes = new Uint8Array(words.buffer);
    let chunk = from;
    for await (const { key, payload } of walkRecords(this.#journal, prefix, {
      from: numberKey(prefix, from),
      limit: RECORDS_A_READ,
    })) {
      if (chunk === to || key !== numberKey(prefix, chunk)) break;
      for (let at = 0; at < payload.length; at += bytes.length) {
        bytes.set(payload.subarray(at, at + bytes.length));
        seen.addWords(words);
      }
      chunk += 1;
    }
    if (chunk < to) throw this.#missing('records of fingerprints', chunk, to);
  }

  async #queues(leases: ReadonlyMap<number, StoredLease>): Promise<{
    readonly queues: Map<string, Map<number, number>>;
    readonly queued: number;
    readonly lent: readonly QueuedRequest[];
  }> {
    const queues = new Map<string, Map<number, number>>();
    const lent: QueuedRequest[] = [];
    let queued = 0;
    let lastLevel = '';
    let level: { readonly host: string; readonly priority: number } = { host: '', priority: 0 };
    let counts = new Map<number, number>();
    for await (const records of walkPages(this.#journal, FRONTIER_KEYS.queued, { limit: RECORDS_A_READ })) {
      queued += records.length;
      for (const { key, payload } of records) {
        const sequence = readSequence(key);
        this.#sum = (this.#sum + sequence) >>> 0;
        if (
          lastLevel === '' ||
          key.length !== lastLevel.length + NUMBER_DIGITS ||
          !key.startsWith(lastLevel)
        ) {
          lastLevel = key.slice(0, -NUMBER_DIGITS);
          level = readQueueKey(key);
          counts = queues.get(level.host) ?? new Map<number, number>();
          queues.set(level.host, counts);
        }
        const lease = leases.size === 0 ? undefined : leases.get(sequence);
        if (lease === undefined) {
          counts.set(level.priority, (counts.get(level.priority) ?? 0) + 1);
          continue;
        }
        const entry = restoredRequest(payload.toString(), level.host);
        entry.key = key;
        entry.sequence = sequence;
        // The first time nobody knows which of the pages it was; later only a page that was just being worked on is suspected.
        const isSuspect = lease.attempt === 1 || lease.work === 'begun';
        if (isSuspect || lease.work === 'slow') entry.losses = (entry.losses ?? 0) + 1;
        entry.attempt = isSuspect ? lease.attempt + 1 : lease.attempt;
        lent.push(entry);
      }
    }
    if (lent.length !== leases.size) throw this.#missing('requests that were lent', lent.length, leases.size);
    return { queues, queued, lent };
  }

  async #delayed(): Promise<QueuedRequest[]> {
    const delayed: QueuedRequest[] = [];
    for await (const records of walkPages(this.#journal, FRONTIER_KEYS.delayed)) {
      for (const { payload } of records) {
        const { host, request, dueAtMs, retryInMs } = JSON.parse(payload.toString()) as StoredDelay;
        const entry = restoredRequest(request, host, 'delayed');
        // Those that are late keep their order.
        entry.dueMs = this.#clock.monotonicMs() + Math.min(dueAtMs - this.#clock.now(), retryInMs);
        delayed.push(entry);
        this.#sum = (this.#sum + entry.id) >>> 0;
      }
    }
    return delayed;
  }

  async #countDead(): Promise<number> {
    let dead = 0;
    for await (const records of walkPages(this.#journal, FRONTIER_KEYS.dead)) {
      dead += records.length;
      for (const { key } of records) this.#sum = (this.#sum + readSequence(key)) >>> 0;
    }
    return dead;
  }

  async #blocks(): Promise<{ readonly host: string; readonly forMs: number }[]> {
    const blocks: { readonly host: string; readonly forMs: number }[] = [];
    for await (const records of walkPages(this.#journal, FRONTIER_KEYS.blocked)) {
      for (const { key, payload } of records) {
        const { untilMs, forMs } = JSON.parse(payload.toString()) as StoredBlock;
        const leftMs = Math.min(untilMs - this.#clock.now(), forMs);
        if (leftMs > 0) blocks.push({ host: key.slice(FRONTIER_KEYS.blocked.length), forMs: leftMs });
        else this.#journal.delete(key);
      }
    }
    return blocks;
  }

  #missing(what: string, found: number, expected: number): JobError {
    return new JobError(
      this.#folder,
      'damaged',
      `${found} ${what} where ${expected} were written; \`crawl job repair\` saves what can be saved and says what is lost`,
    );
  }
}

/** Both, once neither is under way any more. @throws what the first throws, else what the second does. */
async function bothDone<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<readonly [First, Second]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

/** Time that is left, as it was when it was written at most: the wall clock may have been set. */
function isLostTooOften({ attempt, losses = 0 }: QueuedRequest): boolean {
  return attempt > MOST_ATTEMPTS || losses > MOST_LOSSES;
}
