import type { HostLimits } from '../settings/host-limits.ts';
import type { Candidate } from '../values/candidate.ts';
import type { Request } from '../values/request.ts';
import type { CommittedItem } from './item-pipeline.ts';

export type { HostLimits };

/** A request lent out until its commit. Only the newest attempt of an id counts. */
export interface Lease {
  readonly id: number;
  /** 1; 2 once a process has ended with it; one more each time a process ended while its answer was worked on. */
  readonly attempt: number;
  /** Failed tries before this one. */
  readonly retries: number;
  readonly request: Request;
  readonly candidate: Candidate;
  /** When a shared scheduler takes it back, wall clock; none: it ends with the process. */
  readonly expiresAt?: number;
}

/** A place at a host for a request that is not queued: `fetch`, robots.txt, media. */
export interface HostPass {
  readonly host: string;
}

/** An origin whose requests wait until it has been prepared (robots.txt). */
export interface OriginToPrepare {
  readonly host: string;
  readonly origin: string;
}

/** What a push did. */
export interface PushResult {
  readonly queued: number;
  /** Refused by the duplicate filter. */
  readonly duplicates: readonly Candidate[];
}

/** What is asked of `take`. */
export interface Want {
  /** Most leases to give. */
  readonly leases: number;
  /** Most origins to give for preparation. */
  readonly origins: number;
}

/** How many requests are in which state. */
export interface SchedulerCounts {
  /** Waiting, whether or not their host may be asked now. */
  readonly queued: number;
  /** Waiting for a retry's time. */
  readonly delayed: number;
  readonly leased: number;
  /** Given up for good, kept with their reasons. */
  readonly dead: number;
  /** Responses delivered to callbacks and committed. */
  readonly delivered: number;
  /** Different requests ever recorded by the duplicate filter. */
  readonly known: number;
}

/** What `take` gives. */
export interface Taken {
  readonly leases: readonly Lease[];
  /** Origins to prepare; nothing of theirs is lent until `originReady`. */
  readonly origins: readonly OriginToPrepare[];
  /** Milliseconds until `take` may give more without any other event; undefined: only an event helps. */
  readonly dueInMs: number | undefined;
}

/** What a download did, for the pace of its host. */
export interface DownloadFacts {
  /** Milliseconds until the first byte. */
  readonly latencyMs: number;
  /** Milliseconds until the end of the body, by which it is known when the download began. @defaultValue `latencyMs` */
  readonly totalMs?: number;
  /** Status of the answer; undefined: there was none. */
  readonly status: number | undefined;
  /** The whole-response, silence or connect limit ran out. */
  readonly timedOut?: boolean;
  /** The connection was refused or broke off. */
  readonly connectionFailed?: boolean;
  /** AutoThrottle learns nothing from it (`meta.autothrottleDontAdjustDelay`). */
  readonly keepDelay?: boolean;
}

/** What a unit leaves behind. */
export interface UnitOutputs {
  readonly requests: readonly Candidate[];
  /** Items, where a job keeps them. @defaultValue none */
  readonly items?: readonly CommittedItem[];
  /** Whether a response was given to a callback: it counts as a page. */
  readonly delivered: boolean;
}

/** Items that a unit gave before its commit. */
export interface EarlyItems {
  readonly items: readonly CommittedItem[];
  /** They count once this lease is committed; none: they are of `start()` and count at once. */
  readonly lease?: Lease;
}

/** Whether a commit or failure counted; `stale`: another attempt has the lease, drop the output. */
export type Ack = 'ok' | 'stale';

/** What a commit did. */
export interface CommitResult extends PushResult {
  readonly ack: Ack;
}

/** How a lease ended without outputs. */
export type LeaseFailure =
  | { readonly retryInMs: number; readonly reason: string; readonly priorityAdjust: number }
  | {
      readonly dead: string;
      /** Status of the last answer. */
      readonly status?: number | undefined;
      /** Code or name of the error. */
      readonly code?: string | undefined;
    }
  /** Given back as it was: the crawl stops. Attempts and retries do not count. */
  | { readonly returned: true };

/** Which requests a control call means; all fields must hold. */
export interface RequestFilter {
  readonly state?: 'queued' | 'delayed' | 'leased' | 'dead';
  readonly host?: string;
}

/** A request as `list` shows it. */
export interface ListedRequest {
  readonly id: number;
  readonly state: 'queued' | 'delayed' | 'leased' | 'dead';
  readonly host: string;
  readonly request: Request;
  readonly retries: number;
  /** Why it is delayed or dead. */
  readonly reason?: string;
  /** Status of the last answer of a dead request. */
  readonly status?: number;
  /** Code or name of the error of a dead request. */
  readonly code?: string;
  /** When a dead request failed, wall clock. */
  readonly failedAtMs?: number;
}

