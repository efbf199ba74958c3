import { expect, it } from 'vitest';
import { keptStats } from '../../../src/crawler/kept-stats.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';

it('takes what the setting makes, or memory', () => {
  const own = new MemoryStats();
  expect(keptStats(() => own)).toBe(own);
  expect(keptStats(undefined)).toBeInstanceOf(MemoryStats);
});

it('refuses what is no stats, with what it lacks', () => {
  const { get, set, inc, snapshot } = MemoryStats.prototype;
  expect(() => keptStats(() => ({ get, set, inc, snapshot }))).toThrow(
    /createStats: .* lacks max\(\), min\(\)/,
  );
});
