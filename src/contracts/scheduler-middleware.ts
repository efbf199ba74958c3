import type { Drop } from '../values/drop.ts';
import type { Request } from '../values/request.ts';
import type { Outcome } from './outcome.ts';
import type { Unit } from './unit.ts';

/** Where a request comes from: `start()`, a callback or errback, a redirect of the origin itself, `fetch`, or a `spiderIdle` listener. */
export type RequestSource = 'start' | 'callback' | 'redirect' | 'fetch' | 'idle';

/** A step between the engine and the scheduler. Every hook is optional; every drop is counted by its reason. */
export interface SchedulerMiddleware {
  readonly name: string;
  /**
   * Before a request is queued, or downloaded inline. It may set `request.priority` and `request.meta`.
   * `origin` is the unit that gave the request, undefined for start requests. Nothing: go on. Request: that
   * instead. Drop: not queued.
   */
  processEnqueue?(request: Request, origin: Unit | undefined, source: RequestSource): Outcome<Request | Drop>;
  /** When a request leaves the queue, before its download. Drop: it ends here, its errback is told. */
  processDequeue?(request: Request): Outcome<Drop>;
  open?(): Outcome<never>;
  close?(reason: string): Outcome<never>;
}