/** How one host stands. */
export interface HostState {
  readonly name: string;
  /** Requests in its queue. */
  readonly queued: number;
  /** Downloads under way. */
  readonly inFlight: number;
  /** Downloads that it may have at once now. */
  readonly concurrency: number;
  /** Milliseconds between two downloads now, before they are varied. */
  readonly delayMs: number;
  /** Milliseconds for which nothing is sent to it yet: a block, Retry-After or back-off; 0: none. */
  readonly blockedForMs: number;
  /** Refusals and failures that no good answer has made up for. */
  readonly failures: number;
  /** What was set for it, by settings or while the crawl runs. */
  readonly limits: HostLimits;
}

/** Limits that can change while the crawl runs. */
export interface SchedulerLimits {
  /** Exact number of pages to deliver; undefined: no limit. */
  readonly maxPages?: number | undefined;
  /** Limits of one host, laid over those it has; or of all that a pattern (`*.domain`, `*`) means and that have none of their own. */
  readonly host?: { readonly name: string } & HostLimits;
}

/**
 * The URL frontier: priority queue, duplicate filter, host slots and leases in one, because doing them apart
 * loses URLs. It runs no middleware, knows no spider and sends nothing.
 *
 * Order: inside a host by priority, then sequence (LIFO or FIFO). Across hosts that may be asked now: the host
 * whose head has the highest priority, among equals the one served least recently. A host that is delayed,
 * full, blocked or not yet prepared costs nothing and hinders nobody.
 */
export interface Scheduler {
  /**
   * Queues requests; the duplicate filter refuses known ones. `early`: items that are handed on with them before
   * the commit of their unit.
   */
  push(candidates: readonly Candidate[], early?: EarlyItems): PushResult | Promise<PushResult>;
  /** Lends requests whose host may be asked now. Never more than `maxPages − delivered − leased`. */
  take(want: Want): Taken | Promise<Taken>;
  /** Resolves when an unqueued request may ask its host; such requests go before queued ones. Rejects when `signal` aborts. */
  enter(host: string, signal: AbortSignal): Promise<HostPass>;
  /** A download ended: frees the host's slot and starts its delay; a lease lives on until its commit. No facts: nothing was downloaded (cache, a rule), no delay is due for it. */
  downloaded(place: Lease | HostPass, facts: DownloadFacts | undefined): void;
  /**
   * The answer of a lease that was lent to an earlier process has come and is going to be worked on. Resolves when
   * that is on disk, so that a page that ends the process is found. Where leases end with the process only.
   *
   * @param isSlow - it is worked on for so long that an end of the process need not be its doing.
   */
  arrived?(lease: Lease, isSlow?: boolean): Promise<void>;
  /** An origin has been prepared: its requests may go. It is asked for again after `validMs`. */
  originReady(origin: OriginToPrepare, validMs: number): void;
  /** Acknowledges the lease and queues what it led to, as one step. */
  commit(lease: Lease, outputs: UnitOutputs): CommitResult | Promise<CommitResult>;
  /** Puts the lease off, gives it up or gives it back. */
  fail(lease: Lease, failure: LeaseFailure): Ack | Promise<Ack>;
  /** Calls the listener whenever `take` may give more than last time. */
  onReady(listener: () => void): void;
  /** Nothing is lent until `resume`. */
  pause(): void;
  resume(): void;
  setLimits(limits: SchedulerLimits): void;
  /** Nothing of the host is lent for this long. A longer block stays. */
  block(host: string, forMs: number): void;
  /** Ends a block and a back-off; the delay of the host still holds. */
  unblock(host: string): void;
  /** How a host stands; undefined: nothing is known of it. */
  hostState(host: string): HostState | undefined;
  /** How all known hosts stand, one after the other. */
  hostStates(): Iterable<HostState>;
  /** Whether nothing of the host is queued, waits for a place or is downloaded. Where that is not known: false. */
  isHostIdle(host: string): boolean;
  /** Forgets requests that are not leased; gives how many. */
  drop(where: RequestFilter): number | Promise<number>;
  /** Queues dead or delayed requests again, retries 0; gives how many. */
  requeue(where: RequestFilter): number | Promise<number>;
  /** Requests in order of their ids, after a given one. */
  list(
    where: RequestFilter,
    after: number,
    limit: number,
  ): readonly ListedRequest[] | Promise<readonly ListedRequest[]>;
  counts(): SchedulerCounts;
  /** Resolves when everything acknowledged so far would survive a crash. */
  flushed(): Promise<void>;
  close(): Promise<void>;
}
