import { CrawlError } from './crawl-error.ts';

/** A body ended before its declared end, or did not unpack to its end. */
export class DataLossError extends CrawlError {
  readonly code = 'ERR_CRAWL_DATA_LOSS';
  readonly url: string;

  constructor(url: string, detail: string, options?: ErrorOptions) {
    super(`${url}: the body is not whole (${detail}; see settings.failOnDataLoss)`, options);
    this.url = url;
  }
}
