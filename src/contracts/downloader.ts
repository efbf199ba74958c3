import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
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

/** Picks the handler for a request. Does not queue, wait or retry. */
export interface Downloader {
  download(request: Request, unit: Unit): Promise<Response>;
  /** Hints that nothing more is queued for a host, so that its connections may go. */
  hostIdle?(host: string): void;
  close(): Promise<void>;
}
