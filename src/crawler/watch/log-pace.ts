import type { Logger } from '../../contracts/logger.ts';
import type { PaceChange } from '../../scheduler/memory-scheduler.ts';

/** Logs what each answer made of the pace of its host (`settings.autoThrottleDebug`). */
export function logPace(logger: Logger): (change: PaceChange) => void {
  const log = logger.child('auto-throttle');
  return ({ host, facts: { latencyMs, status }, delayMs, delayBeforeMs, inFlight }) => {
    log.info(`${host} waits ${Math.round(delayMs)} ms`, {
      changeMs: Math.round(delayMs - delayBeforeMs),
      latencyMs: Math.round(latencyMs),
      ...(status !== undefined && { status }),
      inFlight,
    });
  };
}
