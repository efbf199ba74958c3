import { CrawlError } from './crawl-error.ts';

/** A request cannot be made from these arguments. */
export class InvalidRequestError extends CrawlError {
  readonly code = 'ERR_CRAWL_REQUEST';
  constructor(problem: string, options?: ErrorOptions) {
    super(problem, options);
  }
}
