import type { Journal } from '../contracts/journal.ts';
import type { ListedRequest, SchedulerCounts } from '../contracts/scheduler.ts';
import type { Fingerprint } from '../values/fingerprint.ts';
import { numberKey } from '../values/number-key.ts';
import { walkRecords } from '../values/walk-records.ts';
import type { StoredDead, StoredDelay } from './frontier-journal.ts';
import {
  DROPPED_FOR_COMPACTION,
  FRONTIER_KEYS,
  hostPrefix,
  queueKey,
  readQueueKey,
  readSequence,
} from './frontier-keys.ts';
import { type FrontierState, NEW_FRONTIER } from './frontier-state.ts';
import { listedRequest } from './listed-request.ts';
import type { QueuedRequest } from './queued-request.ts';
import { readLeases, storedLeases } from './stored-leases.ts';
import { restoredRequest, storedRequest } from './stored-request.ts';

/** A request of a job that does not run. */
export interface FrontierRequest extends ListedRequest {
  readonly fingerprint: Fingerprint;
  /** When a delayed request may go, wall clock. */
  readonly dueAtMs?: number;
}

/** Which requests are listed. */
export interface FrontierQuestion {
  readonly state: ListedRequest['state'];
  readonly host?: string | undefined;
  /** Only requests with a larger id. @defaultValue `0` */
  readonly after?: number;
  /** Most requests. */
  readonly limit: number;
}

/** Which dead requests are meant; all members must hold. */
export interface DeadFilter {
  readonly host?: string | undefined;
  /** A part of the reason, in any case. */
  readonly reason?: string | undefined;
  /** Status of the last answer. */
  readonly status?: number | undefined;
}

/** How many dead requests share a reason. */
export interface DeadReason {
  readonly reason: string;
  readonly status?: number;
  readonly code?: string;
  readonly count: number;
}

/** What was forgotten of a host. */
export interface DroppedOfHost {
  /** Those included that were worked on when the process ended. */
  readonly queued: number;
  readonly delayed: number;
}

/** Changes that are written in one step. */
const CHANGES_A_BATCH = 500;

/**
 * The frontier of a job that does not run, as its records have it: nothing of it is held in memory, and leases stay
 * as the last process left them. Each change is written together with the counters it changes.
 */
export class FrontierRecords {
  readonly #journal: Journal;
  #state: FrontierState | undefined;

  private constructor(journal: Journal, state: FrontierState | undefined) {
    this.#journal = journal;
    this.#state = state;
  }

  /** Reads the counters. @throws JobError when a record is damaged, as every other member does. */
  static async open(journal: Journal): Promise<FrontierRecords> {
    const state = await journal.get(FRONTIER_KEYS.state);
    return new FrontierRecords(
      journal,
      state === undefined ? undefined : (JSON.parse(state.toString()) as FrontierState),
    );
  }

