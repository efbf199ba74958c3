import { CrawlError } from './crawl-error.ts';

/** A setting or a spider argument is unknown or has a wrong value; the message names it, its source and what was expected. */
export class SettingsError extends CrawlError {
  readonly code = 'ERR_CRAWL_SETTINGS';
  constructor(problem: string, options?: ErrorOptions) {
    super(problem, options);
  }
}
