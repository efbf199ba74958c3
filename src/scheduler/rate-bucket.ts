const MINUTE_MS = 60_000;

/**
 * A token bucket that is told by one time instead of a count and a time: when it would be full again (GCRA). Times are
 * monotonic.
 */
export class RateBucket {
  #fullAtMs = 0;

  /** Whether nothing of it is spent. */
  isFull(nowMs: number): boolean {
    return this.#fullAtMs <= nowMs;
  }

  /** Spends one; gives the time from which on the next may be spent. */
  spend(nowMs: number, ratePerMinute: number, burst: number): number {
    const intervalMs = MINUTE_MS / ratePerMinute;
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + intervalMs;
    return this.#fullAtMs - (burst - 1) * intervalMs;
  }

  /** Puts back one that came to nothing. */
  refund(ratePerMinute: number): void {
    this.#fullAtMs -= MINUTE_MS / ratePerMinute;
  }
}
