import { describe, expect, it } from 'vitest';
import { HostRests } from '../../../../src/crawler/watch/host-rests.ts';
import { watchPace } from '../../../../src/crawler/watch/watch-pace.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { MemoryStats } from '../../../../src/stats/memory-stats.ts';
import { ManualClock } from '../../../../src/testing/manual-clock.ts';

const change = {
  host: 'a.test',
  facts: { latencyMs: 250, status: 200 },
  delayMs: 2625,
  delayBeforeMs: 5000,
  backOffMs: 0,
  inFlight: 1,
};

/** Watches the pace by some settings. */
function watching(settings: { readonly autoThrottle: boolean; readonly autoThrottleDebug: boolean }) {
  const logger = new MemoryLogger();
  const stats = new MemoryStats();
  const watch = watchPace(settings, stats, logger, new HostRests(logger, new ManualClock()));
  return { logger, stats, watch };
}

describe('watchPace', () => {
  it('says what an answer made of the delay of its host, where that is asked for', () => {
    const { logger, watch } = watching({ autoThrottle: true, autoThrottleDebug: true });
    watch(change);
    const silent = watching({ autoThrottle: true, autoThrottleDebug: false });
    silent.watch(change);
    expect(silent.logger.records).toEqual([]);
    expect(logger.records).toMatchObject([
      {
        message: 'a.test waits 2625 ms',
        fields: { changeMs: -2375, latencyMs: 250, status: 200, inFlight: 1 },
      },
    ]);
  });

  it('counts back-offs, and tells of long ones', () => {
    const { stats, watch, logger } = watching({ autoThrottle: false, autoThrottleDebug: false });
    watch(change);
    watch({ ...change, facts: { latencyMs: 5, status: 429 }, backOffMs: 1000 });
    expect(stats.snapshot()).toEqual({ 'throttle/backoff_count': 1 });
    watch({ ...change, facts: { latencyMs: 5, status: undefined, timedOut: true }, backOffMs: 64_000 });
    expect(logger.records.filter(({ level }) => level === 'info')).toMatchObject([
      { message: 'a.test is left alone for 64 s: it did not answer in time' },
    ]);
  });
});
