import { CrawlError } from './crawl-error.ts';

/** Nothing listens at the address, or it is unreachable. */
export class ConnectionRefusedError extends CrawlError {
  readonly code = 'ERR_CRAWL_CONNECTION_REFUSED';
  readonly url: string;

  constructor(url: string, detail: string, options?: ErrorOptions) {
    super(`${url}: cannot connect (${detail})`, options);
    this.url = url;
  }
}
