import type { Response } from '../values/response.ts';
import { CrawlError } from './crawl-error.ts';

/** A handler of `headersReceived` or `bytesReceived` cut the download off. Scrapy's StopDownload. */
export class DownloadStoppedError extends CrawlError {
  readonly code = 'ERR_CRAWL_DOWNLOAD_STOPPED';
  readonly url: string;
  /** What came so far; undefined where the body went elsewhere. */
  readonly response: Response | undefined;

  constructor(url: string, response: Response | undefined, options?: ErrorOptions) {
    super(`${url}: the download was stopped while it came`, options);
    this.url = url;
    this.response = response;
  }
}
