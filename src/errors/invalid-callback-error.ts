import { CrawlError } from './crawl-error.ts';

/** A callback that is not a member of the spider: it could not be stored by name and found again. */
export class InvalidCallbackError extends CrawlError {
  readonly code = 'ERR_CRAWL_CALLBACK';
  constructor(problem: string, options?: ErrorOptions) {
    super(problem, options);
  }
}
