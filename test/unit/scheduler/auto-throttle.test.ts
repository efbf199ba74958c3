import { describe, expect, it } from 'vitest';
import { throttledDelayMs } from '../../../src/scheduler/auto-throttle.ts';

const rules = { startDelayMs: 5000, maxDelayMs: 60_000, targetConcurrency: 2 };

describe('throttledDelayMs', () => {
  it('goes half way to a shorter delay', () => {
    expect(throttledDelayMs(5000, { latencyMs: 2000, status: 200 }, rules, 0)).toBe(3000);
  });

  it('takes a longer delay at once, up to the limit', () => {
    expect(throttledDelayMs(1000, { latencyMs: 8000, status: 200 }, rules, 0)).toBe(4000);
    expect(throttledDelayMs(1000, { latencyMs: 500_000, status: 200 }, rules, 0)).toBe(60_000);
  });

  it('goes no lower than the least delay', () => {
    expect(throttledDelayMs(5000, { latencyMs: 10, status: 200 }, rules, 4000)).toBe(4000);
  });

  it.each([301, 404, 503, undefined])('is not shortened by an answer %s', (status) => {
    expect(throttledDelayMs(5000, { latencyMs: 10, status }, rules, 0)).toBe(5000);
    expect(throttledDelayMs(5000, { latencyMs: 20_000, status }, rules, 0)).toBe(10_000);
  });
});
