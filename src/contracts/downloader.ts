import type { Settings } from '../settings/settings.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { Outcome } from './outcome.ts';
import type { Unit } from './unit.ts';

/** Fetches requests of some URL schemes. */
export interface DownloadHandler {
  /** URL schemes without the colon. */
  readonly schemes: readonly string[];
  /**
   * The whole answer, whatever its status. Honours `unit.headers`, `proxy`, `timeoutMs`, `maxBodyBytes` and
   * `signal`; rejects with one of the framework's download errors.
   */
  download(request: Request, unit: Unit): Promise<Response>;
  close?(): Outcome<never>;
}

/** A handler of the one scheme that `settings.downloadHandlers` lists it under. */
export type SchemeHandler = Omit<DownloadHandler, 'schemes'>;

/** What handlers of `settings.downloadHandlers` are made with. */
export interface DownloadHandlerContext {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the handler of a scheme, when its first request comes. */
export type DownloadHandlerFactory = (
  context: DownloadHandlerContext,
) => SchemeHandler | Promise<SchemeHandler>;

/** Picks the handler for a request. Does not queue, wait or retry. */
export interface Downloader {
  download(request: Request, unit: Unit): Promise<Response>;
  /** Hints that nothing more is queued for a host, so that its connections may go. */
  hostIdle?(host: string): void;
  close(): Promise<void>;
}
