/** What the wait before a retry goes by. */
export interface RetryWaitRules {
  /** Failed tries before this one. */
  readonly retries: number;
  /** Wait before the first retry, in milliseconds; doubled for each further one, ± 50 %. */
  readonly backoffMs: number;
  /** Longest back-off, in milliseconds. */
  readonly maxBackoffMs: number;
  /** Least milliseconds that were asked for. */
  readonly afterMs: number;
}

/** Beyond these every back-off is longer than any limit, and Infinity is near. */
const MOST_DOUBLINGS = 50;

/** Milliseconds to wait before a retry: the back-off up to its limit, but never less than was asked for. */
export function retryWaitMs(
  { retries, backoffMs, maxBackoffMs, afterMs }: RetryWaitRules,
  random: () => number,
): number {
  const doubledMs = backoffMs * 2 ** Math.min(retries, MOST_DOUBLINGS) * (0.5 + random());
  return Math.max(afterMs, Math.min(doubledMs, maxBackoffMs));
}
