import { CrawlError } from './crawl-error.ts';

/** A text helper was used on a binary response. Scrapy's NotSupported. */
export class NotTextError extends CrawlError {
  readonly code = 'ERR_CRAWL_NOT_TEXT';
  readonly url: string;

  constructor(url: string, helper: string, contentType: string | undefined, options?: ErrorOptions) {
    super(
      `${url}: response.${helper} needs text, but this is binary (${contentType ?? 'no content type'}); use response.body`,
      options,
    );
    this.url = url;
  }
}
