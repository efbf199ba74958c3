import { type DownloaderMiddleware, type Factory, named } from '../../src/api.ts';

/** Options of {@link timeout}. */
export interface TimeoutOptions {
  /** Limit for one whole response, in milliseconds. @defaultValue `settings.downloadTimeoutMs` */
  readonly ms?: number;
}

/** Limits an attempt in time and size: `meta.downloadTimeoutMs` and `meta.maxBodyBytes`, else the settings. */
export function timeout({ ms }: TimeoutOptions = {}): Factory<DownloaderMiddleware> {
  return named('timeout', () => ({
    name: 'timeout',
    processRequest({ meta }, unit) {
      unit.timeoutMs = limit(meta.downloadTimeoutMs) ?? ms ?? unit.timeoutMs;
      unit.maxBodyBytes = limit(meta.maxBodyBytes) ?? unit.maxBodyBytes;
    },
  }));
}

function limit(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
