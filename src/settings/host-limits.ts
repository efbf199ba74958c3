/** Limits of one throttling group. */
export interface HostLimits {
  /** Most downloads at once. The adaptive number stays at or below it. */
  readonly concurrency?: number;
  /** Least milliseconds between two starts of a download; the adaptive delay stays at or above it. */
  readonly delayMs?: number;
  /** Vary delays: by ± 50 % (true), by another share (0.2: ± 20 %), or not (false); `delayMs` is varied upwards only. @defaultValue `settings.randomizeDownloadDelay`, and `delayMs` not at all */
  readonly randomizeDelay?: boolean | number;
  /** Most downloads a minute on the average, beside the delay. @defaultValue no limit */
  readonly ratePerMinute?: number;
  /** Downloads that may start without `ratePerMinute` holding them back, once the host has been left alone for long enough. @defaultValue `1` */
  readonly burst?: number;
}
