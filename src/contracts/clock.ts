/** Time as the crawl sees it. Tests put a manual clock here. */
export interface Clock {
  /** Wall clock, milliseconds since 1970; may jump. For stored due times and log lines. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary start; never jumps. For delays and durations. */
  monotonicMs(): number;
  /** Calls back once after `ms`; gives a function that cancels it. The timer keeps the process alive. */
  setTimeout(callback: () => void, ms: number): () => void;
}
