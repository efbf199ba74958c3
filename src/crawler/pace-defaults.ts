import type { PaceDefaults } from '../scheduler/host-pace.ts';
import type { Settings } from '../settings/settings.ts';

/** How the settings want hosts to be paced. */
export function paceDefaults(settings: Settings): PaceDefaults {
  return {
    concurrency: settings.concurrentRequestsPerHost,
    delayMs: settings.downloadDelayMs,
    randomizeDelay: settings.randomizeDownloadDelay,
    adaptive: settings.adaptivePace,
    autoThrottle: settings.autoThrottle
      ? {
          startDelayMs: settings.autoThrottleStartDelayMs,
          maxDelayMs: settings.autoThrottleMaxDelayMs,
          targetConcurrency: settings.autoThrottleTargetConcurrency,
        }
      : undefined,
  };
}
