/** Limits of one throttling group. */
export interface HostLimits {
  /** Most downloads at once. The adaptive number stays at or below it. */
  readonly concurrency?: number;
  /** Milliseconds between two starts of a download, in the place of `settings.downloadDelayMs`; AutoThrottle goes no lower. */
  readonly delayMs?: number;
  /** Least milliseconds between two starts of a download, whatever else the delay is; it does not vary. robots.txt sets it by Crawl-delay. */
  readonly minDelayMs?: number;
  /** Vary delays: by ± 50 % (true), by another share (0.2: ± 20 %), or not (false). @defaultValue `settings.randomizeDownloadDelay` */
  readonly randomizeDelay?: boolean | number;
  /** Most downloads a minute on the average, beside the delay. @defaultValue no limit */
  readonly ratePerMinute?: number;
  /** Downloads that may start without `ratePerMinute` holding them back, once the host has been left alone for long enough. @defaultValue `1` */
  readonly burst?: number;
}
