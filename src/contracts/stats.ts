/** A number, text or date under a key. */
export type StatsValue = number | string | Date;

/** Counters and facts of one crawl, keys `area/what` such as `downloader/status/200`. Does no I/O. */
export interface Stats {
  get(key: string): StatsValue | undefined;
  set(key: string, value: StatsValue): void;
  /** Adds to a counter that starts at 0. @defaultValue by `1` */
  inc(key: string, by?: number): void;
  max(key: string, value: number): void;
  min(key: string, value: number): void;
  /** A copy of everything, keys sorted. */
  snapshot(): Readonly<Record<string, StatsValue>>;
}
