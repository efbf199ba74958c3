import { CrawlError } from './crawl-error.ts';

/** A response's header block passed the limit. */
export class HeadersTooLargeError extends CrawlError {
  readonly code = 'ERR_CRAWL_HEADERS_TOO_LARGE';
  readonly url: string;

  constructor(url: string, limitBytes: number, options?: ErrorOptions) {
    super(`${url} sent more than ${limitBytes} bytes of headers (see settings.maxHeaderBytes)`, options);
    this.url = url;
  }
}
