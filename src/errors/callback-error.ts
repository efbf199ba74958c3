import { CrawlError } from './crawl-error.ts';

/** A callback threw; the thrown value is the cause. */
export class CallbackError extends CrawlError {
  readonly code = 'ERR_CRAWL_CALLBACK_FAILED';
  readonly url: string;
  /** Name of the method that threw. */
  readonly callback: string;

  constructor(url: string, callback: string, detail: string, options?: ErrorOptions) {
    super(`${callback}() failed on ${url}: ${detail}`, options);
    this.url = url;
    this.callback = callback;
  }
}
