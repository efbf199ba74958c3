import type { Request } from './request.ts';
import type { Response } from './response.ts';

/** What an errback receives: why the request came to nothing. Scrapy's Failure. */
export interface Failure {
  /** The fault; for framework faults `error.code` names the kind. */
  readonly error: Error & { readonly code?: string };
  /** The request that failed, as it was last tried. */
  readonly request: Request;
  /** The answer, where there was one (`HttpError`). */
  readonly response?: Response;
  /** Failed tries before the last one; 0: it was tried once. */
  readonly retries: number;
}
