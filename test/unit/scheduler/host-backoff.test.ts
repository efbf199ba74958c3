import { describe, expect, it } from 'vitest';
import type { DownloadFacts } from '../../../src/contracts/scheduler.ts';
import { HostBackoff } from '../../../src/scheduler/host-backoff.ts';

const rules = { firstMs: 1000, mostMs: 8000 };
const REFUSED = { latencyMs: 80, status: 429 };
const GOOD = { latencyMs: 80, status: 200 };

/** What each download does, one after the other, a minute apart. */
const waits = (facts: readonly DownloadFacts[], random = 0.5): number[] => {
  const backoff = new HostBackoff();
  return facts.map((one, at) => backoff.note(one, 100_000 + at * 60_000, rules, () => random));
};

describe('HostBackoff', () => {
  it.each([
    ['429', REFUSED],
    ['503', { latencyMs: 80, status: 503 }],
    ['a time-out', { latencyMs: 20_000, status: undefined, timedOut: true }],
    ['a connection that failed', { latencyMs: 3, status: undefined, connectionFailed: true }],
  ])('waits twice as long after each %s, up to a limit', (_what, facts) => {
    expect(waits([facts, facts, facts, facts, facts])).toEqual([1000, 2000, 4000, 8000, 8000]);
  });

  it.each([200, 301, 404])('forgets a failure with each good answer: %i', (status) => {
    const good = { latencyMs: 80, status };
    expect(waits([REFUSED, REFUSED, REFUSED, good, good, REFUSED])).toEqual([1000, 2000, 4000, 0, 0, 2000]);
  });

  it('has no more to forget than led to the longest wait', () => {
    const many = Array.from({ length: 50 }, () => REFUSED);
    expect(waits([...many, GOOD, GOOD, GOOD, REFUSED]).at(-1)).toBe(1000);
  });

  it('goes by when a download began, however long its body took', () => {
    const backoff = new HostBackoff();
    backoff.note(REFUSED, 5000, rules, () => 0.5);
    backoff.note({ ...GOOD, totalMs: 10_000 }, 12_000, rules, () => 0.5);
    expect(backoff.failures).toBe(1);
    backoff.note({ ...GOOD, totalMs: 10_000 }, 15_000, rules, () => 0.5);
    expect(backoff.failures).toBe(0);
  });

  it('counts a failure even where the first wait is the longest', () => {
    const backoff = new HostBackoff();
    const note = (facts: DownloadFacts, nowMs: number): number =>
      backoff.note(facts, nowMs, { firstMs: 8000, mostMs: 8000 }, () => 0.5);
    expect([note(REFUSED, 1000), note(REFUSED, 20_000), backoff.failures]).toEqual([8000, 8000, 1]);
    note(GOOD, 40_000);
    expect(backoff.failures).toBe(0);
  });

  it.each([500, undefined])('is neither better nor worse for %s', (status) => {
    expect(waits([REFUSED, { latencyMs: 80, status }, REFUSED])).toEqual([1000, 0, 2000]);
  });

  it('varies the wait by half, but never above the limit', () => {
    expect(waits([REFUSED], 0)).toEqual([500]);
    expect(waits([REFUSED, REFUSED, REFUSED, REFUSED], 1)).toEqual([1500, 3000, 6000, 8000]);
  });

  it('takes downloads that fail together as one failure', () => {
    const backoff = new HostBackoff();
    const note = (facts: DownloadFacts, nowMs: number): number =>
      backoff.note(facts, nowMs, rules, () => 0.5);
    expect([note(REFUSED, 1000), note(REFUSED, 1010), note(GOOD, 1020), note(REFUSED, 1300)]).toEqual([
      1000, 0, 0, 2000,
    ]);
  });
});