  /** As the job counts them. */
  async counts(): Promise<SchedulerCounts> {
    const leased = (await readLeases(this.#journal)).size;
    const { queued = 0, delayed = 0, dead = 0, delivered = 0, known = 0 } = this.#state ?? {};
    return { queued: Math.max(0, queued - leased), delayed, leased, dead, delivered, known };
  }

  /** Requests in order of their ids. */
  async list({ state, host, after = 0, limit }: FrontierQuestion): Promise<readonly FrontierRequest[]> {
    if (state === 'queued' || state === 'leased')
      return await this.#listQueued(state === 'leased', host, after, limit);
    const found: FrontierRequest[] = [];
    const prefix = FRONTIER_KEYS[state];
    for await (const { payload } of walkRecords(this.#journal, prefix, {
      from: numberKey(prefix, after + 1),
    })) {
      if (found.length >= limit) break;
      const request = listedAside(state, payload.toString());
      if (host === undefined || request.host === host) found.push(request);
    }
    return found;
  }

  /** How many requests each host has in its queue, leases included. */
  async queuedHosts(): Promise<Map<string, number>> {
    const hosts = new Map<string, number>();
    for await (const { key } of walkRecords(this.#journal, FRONTIER_KEYS.queued)) {
      const { host } = readQueueKey(key);
      hosts.set(host, (hosts.get(host) ?? 0) + 1);
    }
    return hosts;
  }

  /** Why requests were given up, the most frequent reason first. */
  async deadReasons(): Promise<readonly DeadReason[]> {
    const reasons = new Map<string, DeadReason>();
    for await (const { reason: why = 'unknown', facts = {}, request } of this.#dead()) {
      const { status, code } = facts;
      // Reasons name their pages: those of one kind would all be different.
      const reason = why.replaceAll(request.url, 'the page');
      const key = JSON.stringify([reason, status, code]);
      const count = (reasons.get(key)?.count ?? 0) + 1;
      reasons.set(key, {
        reason,
        ...(status !== undefined && { status }),
        ...(code !== undefined && { code }),
        count,
      });
    }
    return [...reasons.values()].sort((a, b) => b.count - a.count);
  }

  /** How many dead requests a filter means. */
  async countDead(filter: DeadFilter): Promise<number> {
    let count = 0;
    for await (const entry of this.#dead()) if (isMeant(entry, filter)) count += 1;
    return count;
  }

  /** Queues dead requests again as if they had never been tried; gives how many. */
  async requeueDead(filter: DeadFilter): Promise<number> {
    let count = 0;
    let inBatch = 0;
    let state = this.#expected();
    for await (const entry of this.#dead()) {
      if (!isMeant(entry, filter)) continue;
      const sequence = state.lastSequence + 1;
      const fresh: QueuedRequest = {
        ...entry,
        state: 'queued',
        sequence,
        attempt: 1,
        retries: 0,
        losses: undefined,
        reason: undefined,
        facts: undefined,
      };
      this.#journal.delete(numberKey(FRONTIER_KEYS.dead, entry.id));
      this.#journal.put(queueKey(entry.host, entry.priority, sequence), storedRequest(fresh));
      state = {
        ...state,
        lastSequence: sequence,
        queued: state.queued + 1,
        dead: state.dead - 1,
        sum: (state.sum - entry.id + sequence) >>> 0,
      };
      this.#note(state);
      count += 1;
      inBatch += 1;
      if (inBatch < CHANGES_A_BATCH) continue;
      inBatch = 0;
      await this.#journal.flushed();
    }
    await this.#journal.flushed();
    return count;
  }

  /** Forgets what is queued or waits for a retry at a host. The duplicate filter goes on knowing it. */
  async dropHost(host: string): Promise<DroppedOfHost> {
    const leases = await readLeases(this.#journal);
    let queued = 0;
    let delayed = 0;
    const done = async (changed: Partial<FrontierState>, key: string): Promise<void> => {
      const before = this.#expected();
      this.#note({ ...before, ...changed, sum: (before.sum - readSequence(key)) >>> 0 });
      if ((queued + delayed) % CHANGES_A_BATCH === 0) await this.#journal.flushed();
    };
    for await (const { key } of walkRecords(this.#journal, hostPrefix(host))) {
      this.#journal.delete(key);
      if (leases.delete(readSequence(key)))
        this.#journal.put(FRONTIER_KEYS.leases, storedLeases(leases.values()));
      queued += 1;
      await done({ queued: this.#expected().queued - 1 }, key);
    }
    for await (const { key, payload } of walkRecords(this.#journal, FRONTIER_KEYS.delayed)) {
      if ((JSON.parse(payload.toString()) as StoredDelay).host !== host) continue;
      this.#journal.delete(key);
      delayed += 1;
      await done({ delayed: this.#expected().delayed - 1 }, key);
    }
    await this.#journal.flushed();
    if (queued >= DROPPED_FOR_COMPACTION) await this.#journal.compact(hostPrefix(host));
    return { queued, delayed };
  }

  /** A queue is in no order of ids: all of it is read, and twice what is wanted is kept at most. */
  async #listQueued(
    isLeased: boolean,
    host: string | undefined,
    after: number,
    limit: number,
  ): Promise<FrontierRequest[]> {
    const leases = await readLeases(this.#journal);
    const found: FrontierRequest[] = [];
    const cut = (): void => {
      found.sort((a, b) => a.id - b.id);
      found.length = Math.min(found.length, limit);
    };
    const prefix = host === undefined ? FRONTIER_KEYS.queued : hostPrefix(host);
    for await (const { key, payload } of walkRecords(this.#journal, prefix)) {
      if (isLeased && leases.size === 0) break;
      if (leases.delete(readSequence(key)) !== isLeased) continue;
      const state = isLeased ? 'leased' : 'queued';
      const entry = restoredRequest(payload.toString(), readQueueKey(key).host, state);
      if (entry.id <= after) continue;
      found.push(listed(entry));
      if (found.length >= limit * 2) cut();
    }
    cut();
    return found;
  }

  async *#dead(): AsyncIterable<QueuedRequest> {
    for await (const { payload } of walkRecords(this.#journal, FRONTIER_KEYS.dead)) {
      const { host, request } = JSON.parse(payload.toString()) as StoredDead;
      yield restoredRequest(request, host, 'dead');
    }
  }

  #note(state: FrontierState): void {
    this.#state = state;
    this.#journal.put(FRONTIER_KEYS.state, JSON.stringify(state));
  }

  #expected(): FrontierState {
    return this.#state ?? NEW_FRONTIER;
  }
}

function isMeant({ host, reason = '', facts }: QueuedRequest, filter: DeadFilter): boolean {
  if (filter.host !== undefined && host !== filter.host) return false;
  if (filter.status !== undefined && facts?.status !== filter.status) return false;
  return filter.reason === undefined || reason.toLowerCase().includes(filter.reason.toLowerCase());
}

function listedAside(state: 'delayed' | 'dead', payload: string): FrontierRequest {
  const { host, request, dueAtMs } = JSON.parse(payload) as StoredDead & Partial<StoredDelay>;
  const found = listed(restoredRequest(request, host, state));
  return dueAtMs === undefined ? found : { ...found, dueAtMs };
}

function listed(entry: QueuedRequest): FrontierRequest {
  return { ...listedRequest(entry), fingerprint: entry.fingerprint };
}
