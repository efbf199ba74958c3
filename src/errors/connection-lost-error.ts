import { CrawlError } from './crawl-error.ts';

/** The connection broke, or what came over it was not HTTP. */
export class ConnectionLostError extends CrawlError {
  readonly code = 'ERR_CRAWL_CONNECTION_LOST';
  readonly url: string;

  constructor(url: string, detail: string, options?: ErrorOptions) {
    super(`${url}: connection lost (${detail})`, options);
    this.url = url;
  }
}
