import type { DownloadFacts, HostLimits } from '../contracts/scheduler.ts';

/** How hosts are paced where nothing else is said. */
export interface PaceDefaults {
  /** Most downloads at once for a host. */
  readonly concurrency: number;
  /** Milliseconds between two downloads; `auto`: the host's latency, at most 1 s, none on loopback. */
  readonly delayMs: number | 'auto';
  /** Vary delays by ± 50 %. */
  readonly randomizeDelay: boolean;
  /** Start with one download at a time and learn how many the host bears. */
  readonly adaptive: boolean;
}

const GOOD_ANSWERS_FOR_MORE = 10;
const LONGEST_AUTO_DELAY_MS = 1000;
const SLOW_DOWN: ReadonlySet<number | undefined> = new Set([429, 503]);

/** How many downloads a host bears at once and how far apart, learned from its answers. */
export class HostPace {
  readonly #defaults: PaceDefaults;
  readonly #random: () => number;
  readonly #isLoopback: boolean;
  #limits: HostLimits | undefined;
  #concurrency: number;
  #goodAnswers = 0;
  #latencyMs = 0;

  constructor(host: string, defaults: PaceDefaults, random: () => number, limits: HostLimits | undefined) {
    this.#defaults = defaults;
    this.#random = random;
    this.#isLoopback = LOOPBACK.test(host);
    this.#limits = limits;
    this.#concurrency = defaults.adaptive ? 1 : defaults.concurrency;
  }

  /** Whether somebody set limits for this very host. */
  get hasOwnLimits(): boolean {
    return this.#limits !== undefined;
  }

  /** Downloads it may have at once now. */
  get concurrency(): number {
    return Math.min(this.#concurrency, this.#mostConcurrency);
  }

  get #mostConcurrency(): number {
    return this.#limits?.concurrency ?? this.#defaults.concurrency;
  }

  setLimits(limits: HostLimits): void {
    this.#limits = { ...this.#limits, ...limits };
    if (!this.#defaults.adaptive) this.#concurrency = this.#mostConcurrency;
  }

  /** Milliseconds from now until the next download may start, with jitter. */
  nextDelayMs(): number {
    const { delayMs, randomizeDelay } = this.#defaults;
    const auto = this.#isLoopback ? 0 : Math.min(this.#latencyMs, LONGEST_AUTO_DELAY_MS);
    const base = delayMs === 'auto' ? auto : delayMs;
    const least = this.#limits?.delayMs ?? 0;
    if (base === 0) return least;
    return Math.max(least, randomizeDelay ? base * (0.5 + this.#random()) : base);
  }

  /** Whether the delay follows the answers, so that it must be started anew when one has come. */
  get delayFollowsLatency(): boolean {
    return this.#defaults.delayMs === 'auto' && !this.#isLoopback;
  }

  /** Learns from a download. */
  learn({ latencyMs, status, timedOut = false }: DownloadFacts): void {
    const bad = timedOut || SLOW_DOWN.has(status);
    // A quick refusal says nothing about how fast the host can work.
    if (!bad || latencyMs > this.#latencyMs) {
      this.#latencyMs = this.#latencyMs === 0 ? latencyMs : this.#latencyMs * 0.7 + latencyMs * 0.3;
    }
    if (!this.#defaults.adaptive) return;
    if (bad) {
      this.#concurrency = Math.max(1, Math.floor(this.concurrency / 2));
      this.#goodAnswers = 0;
    } else if (status !== undefined && status < 400 && ++this.#goodAnswers >= GOOD_ANSWERS_FOR_MORE) {
      this.#concurrency = Math.min(this.#concurrency + 1, this.#mostConcurrency);
      this.#goodAnswers = 0;
    }
  }
}

const LOOPBACK = /^(localhost|[^:]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;
