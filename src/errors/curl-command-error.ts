import { CrawlError } from './crawl-error.ts';

/** A curl command cannot be made into a request: it is cut, names no URL, reads files, or has unknown options. */
export class CurlCommandError extends CrawlError {
  readonly code = 'ERR_CRAWL_CURL';
  /** The options that are not known; empty when something else is wrong. */
  readonly unknownOptions: readonly string[];

  constructor(problem: string, unknownOptions: readonly string[] = [], options?: ErrorOptions) {
    super(`curl command: ${problem}`, options);
    this.unknownOptions = unknownOptions;
  }
}
