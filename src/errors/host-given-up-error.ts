import { CrawlError } from './crawl-error.ts';

/** So many downloads from the host failed in a row that it is not asked for a while; it is not tried again. */
export class HostGivenUpError extends CrawlError {
  readonly code = 'ERR_CRAWL_HOST_GIVEN_UP';
  readonly url: string;

  constructor(url: string, failures: number, options?: ErrorOptions) {
    super(
      `${url}: the host failed ${failures} times in a row and is left alone for now ` +
        '(settings maxHostFailures, hostRestMs)',
      options,
    );
    this.url = url;
  }
}
