import type { Logger } from '../../contracts/logger.ts';
import type { Stats } from '../../contracts/stats.ts';
import type { PaceChange } from '../../scheduler/memory-scheduler.ts';
import type { Settings } from '../../settings/settings.ts';
import type { HostRests } from './host-rests.ts';

/** Counts how often hosts are left alone, tells of long rests, and logs what `settings.autoThrottleDebug` asks for. */
export function watchPace(
  { autoThrottle, autoThrottleDebug }: Pick<Settings, 'autoThrottle' | 'autoThrottleDebug'>,
  stats: Stats,
  logger: Logger,
  rests: HostRests,
): (change: PaceChange) => void {
  const log = logger.child('throttle');
  const isVerbose = autoThrottle && autoThrottleDebug;
  return (change) => {
    if (isVerbose) logDelay(log, change);
    const { host, facts, backOffMs } = change;
    if (backOffMs <= 0) return;
    stats.inc('throttle/backoff_count');
    rests.begin(host, backOffMs, failureOf(facts));
    if (!log.isEnabled('debug')) return;
    log.debug(`${host} refuses or fails: it is left alone for ${Math.round(backOffMs)} ms`, statusOf(facts));
  };
}

function failureOf({ status, timedOut }: PaceChange['facts']): string {
  if (status !== undefined) return `it answered ${status}`;
  return timedOut ? 'it did not answer in time' : 'nothing answers there';
}

function logDelay(log: Logger, { host, facts, delayMs, delayBeforeMs, inFlight }: PaceChange): void {
  log.info(`${host} waits ${Math.round(delayMs)} ms`, {
    changeMs: Math.round(delayMs - delayBeforeMs),
    latencyMs: Math.round(facts.latencyMs),
    ...statusOf(facts),
    inFlight,
  });
}

function statusOf({ status }: PaceChange['facts']): { readonly status?: number } {
  return status === undefined ? {} : { status };
}
