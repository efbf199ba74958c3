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

/** Asks for the same request again, later: it keeps its identity and its place in the duplicate filter. */
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
