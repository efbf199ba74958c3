import type { Drop } from '../values/drop.ts';
import { CrawlError, errorMessage } from './crawl-error.ts';

/** What an errback receives for a request that a rule dropped (offsite, robots.txt, …). Scrapy's IgnoreRequest. */
export class DroppedError extends CrawlError {
  readonly code = 'ERR_CRAWL_DROPPED';
  readonly url: string;
  /** Why, in stable words: `offsite`, `robots`, `depth`, … */
  readonly reason: string;
  /** What spoke against it may be over later. */
  readonly isTemporary: boolean;

  constructor(
    url: string,
    { reason, isTemporary = false, cause }: Pick<Drop, 'reason' | 'isTemporary' | 'cause'>,
  ) {
    const because = cause === undefined ? '' : ` (${errorMessage(cause)})`;
    super(`${url} was dropped: ${reason}${because}`, cause === undefined ? undefined : { cause });
    this.url = url;
    this.reason = reason;
    this.isTemporary = isTemporary;
  }
}
