import type { Clock } from '../../contracts/clock.ts';
import type { Logger } from '../../contracts/logger.ts';
import { forgetOldest } from '../../values/forget-oldest.ts';

/** A shorter rest is what a crawl is paced by, and nothing to tell of. */
const LEAST_MS = 10_000;
const MOST_HOSTS = 10_000;

/** Says once that a host is left alone for so long that somebody would wonder why nothing comes. */
export class HostRests {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** End of the rest that was told of. */
  readonly #untilMs = new Map<string, number>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** A host rests from now on. What makes a rest that was told of hardly longer is not told. */
  begin(host: string, forMs: number, reason: string): void {
    const untilMs = this.#clock.monotonicMs() + forMs;
    if (forMs < LEAST_MS || untilMs < (this.#untilMs.get(host) ?? 0) + LEAST_MS) return;
    this.#untilMs.delete(host);
    this.#untilMs.set(host, untilMs);
    if (this.#untilMs.size > MOST_HOSTS) forgetOldest(this.#untilMs);
    const seconds = Math.round(forMs / 1000);
    this.#logger.info(`${host} is left alone for ${seconds} s: ${reason}`, { host, seconds });
  }

  /** Somebody ended the rest of a host. */
  end(host: string): void {
    this.#untilMs.delete(host);
  }
}
