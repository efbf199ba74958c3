import { CrawlError } from './crawl-error.ts';

/** No complete response within a time limit. */
export class DownloadTimeoutError extends CrawlError {
  readonly code = 'ERR_CRAWL_DOWNLOAD_TIMEOUT';
  readonly url: string;
  /** Which limit ran out: the whole response, silence between bytes, or the connection. */
  readonly phase: 'response' | 'silence' | 'connect';
  readonly limitMs: number;

  constructor(
    url: string,
    phase: 'response' | 'silence' | 'connect',
    limitMs: number,
    options?: ErrorOptions,
  ) {
    const setting = {
      response: 'downloadTimeoutMs',
      silence: 'silenceTimeoutMs',
      connect: 'connectTimeoutMs',
    }[phase];
    super(
      `${url} sent no complete response: ${phase} limit of ${limitMs} ms (see settings.${setting})`,
      options,
    );
    this.url = url;
    this.phase = phase;
    this.limitMs = limitMs;
  }
}
