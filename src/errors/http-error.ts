import { CrawlError } from './crawl-error.ts';

/** The response's status is not one the spider takes. */
export class HttpError extends CrawlError {
  readonly code = 'ERR_CRAWL_HTTP_STATUS';
  readonly url: string;
  readonly status: number;

  constructor(url: string, status: number, options?: ErrorOptions) {
    super(
      `${url} answered ${status}; to get such pages in the callback list the status in settings.handleStatuses or meta.handleStatuses`,
      options,
    );
    this.url = url;
    this.status = status;
  }
}
