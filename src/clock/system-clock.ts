import type { Clock } from '../contracts/clock.ts';

/** Longest delay that timers take; a longer one is waited in pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimeout: later,
};

function later(callback: () => void, ms: number): () => void {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    timer =
      leftMs > LONGEST_TIMER_MS
        ? setTimeout(() => arm(leftMs - LONGEST_TIMER_MS), LONGEST_TIMER_MS)
        : setTimeout(callback, leftMs);
  };
  arm(ms);
  return () => clearTimeout(timer);
}
