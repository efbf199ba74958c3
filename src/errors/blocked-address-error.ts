import { CrawlError } from './crawl-error.ts';

/** The address connected to is private, loopback or link-local and settings.blockPrivateAddresses is on. */
export class BlockedAddressError extends CrawlError {
  readonly code = 'ERR_CRAWL_BLOCKED_ADDRESS';
  readonly url: string;

  constructor(url: string, address: string, options?: ErrorOptions) {
    super(`${url}: ${address} is a private address (see settings.blockPrivateAddresses)`, options);
    this.url = url;
  }
}
