import { CrawlError } from './crawl-error.ts';

/** The certificate or the handshake was refused. */
export class TlsError extends CrawlError {
  readonly code = 'ERR_CRAWL_TLS';
  readonly url: string;

  constructor(url: string, detail: string, options?: ErrorOptions) {
    super(`${url}: TLS failed (${detail}; see settings.verifyTls)`, options);
    this.url = url;
  }
}
