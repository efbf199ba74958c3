import { CrawlError } from './crawl-error.ts';

/** A spider file cannot be found, read, compiled or does not export a spider. */
export class SpiderLoadError extends CrawlError {
  readonly code = 'ERR_CRAWL_SPIDER_LOAD';
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
  }
}
