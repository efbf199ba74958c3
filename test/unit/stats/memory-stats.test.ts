import { describe, expect, it } from 'vitest';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';

describe('MemoryStats', () => {
  it('counts from nothing', () => {
    const stats = new MemoryStats();
    stats.inc('page/count');
    stats.inc('page/count', 4);
    expect(stats.get('page/count')).toBe(5);
  });

  it('keeps the largest and the smallest', () => {
    const stats = new MemoryStats();
    for (const value of [3, 9, -1]) {
      stats.max('most', value);
      stats.min('least', value);
    }
    expect(stats.snapshot()).toEqual({ least: -1, most: 9 });
  });

  it('keeps texts and dates, and counts anew from what is no number', () => {
    const stats = new MemoryStats();
    const started = new Date(0);
    stats.set('started', started);
    stats.set('reason', 'finished');
    expect([stats.get('started'), stats.get('reason'), stats.get('nothing')]).toEqual([
      started,
      'finished',
      undefined,
    ]);
    stats.inc('reason');
    expect(stats.get('reason')).toBe(1);
  });

  it('gives a copy with sorted keys, also for keys from the web', () => {
    const stats = new MemoryStats();
    stats.inc('b');
    stats.inc('__proto__');
    stats.set('a', 'text');
    const snapshot = stats.snapshot();
    stats.inc('b');
    expect(Object.keys(snapshot)).toEqual(['__proto__', 'a', 'b']);
    expect(snapshot.b).toBe(1);
  });
});
