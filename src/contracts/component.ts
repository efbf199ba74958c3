import type { Settings } from '../settings/settings.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { BodySink } from './body-sink.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { HostLimits, HostState } from './scheduler.ts';
import type { Signals } from './signal.ts';
import type { SpiderLike } from './spider.ts';
import type { Stats } from './stats.ts';
import type { Unit } from './unit.ts';

/**
 * The hosts of a crawl (throttling groups) and their pace, for a look and for changes while the crawl runs.
 * Changes throw a ComponentError before it runs: `settings.hostLimits` says what holds from the start.
 */
export interface HostControl {
  /** Name of the throttling group of a request. */
  of(request: Request): string;
  /** How a host stands; undefined: nothing is known of it. */
  get(host: string): HostState | undefined;
  /** How all known hosts stand. A crawl may have a million: take what you need and stop. */
  list(): Iterable<HostState>;
  /** Sends nothing to the host for this long, in milliseconds. A longer block stays. The log gives the reason of a long one. */
  block(host: string, forMs: number, reason?: string): void;
  /** Ends a block and a back-off; the delay of the host still holds. */
  unblock(host: string): void;
  /** Lays limits over those of the host. A pattern (`*.domain`, `*`) means all hosts without limits of their own. */
  setLimits(host: string, limits: HostLimits): void;
}

/** All that a component may use of the crawl it belongs to. Made once a crawler: nothing in it is shared. */
export interface ComponentContext {
  readonly settings: Settings;
  readonly stats: Stats;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly signals: Signals;
  /** Aborted when the crawl ends. */
  readonly signal: AbortSignal;
  /** A number from 0 up to 1; seedable in tests. */
  readonly random: () => number;
  readonly spider: SpiderLike;
  readonly hosts: HostControl;
  /**
   * Downloads at once, outside the queue: the same middlewares, host slots and delays, but no duplicate filter
   * and no page limit. Credentials, cookies and offsite rules hold as for any request.
   */
  fetch(request: Request, unit?: Unit, options?: FetchOptions): Promise<Response>;
  /** Like `fetch` for a component's own errands (robots.txt): only the middlewares inside of it are run. */
  fetchInside(request: Request, options: InsideFetch): Promise<Response>;
  /** Asks the engine to end the crawl in order, with an error as a fault. The first reason stays. */
  stop(reason: string, error?: unknown): void;
  /** Whether the crawl goes on with a job that was run before. */
  readonly isResumed: boolean;
  /** Plain data of this component that is kept with the job, by name. */
  state(name: string): Record<string, unknown>;
  /**
   * For files that a component writes itself: with `durability: 'fsync'` a job awaits `sync` before each batch of its
   * records, also after the component was closed, so that no page is done whose file a power cut takes. What it throws
   * ends the job. Without a job it is never called.
   */
  syncWith(sync: () => Promise<void>): void;
}

/** How `fetch` runs. */
export interface FetchOptions {
  /** Takes the body of the answer while it comes, so that it need not fit into memory. */
  readonly bodySink?: BodySink;
}

/** How `fetchInside` runs. */
export interface InsideFetch {
  /** Name of the downloader middleware that asks: it and those outside of it are left out. */
  readonly inside: string;
  /** Host slot to use, if not that of the request's URL. */
  readonly host?: string;
}

/** Makes a component for one crawl; undefined: not configured, it stays out. Logged with `reason` where given. */
export type Factory<Component> = (
  context: ComponentContext,
) => Component | undefined | Promise<Component | undefined>;
