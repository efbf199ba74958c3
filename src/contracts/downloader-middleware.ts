import type { Drop } from '../values/drop.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { RetryLater } from '../values/retry-later.ts';
import type { Outcome } from './outcome.ts';
import type { Unit } from './unit.ts';

/** A step between the engine and the downloader. Every hook is optional. */
export interface DownloaderMiddleware {
  /** Shown in the start-up log, in stats keys and in error messages; what users name it by to move or remove it. */
  readonly name: string;
  /** On the way out. Nothing: go on (headers and options of the attempt are set on `unit`). Response: skip the download. Request: schedule that instead. Drop: give the request up. */
  processRequest?(request: Request, unit: Unit): Outcome<Request | Response | Drop>;
  /** On the way back, in reverse order. Nothing: pass it on. Response: use this one. Request: schedule that instead. */
  processResponse?(response: Response, unit: Unit): Outcome<Request | Response | RetryLater | Drop>;
  /** When the download or an inner step failed. Nothing: the error goes on outwards. */
  processException?(error: unknown, unit: Unit): Outcome<Request | Response | RetryLater | Drop>;
  /**
   * Before the first request of an origin is handed out (robots.txt). While it is pending, requests of that
   * origin wait in the queue at no cost; `fetch` requests wait for it too. What it throws drops nothing: it is logged.
   */
  prepareOrigin?(origin: string, host: string): Outcome<never>;
  open?(): Outcome<never>;
  close?(reason: string): Outcome<never>;
}
