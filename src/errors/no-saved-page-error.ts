import { CrawlError } from './crawl-error.ts';

/** A test asked for a page that it did not bring. */
export class NoSavedPageError extends CrawlError {
  readonly code = 'ERR_CRAWL_NO_SAVED_PAGE';
  readonly url: string;

  constructor(url: string) {
    super(`there is no saved page for ${url}: add it to the pages of testSpider`);
    this.url = url;
  }
}
