import { CrawlError } from './crawl-error.ts';

/** No download handler takes this URL's scheme, or it may not come from where it came. */
export class UnsupportedSchemeError extends CrawlError {
  readonly code = 'ERR_CRAWL_UNSUPPORTED_SCHEME';
  readonly url: string;

  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url}: not fetched, ${reason}`, options);
    this.url = url;
  }
}
