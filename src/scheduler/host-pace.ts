import type { DownloadFacts, HostLimits } from '../contracts/scheduler.ts';
import { type AutoThrottleRules, throttledDelayMs } from './auto-throttle.ts';
import { type BackoffRules, HostBackoff, isRefusal } from './host-backoff.ts';
import { RateBucket } from './rate-bucket.ts';

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
  /** Learn the delay instead, from `delayMs` upwards. @defaultValue not */
  readonly autoThrottle?: AutoThrottleRules | undefined;
  /** Leave hosts alone that refuse or fail. @defaultValue not */
  readonly backoff?: (BackoffRules & { readonly onLoopback: boolean }) | undefined;
}

/** What all hosts share: one object, for there are a million of them. */
export interface PaceRules extends PaceDefaults {
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

const GOOD_ANSWERS_FOR_MORE = 10;
const LONGEST_AUTO_DELAY_MS = 1000;

/** How many downloads a host bears at once and how far apart, learned from its answers. */
export class HostPace {
  readonly #rules: PaceRules;
  readonly #isLoopback: boolean;
  #limits: HostLimits | undefined;
  #concurrency: number;
  #goodAnswers = 0;
  /** Made once a rate holds. */
  #bucket: RateBucket | undefined;
  /** Made at the first failure, gone when good answers have made up for all. */
  #backoff: HostBackoff | undefined;
  /** What the answers taught: the host's latency, or the delay of AutoThrottle. One field: there are a million hosts. */
  #learnedMs = 0;

  constructor(host: string, rules: PaceRules, limits: HostLimits | undefined) {
    this.#rules = rules;
    this.#isLoopback = LOOPBACK.test(host);
    this.#limits = limits;
    this.#concurrency = this.#isAdaptive ? 1 : this.#mostConcurrency;
    const { autoThrottle } = rules;
    if (autoThrottle !== undefined) this.#learnedMs = Math.max(autoThrottle.startDelayMs, this.#leastDelayMs);
  }

  /** What was set for the host; undefined: nothing. */
  get limits(): HostLimits | undefined {
    return this.#limits;
  }

  /** Whether nothing it remembers holds the host back. */
  isRested(nowMs: number): boolean {
    return this.#bucket === undefined || this.#bucket.isFull(nowMs);
  }

  /** Downloads it may have at once now. */
  get concurrency(): number {
    // After failures one has to get through first.
    return this.#backoff === undefined ? Math.min(this.#concurrency, this.#mostConcurrency) : 1;
  }

  /** Milliseconds between two downloads now, before they are varied. */
  get delayMs(): number {
    return Math.max(this.#baseDelayMs, this.#limits?.minDelayMs ?? 0);
  }

  get #mostConcurrency(): number {
    return this.#limits?.concurrency ?? this.#rules.concurrency;
  }

  /** One of the two learns: AutoThrottle needs the places for which it finds the delay. */
  get #isAdaptive(): boolean {
    return this.#rules.adaptive && this.#rules.autoThrottle === undefined;
  }

  get #baseDelayMs(): number {
    if (this.#rules.autoThrottle !== undefined) return this.#learnedMs;
    const delayMs = this.#setDelayMs;
    if (delayMs !== 'auto') return delayMs;
    return this.#isLoopback ? 0 : Math.min(this.#learnedMs, LONGEST_AUTO_DELAY_MS);
  }

  /** AutoThrottle goes no lower. */
  get #leastDelayMs(): number {
    const delayMs = this.#setDelayMs;
    return Math.max(delayMs === 'auto' ? 0 : delayMs, this.#limits?.minDelayMs ?? 0);
  }

