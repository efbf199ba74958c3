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

/** Whether a thrown value asks for the end of the crawl, whichever copy of the package made it. */
export function isCloseCrawl(error: unknown): error is CloseCrawlError {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_CRAWL_CLOSE';
}
