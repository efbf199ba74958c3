import { CrawlError } from './crawl-error.ts';

/** A request, a rule or a link extractor was given an option that it does not have; the message says what may have been meant. */
export class UnknownOptionError extends CrawlError {
  readonly code = 'ERR_CRAWL_OPTION';
  /** The name as it was given. */
  readonly option: string;

  constructor(of: string, option: string, hint: string) {
    super(`${of} has no option ${JSON.stringify(option)}: ${hint}`);
    this.option = option;
  }
}
