import { CrawlError } from './crawl-error.ts';

/** The download was given up by the crawler itself: the crawl stops, or a component said so. */
export class DownloadCancelledError extends CrawlError {
  readonly code = 'ERR_CRAWL_DOWNLOAD_CANCELLED';
  readonly url: string;

  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url}: download cancelled (${reason})`, options);
    this.url = url;
  }
}
