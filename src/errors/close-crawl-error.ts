import { CrawlError } from './crawl-error.ts';

/** Thrown by a callback or component to stop the crawl in order. Scrapy's CloseSpider. */
export class CloseCrawlError extends CrawlError {
  readonly code = 'ERR_CRAWL_CLOSE';
  /** The reason the crawl ends with. */
  readonly reason: string;

  constructor(reason = 'cancelled', options?: ErrorOptions) {
    super(`the crawl is to close: ${reason}`, options);
    this.reason = reason;
  }
}
