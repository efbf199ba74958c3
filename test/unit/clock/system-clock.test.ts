import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock/system-clock.ts';

const DAY_MS = 86_400_000;

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('calls back once, when the time has come', () => {
    const callback = vi.fn();
    systemClock.setTimeout(callback, 1000);
    vi.advanceTimersByTime(999);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY_MS);
    expect(callback).toHaveBeenCalledOnce();
  });

  it('calls nothing that was cancelled', () => {
    const callback = vi.fn();
    systemClock.setTimeout(callback, 1000)();
    vi.advanceTimersByTime(2000);
    expect(callback).not.toHaveBeenCalled();
  });

  it('waits longer than one timer of the machine can', () => {
    const callback = vi.fn();
    systemClock.setTimeout(callback, 60 * DAY_MS);
    vi.advanceTimersByTime(60 * DAY_MS - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
  });

  it('cancels a long wait in its second piece too', () => {
    const callback = vi.fn();
    const cancel = systemClock.setTimeout(callback, 60 * DAY_MS);
    vi.advanceTimersByTime(30 * DAY_MS);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not jump with the wall clock when it measures', () => {
    const before = systemClock.monotonicMs();
    vi.setSystemTime(0);
    expect(systemClock.now()).toBe(0);
    expect(systemClock.monotonicMs()).toBe(before);
  });
});
