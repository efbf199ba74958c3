import { CrawlError } from './crawl-error.ts';

/** An item was given a field that its declaration lacks, or the `serialize` of a field failed; the thrown value is the cause. */
export class ItemFieldError extends CrawlError {
  readonly code = 'ERR_CRAWL_ITEM';
  /** The field. */
  readonly field: string;

  constructor(field: string, problem: string, options?: ErrorOptions) {
    super(`field ${JSON.stringify(field)} ${problem}`, options);
    this.field = field;
  }
}
