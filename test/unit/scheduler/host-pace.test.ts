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

  it('varies a fixed delay by half', () => {
    const fixed = new HostPace('a.test', { ...rules, delayMs: 100 }, undefined);
    expect(fixed.nextDelayMs()).toBe(50);
  });

  it.each([
    [{ randomizeDelay: false }, 100, 100],
    [{ randomizeDelay: 0.2 }, 80, 120],
    [{ randomizeDelay: true }, 50, 150],
    [{ delayMs: 400, randomizeDelay: 0.5 }, 400, 600],
    [{ delayMs: 400 }, 400, 400],
  ])('varies delays as the limits of the host say: %j', (limits, least, most) => {
    const delays = [0, 1].map((value) =>
      new HostPace('a.test', { ...rules, delayMs: 100, random: () => value }, limits).nextDelayMs(),
    );
    expect(delays).toEqual([least, most]);
  });

  it('may have more at once than is usual', () => {
    expect(new HostPace('a.test', rules, { concurrency: 20 }).concurrency).toBe(20);
  });
});
