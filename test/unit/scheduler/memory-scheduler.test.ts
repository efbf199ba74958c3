import { describe, expect, it } from 'vitest';
import { MemoryScheduler, type PaceChange } from '../../../src/scheduler/memory-scheduler.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { candidate, schedulerContract } from '../../contract/scheduler.ts';

const pace = { concurrency: 8, delayMs: 0, randomizeDelay: false, adaptive: false };

describe('MemoryScheduler', () => {
  schedulerContract(
    ({ concurrency, delayMs, ...setup }) =>
      new MemoryScheduler({ ...setup, pace: { ...pace, concurrency, delayMs } }),
    { strictAcrossHosts: true },
  );

  it('starts with one download of a host and lends more as good answers come', () => {
    const scheduler = new MemoryScheduler({ clock: new ManualClock(), pace: { ...pace, adaptive: true } });
    scheduler.push(Array.from({ length: 40 }, (_, at) => candidate(`http://a.test/${at}`)));
    for (let answers = 0; answers < 10; answers++) {
      const { leases } = scheduler.take({ leases: 100, origins: 0 });
      expect(leases).toHaveLength(1);
      for (const lease of leases) scheduler.downloaded(lease, { latencyMs: 10, status: 200 });
    }
    expect(scheduler.take({ leases: 100, origins: 0 }).leases).toHaveLength(2);
  });

  it('lengthens the wait that has begun by what AutoThrottle adds, and tells of it', async () => {
    const clock = new ManualClock();
    const autoThrottle = { startDelayMs: 1000, maxDelayMs: 60_000, targetConcurrency: 1 };
    const changes: PaceChange[] = [];
    const onPace = (change: PaceChange): void => void changes.push(change);
    const scheduler = new MemoryScheduler({ clock, pace: { ...pace, autoThrottle }, onPace });
    scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
    const [lease] = scheduler.take({ leases: 2, origins: 0 }).leases;
    if (lease === undefined) throw new Error('nothing was lent');
    await clock.advance(1500);
    scheduler.downloaded(lease, { latencyMs: 4000, status: 200 });
    expect(changes).toMatchObject([{ host: 'a.test', delayBeforeMs: 1000, delayMs: 4000, inFlight: 0 }]);
    expect(scheduler.take({ leases: 2, origins: 0 }).dueInMs).toBe(2500);
  });

  describe('where one pace is shared by thousands of origins', () => {
    /** How often each origin is handed out for preparation when all are asked for twice. */
    const asked = async (count: number, waitMs: number) => {
      const clock = new ManualClock();
      const scheduler = new MemoryScheduler({ clock, pace, prepareOrigins: true });
      const origins: string[] = [];
      for (let at = 0; at < 2 * count; at++) {
        const url = `http://h${at % count}.test/${at}`;
        scheduler.push([candidate(url, { host: 'crawl' })]);
        const taken = scheduler.take({ leases: 1, origins: 1 });
        for (const one of taken.origins) {
          origins.push(one.origin);
          scheduler.originReady(one, 60_000);
        }
        const [lease] =
          taken.leases.length > 0 ? taken.leases : scheduler.take({ leases: 1, origins: 0 }).leases;
        if (lease === undefined) throw new Error('nothing was lent');
        scheduler.downloaded(lease, { latencyMs: 1, status: 200 });
        scheduler.commit(lease, { requests: [], delivered: true });
        await clock.advance(waitMs);
      }
      return origins.length;
    };

    it('prepares each once, as long as there are not too many', async () => {
      expect(await asked(900, 0)).toBe(900);
    });

    it('forgets which were prepared longest ago', async () => {
      expect(await asked(1500, 0)).toBe(3000);
    });
  });

  it('forgets idle hosts once there are many', () => {
    const clock = new ManualClock();
    const scheduler = new MemoryScheduler({ clock, pace, hostLimits: { '*': { concurrency: 2 } } });
    for (let at = 0; at < 30_000; at++) {
      scheduler.push([candidate(`http://h${at}.test/`)]);
      const [lease] = scheduler.take({ leases: 1, origins: 0 }).leases;
      if (lease === undefined) throw new Error('nothing was lent');
      scheduler.downloaded(lease, { latencyMs: 1, status: 200 });
      scheduler.commit(lease, { requests: [], delivered: true });
    }
    expect(scheduler.hostCount).toBeLessThan(11_000);
  });
});
