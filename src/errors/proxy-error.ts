import { CrawlError } from './crawl-error.ts';

/** The proxy could not be reached or refused to connect. The proxy is named without its credentials. */
export class ProxyError extends CrawlError {
  readonly code = 'ERR_CRAWL_PROXY';
  readonly url: string;
  readonly proxy: string;

  constructor(url: string, proxy: string, detail: string, options?: ErrorOptions) {
    super(`${url}: the proxy ${proxy} failed (${detail})`, options);
    this.url = url;
    this.proxy = proxy;
  }
}