  /** What is said for the host stands in the place of what is said for all. */
  get #setDelayMs(): number | 'auto' {
    return this.#limits?.delayMs ?? this.#rules.delayMs;
  }

  /** Refusals and failures that no good answer has made up for. */
  get failures(): number {
    return this.#backoff?.failures ?? 0;
  }

  /** Forgets all failures. */
  forgive(): void {
    this.#backoff = undefined;
  }

  /** Lays limits over those that hold. */
  setLimits(limits: HostLimits): void {
    this.replaceLimits({ ...this.#limits, ...limits });
  }

  replaceLimits(limits: HostLimits | undefined): void {
    this.#limits = limits;
    if (!this.#isAdaptive) this.#concurrency = this.#mostConcurrency;
  }

  /** Milliseconds from now until the next download may start, with jitter. */
  nextDelayMs(): number {
    const { randomizeDelay, random } = this.#rules;
    const { minDelayMs = 0, randomizeDelay: own = randomizeDelay } = this.#limits ?? {};
    const base = this.#baseDelayMs;
    const share = base > 0 ? shareOf(own) : 0;
    // A site that asks for a delay (Crawl-delay) must not get less of it.
    return Math.max(minDelayMs, share > 0 ? base * (1 + share * (2 * random() - 1)) : base);
  }

  /** A download starts: gives the time before which the next may not, as far as the host's rate goes. */
  spendRate(nowMs: number): number {
    const { ratePerMinute, burst = 1 } = this.#limits ?? {};
    if (ratePerMinute === undefined) return nowMs;
    this.#bucket ??= new RateBucket();
    return this.#bucket.spend(nowMs, ratePerMinute, burst);
  }

  /** Nothing came to be downloaded: its part of the rate is for others. */
  refundRate(): void {
    const { ratePerMinute } = this.#limits ?? {};
    if (ratePerMinute !== undefined) this.#bucket?.refund(ratePerMinute);
  }

  /** Whether the delay follows the latency, so that it must be started anew when an answer has come. */
  get delayFollowsLatency(): boolean {
    return this.#rules.autoThrottle === undefined && this.#setDelayMs === 'auto' && !this.#isLoopback;
  }

  /** Takes note of a failure or good answer; gives for how many milliseconds nothing is to be sent. */
  backOff(facts: DownloadFacts, nowMs: number): number {
    const { backoff: rules, random } = this.#rules;
    if (rules === undefined || (this.#isLoopback && !rules.onLoopback)) return 0;
    if (this.#backoff === undefined) {
      if (!isRefusal(facts)) return 0;
      this.#backoff = new HostBackoff();
    }
    const waitMs = this.#backoff.note(facts, nowMs, rules, random);
    if (this.#backoff.failures === 0) this.#backoff = undefined;
    return waitMs;
  }

  /** Learns from a download. */
  learn(facts: DownloadFacts): void {
    if (this.#rules.autoThrottle !== undefined) this.#throttle(facts, this.#rules.autoThrottle);
    else this.#adapt(facts);
  }

  #throttle(facts: DownloadFacts, rules: AutoThrottleRules): void {
    if (facts.keepDelay === true) return;
    const delayMs = throttledDelayMs(this.#learnedMs, facts, rules, this.#leastDelayMs);
    // The first good answers after quick refusals are no reason to go faster than what was refused.
    if (this.#backoff === undefined || delayMs > this.#learnedMs) this.#learnedMs = delayMs;
  }

  #adapt(facts: DownloadFacts): void {
    const { latencyMs, status } = facts;
    const bad = isRefusal(facts);
    // A quick refusal says nothing about how fast the host can work.
    if (!bad || latencyMs > this.#learnedMs) {
      this.#learnedMs = this.#learnedMs === 0 ? latencyMs : this.#learnedMs * 0.7 + latencyMs * 0.3;
    }
    if (!this.#isAdaptive) return;
    if (bad) {
      this.#concurrency = Math.max(1, Math.floor(Math.min(this.#concurrency, this.#mostConcurrency) / 2));
      this.#goodAnswers = 0;
    } else if (status !== undefined && status < 400 && ++this.#goodAnswers >= GOOD_ANSWERS_FOR_MORE) {
      this.#concurrency = Math.min(this.#concurrency + 1, this.#mostConcurrency);
      this.#goodAnswers = 0;
    }
  }
}

function shareOf(randomizeDelay: boolean | number): number {
  if (typeof randomizeDelay === 'number') return randomizeDelay;
  return randomizeDelay ? 0.5 : 0;
}

const LOOPBACK = /^(localhost|[^:]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;
