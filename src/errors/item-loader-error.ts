import { CrawlError } from './crawl-error.ts';

/** A processor of an item loader failed, the loader has nothing to query, or the item has no such field; the thrown value is the cause. */
export class ItemLoaderError extends CrawlError {
  readonly code = 'ERR_CRAWL_LOADER';
  /** The field that was loaded, when there is one. */
  readonly field: string | undefined;

  constructor(field: string | undefined, problem: string, options?: ErrorOptions) {
    super(field === undefined ? problem : `field ${JSON.stringify(field)}: ${problem}`, options);
    this.field = field;
  }
}
