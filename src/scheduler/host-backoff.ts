import type { DownloadFacts } from '../contracts/scheduler.ts';

/** How long a host that refuses or fails is left alone. */
export interface BackoffRules {
  /** Milliseconds after the first failure; doubled with each that follows. */
  readonly firstMs: number;
  /** Most milliseconds. */
  readonly mostMs: number;
}

const REFUSALS: ReadonlySet<number | undefined> = new Set([429, 503]);

/** Whether a host said that it is asked too much, or was not there at all. */
export function isRefusal({ status, timedOut = false, connectionFailed = false }: DownloadFacts): boolean {
  return timedOut || connectionFailed || REFUSALS.has(status);
}

/** The failures in a row of one host. */
export class HostBackoff {
  #failures = 0;
  #sinceMs = Number.NEGATIVE_INFINITY;

  /** Failures that no good answer has made up for. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Takes note of a download that ended; gives for how many milliseconds nothing is to be sent. Downloads that began
   * before the last failure was known count for nothing: eight that fail together are one failure.
   */
  note(facts: DownloadFacts, nowMs: number, { firstMs, mostMs }: BackoffRules, random: () => number): number {
    if (nowMs - (facts.totalMs ?? facts.latencyMs) < this.#sinceMs) return 0;
    if (!isRefusal(facts)) {
      if (facts.status !== undefined && facts.status < 500) this.#failures = Math.max(0, this.#failures - 1);
      return 0;
    }
    const waitMs = Math.min(firstMs * 2 ** this.#failures, mostMs) * (0.5 + random());
    // More would change nothing, and it takes as many good answers to forget them.
    if (this.#failures === 0 || firstMs * 2 ** this.#failures < mostMs) this.#failures += 1;
    this.#sinceMs = nowMs;
    return Math.min(waitMs, mostMs);
  }
}
