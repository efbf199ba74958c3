import { CrawlError } from './crawl-error.ts';

/** The host name has no address, or its name server did not answer. */
export class DnsError extends CrawlError {
  readonly code = 'ERR_CRAWL_DNS';
  readonly url: string;

  constructor(url: string, detail: string, options?: ErrorOptions) {
    super(`${url}: cannot resolve the host name (${detail})`, options);
    this.url = url;
  }
}
