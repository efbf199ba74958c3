import { describe, expect, it } from 'vitest';
import { watchPace } from '../../../../src/crawler/watch/watch-pace.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { MemoryStats } from '../../../../src/stats/memory-stats.ts';

const change = {
  host: 'a.test',
  facts: { latencyMs: 250, status: 200 },
  delayMs: 2625,
  delayBeforeMs: 5000,
  backOffMs: 0,
  inFlight: 1,
};

describe('watchPace', () => {
  it('says what an answer made of the delay of its host, where that is asked for', () => {
    const logger = new MemoryLogger();
    watchPace({ autoThrottle: true, autoThrottleDebug: true }, new MemoryStats(), logger)(change);
    watchPace({ autoThrottle: true, autoThrottleDebug: false }, new MemoryStats(), logger)(change);
    expect(logger.records).toMatchObject([
      {
        message: 'a.test waits 2625 ms',
        fields: { changeMs: -2375, latencyMs: 250, status: 200, inFlight: 1 },
      },
    ]);
  });

  it('counts back-offs', () => {
    const stats = new MemoryStats();
    const watch = watchPace({ autoThrottle: false, autoThrottleDebug: false }, stats, new MemoryLogger());
    watch(change);
    watch({ ...change, facts: { latencyMs: 5, status: 429 }, backOffMs: 1000 });
    expect(stats.snapshot()).toEqual({ 'throttle/backoff_count': 1 });
  });
});
