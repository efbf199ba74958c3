import { describe, expect, it } from 'vitest';
import { HostPace, type PaceRules } from '../../../src/scheduler/host-pace.ts';

const rules: PaceRules = {
  concurrency: 8,
  delayMs: 0,
  randomizeDelay: true,
  adaptive: false,
  random: () => 0,
};
const pace = (host = 'a.test', changes: Partial<PaceRules> = {}): HostPace =>
  new HostPace(
    host,
    { ...rules, delayMs: 'auto', randomizeDelay: false, adaptive: true, random: () => 0.5, ...changes },
    undefined,
  );
const good = (one: HostPace, count: number): void => {
  for (let at = 0; at < count; at++) one.learn({ latencyMs: 100, status: 200 });
};

describe('HostPace', () => {
  it('lends one more after each ten good answers, up to the limit', () => {
    const one = pace();
    expect(one.concurrency).toBe(1);
    good(one, 10);
    expect(one.concurrency).toBe(2);
    good(one, 200);
    expect(one.concurrency).toBe(8);
  });

  it.each([
    ['429', { latencyMs: 5, status: 429 }],
    ['503', { latencyMs: 5, status: 503 }],
    ['a time-out', { latencyMs: 60_000, status: undefined, timedOut: true }],
  ])('halves on %s', (_what, facts) => {
    const one = pace();
    good(one, 40);
    one.learn(facts);
    expect(one.concurrency).toBe(2);
  });

  it('follows the latency with its delay, at most a second, and not on loopback', () => {
    const one = pace();
    one.learn({ latencyMs: 300, status: 200 });
    expect(one.nextDelayMs()).toBe(300);
    for (let at = 0; at < 30; at++) one.learn({ latencyMs: 9000, status: 200 });
    expect(one.nextDelayMs()).toBe(1000);
    for (const host of ['127.0.0.1:8000', 'localhost', '[::1]:80']) {
      const local = pace(host);
      local.learn({ latencyMs: 300, status: 200 });
      expect(local.nextDelayMs()).toBe(0);
    }
  });

  it('does not grow faster by quick refusals', () => {
    const one = pace();
    one.learn({ latencyMs: 800, status: 200 });
    one.learn({ latencyMs: 1, status: 429 });
    expect(one.nextDelayMs()).toBe(800);
  });

  it('keeps to limits of its own', () => {
    const one = pace();
    one.setLimits({ delayMs: 5000, concurrency: 3 });
    good(one, 200);
    expect([one.concurrency, one.nextDelayMs()]).toEqual([3, 5000]);
  });

  describe('with AutoThrottle', () => {
    const autoThrottle = { startDelayMs: 5000, maxDelayMs: 60_000, targetConcurrency: 1 };

    it('begins with its delay and all places, on loopback too', () => {
      const one = pace('127.0.0.1:80', { autoThrottle });
      expect([one.concurrency, one.nextDelayMs()]).toEqual([8, 5000]);
    });

    it('begins no lower than the delay that is asked for anyway', () => {
      expect(pace('a.test', { autoThrottle, delayMs: 7000 }).delayMs).toBe(7000);
    });

    it('follows the answers, but for those that say nothing about the pace', () => {
      const one = pace('a.test', { autoThrottle });
      one.learn({ latencyMs: 1000, status: 200, keepDelay: true });
      expect(one.delayMs).toBe(5000);
      one.learn({ latencyMs: 1000, status: 200 });
      expect(one.delayMs).toBe(3000);
    });

    it('varies its delay as any other', () => {
      const one = pace('a.test', { autoThrottle, randomizeDelay: true });
      expect(one.nextDelayMs()).toBe(5000);
      expect(new HostPace('a.test', { ...rules, autoThrottle }, undefined).nextDelayMs()).toBe(2500);
    });
  });

  describe('with back-off', () => {
    const backoff = { firstMs: 1000, mostMs: 60_000, onLoopback: false };
    const refused = { latencyMs: 80, status: 429 };

    it('leaves a host alone that refuses, and then lets one download try', () => {
      const one = pace('a.test', { backoff, adaptive: false });
      expect(one.backOff(refused, 1000)).toBe(1000);
      expect(one.concurrency).toBe(1);
      one.backOff({ latencyMs: 80, status: 200 }, 3000);
      expect(one.concurrency).toBe(8);
    });

    it('spares loopback unless it is told to', () => {
      expect(pace('localhost:80', { backoff }).backOff(refused, 1000)).toBe(0);
      const told = pace('localhost:80', { backoff: { ...backoff, onLoopback: true } });
      expect(told.backOff(refused, 1000)).toBe(1000);
    });

    it('keeps AutoThrottle from going faster right after quick refusals', () => {
      const autoThrottle = { startDelayMs: 1000, maxDelayMs: 60_000, targetConcurrency: 1 };
      const one = pace('a.test', { backoff, autoThrottle });
      const note = (status: number, nowMs: number): number => {
        one.learn({ latencyMs: 80, status });
        one.backOff({ latencyMs: 80, status }, nowMs);
        return one.delayMs;
      };
      expect([note(429, 1000), note(200, 5000), note(200, 6000)]).toEqual([1000, 1000, 540]);
    });
  });

  it('varies a fixed delay by half', () => {
    const fixed = new HostPace('a.test', { ...rules, delayMs: 100 }, undefined);
    expect(fixed.nextDelayMs()).toBe(50);
  });

  it.each([
    [{ randomizeDelay: false }, 100, 100],
    [{ randomizeDelay: 0.2 }, 80, 120],
    [{ randomizeDelay: true }, 50, 150],
    [{ delayMs: 400, randomizeDelay: 0.25 }, 300, 500],
    [{ delayMs: 400 }, 200, 600],
    [{ minDelayMs: 400 }, 400, 400],
    [{ minDelayMs: 100 }, 100, 150],
  ])('varies delays as the limits of the host say: %j', (limits, least, most) => {
    const delays = [0, 1].map((value) =>
      new HostPace('a.test', { ...rules, delayMs: 100, random: () => value }, limits).nextDelayMs(),
    );
    expect(delays).toEqual([least, most]);
  });

  it("takes a host's own delay in the place of the usual one, a shorter one too", () => {
    for (const delayMs of [0, 30]) {
      expect(
        new HostPace('a.test', { ...rules, delayMs: 700, randomizeDelay: false }, { delayMs }).nextDelayMs(),
      ).toBe(delayMs);
      const auto = pace();
      auto.setLimits({ delayMs });
      auto.learn({ latencyMs: 300, status: 200 });
      expect([auto.nextDelayMs(), auto.delayFollowsLatency]).toEqual([delayMs, false]);
    }
  });

  it('never waits less than the least delay, which robots.txt sets', () => {
    const limits = { delayMs: 0, minDelayMs: 7000 };
    expect(new HostPace('a.test', { ...rules, delayMs: 700 }, limits).delayMs).toBe(7000);
    const autoThrottle = { startDelayMs: 10, maxDelayMs: 60_000, targetConcurrency: 1 };
    expect(pace('a.test', { autoThrottle }).nextDelayMs()).toBe(10);
    expect(new HostPace('a.test', { ...rules, autoThrottle, random: () => 0 }, limits).nextDelayMs()).toBe(
      7000,
    );
  });

  it('may have more at once than is usual', () => {
    expect(new HostPace('a.test', rules, { concurrency: 20 }).concurrency).toBe(20);
  });
});
