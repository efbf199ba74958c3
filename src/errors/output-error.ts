import { CrawlError } from './crawl-error.ts';

/** What a feed to standard output is called. */
const STDOUT = 'stdout:';

/** Items could not be written: the crawl stops, what was written ends on a whole record. */
export class OutputError extends CrawlError {
  readonly code = 'ERR_CRAWL_OUTPUT';
  constructor(target: string, problem: string, options?: ErrorOptions) {
    super(`${target === STDOUT ? 'standard output' : target}: ${problem}`, options);
  }
}
