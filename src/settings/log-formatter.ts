import type { Drop } from '../values/drop.ts';
import type { Failure } from '../values/failure.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';

/** A log line in words of your own. */
export interface LogMessage {
  /** @defaultValue that of the built-in line */
  readonly message?: string;
  /** @defaultValue that of the built-in line */
  readonly level?: 'debug' | 'info' | 'warn' | 'error';
  /** Plain data that goes with it; secrets in it are masked. @defaultValue those of the built-in line */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What becomes of a line: other words, no line at all (null), or the built-in one (undefined). */
export type LogAnswer = LogMessage | string | null | undefined;

/**
 * Words the lines about single pages and items. A function is called for each of them, whatever the log level; one
 * that throws is warned of once, and the built-in line is written. Scrapy's LogFormatter.
 */
export interface LogFormatter {
  /** A response goes to its callback. Built in: debug, `crawled 200 GET https://site.test/`. */
  crawled?(page: { readonly request: Request; readonly response: Response }): LogAnswer;
  /** An item came through the pipelines and its page was committed. Built in: debug, `scraped`. */
  scraped?(output: { readonly item: ItemRecord; readonly response?: Response }): LogAnswer;
  /** A pipeline or callback dropped an item (a callback's has no fields). Built in: the level of the drop or of `dropLogLevel`, `item dropped: the reason`. */
  dropped?(output: {
    readonly item: ItemRecord;
    readonly drop: Drop;
    readonly request: Request;
    readonly response?: Response;
  }): LogAnswer;
  /** A pipeline threw on an item. Built in: error, `item lost in a pipeline: …`. */
  itemError?(output: {
    readonly item: ItemRecord;
    readonly error: unknown;
    readonly request: Request;
    readonly response?: Response;
  }): LogAnswer;
  /** A callback, errback or `start()` threw. Built in: error, `spider error: …`. */
  spiderError?(fault: {
    readonly error: unknown;
    readonly request?: Request;
    readonly response?: Response;
  }): LogAnswer;
  /** A download failed for good, after all retries. Built in: error, `download failed: …`. */
  downloadError?(failure: Failure): LogAnswer;
}
