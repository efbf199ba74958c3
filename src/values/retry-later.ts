const RETRY_LATER: unique symbol = Symbol.for('orbweaver.RetryLater') as never;

/** The answer of a component that wants the same request tried again. */
export interface RetryLater {
  readonly [RETRY_LATER]: true;
  readonly reason: string;
  /** Milliseconds from now; the host's own delay comes on top. */
  readonly afterMs: number;
  /** Added to the request's priority. */
  readonly priorityAdjust: number;
}

/** How a retry is to be done. */
export interface RetryLaterOptions {
  /** Milliseconds from now. @defaultValue `0` */
  readonly afterMs?: number;
  /** Added to the request's priority. @defaultValue `0` */
  readonly priorityAdjust?: number;
}

/**
 * Asks for the same request again, later: it keeps its identity and its place in the duplicate filter.
 *
 * A callback or errback may give it too (`yield retryLater('empty page')`, Scrapy's get_retry_request): it ends there,
 * what it gave for this page is thrown away, and the page is tried again after `afterMs`, at least after
 * `settings.retryBackoffMs` and its doublings, up to `settings.maxRetryAfterMs`. Once `meta.maxRetryTimes` or `settings.retryTimes` is used up, the callback goes on.
 * So it does where the page gave so much before (thousands of items or requests) that part of it is handed on: ask first.
 */
export function retryLater(
  reason: string,
  { afterMs = 0, priorityAdjust = 0 }: RetryLaterOptions = {},
): RetryLater {
  return { [RETRY_LATER]: true, reason, afterMs, priorityAdjust };
}

/** Whether a value was made by `retryLater()`. */
export function isRetryLater(value: unknown): value is RetryLater {
  return typeof value === 'object' && value !== null && RETRY_LATER in value;
}
