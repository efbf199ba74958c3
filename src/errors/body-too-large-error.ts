import { CrawlError } from './crawl-error.ts';

/** A response body, as sent or unpacked, passed the limit; the download was cut off there. */
export class BodyTooLargeError extends CrawlError {
  readonly code = 'ERR_CRAWL_BODY_TOO_LARGE';
  readonly url: string;
  /** The limit in bytes. */
  readonly limitBytes: number;

  constructor(url: string, limitBytes: number, options?: ErrorOptions) {
    super(
      `${url} sent a body of more than ${limitBytes} bytes (see settings.maxBodyBytes, meta.maxBodyBytes)`,
      options,
    );
    this.url = url;
    this.limitBytes = limitBytes;
  }
}
