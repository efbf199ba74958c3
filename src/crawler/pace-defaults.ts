import type { PaceDefaults } from '../scheduler/host-pace.ts';
import type { Settings } from '../settings/settings.ts';

const FIRST_BACKOFF_MS = 1000;

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
    backoff: backoffRules(settings),
  };
}

function backoffRules({ hostBackoffMs, maxHostBackoffMs }: Settings): PaceDefaults['backoff'] {
  if (hostBackoffMs === 0) return undefined;
  return {
    firstMs: hostBackoffMs === 'auto' ? FIRST_BACKOFF_MS : hostBackoffMs,
    mostMs: maxHostBackoffMs,
    onLoopback: hostBackoffMs !== 'auto',
  };
}
