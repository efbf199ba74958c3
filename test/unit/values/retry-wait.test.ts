import { describe, expect, it } from 'vitest';
import { retryWaitMs } from '../../../src/values/retry-wait.ts';

const rules = { retries: 0, backoffMs: 1000, maxBackoffMs: 600_000, afterMs: 0 };

describe('retryWaitMs', () => {
  it.each([
    [0, 0, 500],
    [0, 0.5, 1000],
    [0, 1, 1500],
    [3, 0.5, 8000],
    [20, 0.5, 600_000],
    [5000, 0.5, 600_000],
  ])('waits after %i retries, at random %d, %i ms', (retries, random, waitMs) => {
    expect(retryWaitMs({ ...rules, retries }, () => random)).toBe(waitMs);
  });

  it('waits at least as long as was asked for', () => {
    expect(retryWaitMs({ ...rules, afterMs: 9000 }, () => 0.5)).toBe(9000);
    expect(retryWaitMs({ ...rules, afterMs: 3_600_000 }, () => 0.5)).toBe(3_600_000);
    expect(retryWaitMs({ ...rules, afterMs: 9000, retries: 5 }, () => 0.5)).toBe(32_000);
  });

  it('does not wait where there is no back-off', () => {
    expect(retryWaitMs({ ...rules, backoffMs: 0, retries: 5000 }, () => 0.5)).toBe(0);
  });
});
