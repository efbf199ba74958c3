import type { Drop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { Outcome } from './outcome.ts';
import type { Unit } from './unit.ts';

/** A step between the engine and the spider. Every hook is optional. */
export interface SpiderMiddleware {
  readonly name: string;
  /** Before the callback. Drop: the request ends here, its errback is told. Throwing: the errback receives the error (as HttpError). */
  processInput?(response: Response, unit: Unit): Outcome<Drop>;
  /** For each request or item that a callback gives. Nothing: as it is. A value or list: that instead. Drop: not this one. */
  processOutput?(
    output: Request | ItemRecord,
    unit: Unit,
  ): Outcome<Request | ItemRecord | Drop | readonly (Request | ItemRecord)[]>;
  /** When a callback threw. Nothing: the error goes on. A list: taken as the callback's further output, the error counts as handled. */
  processException?(error: unknown, unit: Unit): Outcome<readonly (Request | ItemRecord)[]>;
  /** For each request or item that `start()` gives; answers as `processOutput`. */
  processStart?(
    output: Request | ItemRecord,
  ): Outcome<Request | ItemRecord | Drop | readonly (Request | ItemRecord)[]>;
  open?(): Outcome<never>;
  close?(reason: string): Outcome<never>;
}
