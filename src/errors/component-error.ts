import { CrawlError } from './crawl-error.ts';

/** A middleware, pipeline or extension did what its contract forbids, or failed to open. */
export class ComponentError extends CrawlError {
  readonly code = 'ERR_CRAWL_COMPONENT';
  constructor(component: string, problem: string, options?: ErrorOptions) {
    super(`${component}: ${problem}`, options);
  }
}
