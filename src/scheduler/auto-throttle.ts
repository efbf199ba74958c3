import type { DownloadFacts } from '../contracts/scheduler.ts';

/** How `settings.autoThrottle` goes about it. */
export interface AutoThrottleRules {
  /** Milliseconds between the first two downloads of a host. */
  readonly startDelayMs: number;
  /** Most milliseconds between two downloads. */
  readonly maxDelayMs: number;
  /** How many downloads of a host are to run at once on the average; 0.5: one, and as long a rest. */
  readonly targetConcurrency: number;
}

/**
 * The delay after an answer, by Scrapy's rule: an answer that took `latency` asks for `latency / targetConcurrency`.
 * A longer delay is taken at once, a shorter one half way; error pages and redirects come too quickly to say that
 * the host bears more, so they never shorten it.
 */
export function throttledDelayMs(
  delayMs: number,
  { latencyMs, status }: Pick<DownloadFacts, 'latencyMs' | 'status'>,
  { maxDelayMs, targetConcurrency }: AutoThrottleRules,
  minDelayMs: number,
): number {
  const targetMs = latencyMs / targetConcurrency;
  const wantedMs = Math.max(targetMs, (delayMs + targetMs) / 2);
  const newDelayMs = Math.min(Math.max(wantedMs, minDelayMs), maxDelayMs);
  return status !== 200 && newDelayMs < delayMs ? delayMs : newDelayMs;
}
