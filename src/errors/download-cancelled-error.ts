import { CrawlError, errorMessage } from './crawl-error.ts';

/** The download was given up by the crawler itself: the crawl stops, or a component said so. */
export class DownloadCancelledError extends CrawlError {
  readonly code = 'ERR_CRAWL_DOWNLOAD_CANCELLED';
  readonly url: string;
  /** Why, without the address. */
  readonly reason: string;

  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url}: download cancelled (${reason})`, options);
    this.url = url;
    this.reason = reason;
  }

  /** The error for a download that ends with what it was made for: a signal's reason, told of its own address. */
  static of(url: string, cause: unknown): DownloadCancelledError {
    if (!(cause instanceof DownloadCancelledError)) {
      return new DownloadCancelledError(url, errorMessage(cause), { cause });
    }
    return cause.url === url ? cause : new DownloadCancelledError(url, cause.reason, { cause });
  }
}
