import { CrawlError } from './crawl-error.ts';

/** What an errback receives for a request that a rule dropped (offsite, robots.txt, …). Scrapy's IgnoreRequest. */
export class DroppedError extends CrawlError {
  readonly code = 'ERR_CRAWL_DROPPED';
  readonly url: string;
  /** Why, in stable words: `offsite`, `robots`, `depth`, … */
  readonly reason: string;

  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url} was dropped: ${reason}`, options);
    this.url = url;
    this.reason = reason;
  }
}
