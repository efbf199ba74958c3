import { CrawlError } from './crawl-error.ts';

/** A chain of redirects is longer than the limit. */
export class TooManyRedirectsError extends CrawlError {
  readonly code = 'ERR_CRAWL_TOO_MANY_REDIRECTS';
  readonly url: string;

  constructor(url: string, limit: number, options?: ErrorOptions) {
    super(`${url}: more than ${limit} redirects (see settings.maxRedirects)`, options);
    this.url = url;
  }
}
