import { describe, expect, it } from 'vitest';
import { MemoryGuard } from '../../../../src/crawler/watch/memory-guard.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import type { Settings } from '../../../../src/settings/settings.ts';
import { SignalBus } from '../../../../src/signals/signal-bus.ts';
import { MemoryStats } from '../../../../src/stats/memory-stats.ts';
import { ManualClock } from '../../../../src/testing/manual-clock.ts';

const MIB = 1024 ** 2;

function guard(settings: Partial<Settings> = {}, grantedMib?: number) {
  const clock = new ManualClock();
  const logger = new MemoryLogger();
  const stats = new MemoryStats();
  const signals = new SignalBus(logger);
  const warnings: unknown[] = [];
  signals.on('memoryWarning', (data) => {
    warnings.push(data);
  });
  const at = { mib: 50, heapMib: 10 };
  const stops: string[] = [];
  const made = new MemoryGuard({
    settings: { memoryLimitBytes: 'auto', memoryWarnBytes: 'auto', ...settings },
    ...{ clock, logger, stats, signals, isJob: false },
    stop: (reason) => stops.push(reason),
    held: () => at.mib * MIB,
    granted: () => (grantedMib === undefined ? undefined : grantedMib * MIB),
    heap: () => ({ used: at.heapMib * MIB, limit: 1000 * MIB }),
  });
  made.start();
  return { clock, logger, stats, warnings, at, stops, guard: made };
}

describe('MemoryGuard', () => {
  it('closes the crawl at 90 % of what the container grants, and says what to do', async () => {
    const { clock, logger, at, stops } = guard({}, 1000);
    at.mib = 899;
    await clock.advance(2000);
    expect(stops).toEqual([]);
    at.mib = 901;
    await clock.advance(2000);
    expect(stops).toEqual(['memory']);
    expect(logger.messages().at(-1)).toBe(
      "the process holds 901 MiB of memory, the limit is 900 MiB (memoryLimitBytes: 90 % of the container's 1,000 MiB): the crawl is closed in order. Keep the queue on disk (--job DIR); lower concurrentRequests or maxActiveBytes, keep less in the spider, or give it more memory",
    );
  });

  it('closes the crawl when the heap of Node is full twice in a row', async () => {
    const { clock, logger, at, stops } = guard();
    at.heapMib = 950;
    await clock.advance(200);
    at.heapMib = 500;
    await clock.advance(2000);
    expect(stops).toEqual([]);
    at.heapMib = 950;
    await clock.advance(2600);
    expect(stops).toEqual(['memory']);
    expect(logger.messages().at(-1)).toMatch(/objects take 950 MiB of the 1,000 MiB that Node grants/);
    const off = guard({ memoryLimitBytes: 0 });
    off.at.heapMib = 999;
    await off.clock.advance(10_000);
    expect(off.stops).toEqual([]);
  });

  it('warns once, by a line, a signal and a stat', async () => {
    const { clock, logger, stats, warnings, at, stops } = guard({ memoryLimitBytes: 1000 * MIB });
    at.mib = 950;
    await clock.advance(10_000);
    expect(warnings).toEqual([{ bytes: 950 * MIB, warnBytes: 900 * MIB, limitBytes: 1000 * MIB }]);
    expect(logger.messages()).toHaveLength(1);
    expect(stats.get('memory/warning_reached')).toBe(1);
    expect(stops).toEqual([]);
  });

  it('only warns where there is a bound for that alone', async () => {
    const { clock, warnings, at, stops } = guard({ memoryWarnBytes: 100 * MIB });
    at.mib = 5000;
    await clock.advance(10_000);
    expect([warnings.length, stops.length]).toEqual([1, 0]);
  });

  it('only counts without bounds', async () => {
    const { clock, logger, stats, at, stops, guard: one } = guard({ memoryLimitBytes: 0 }, 100);
    at.mib = 5000;
    await clock.advance(10_000);
    at.mib = 60;
    one.stop();
    expect([stops.length, logger.messages().length, clock.pending]).toEqual([0, 0, 0]);
    expect(stats.snapshot()).toEqual({ 'memory/startup': 50 * MIB, 'memory/max': 5000 * MIB });
  });

  it('looks sooner where memory grows fast, never more often than every 100 ms', async () => {
    const { clock, at, stops } = guard({ memoryLimitBytes: 1000 * MIB });
    await clock.advance(100);
    // A look every 2 s would find 1,250 MiB.
    for (let step = 0; step < 30 && stops.length === 0; step++) {
      at.mib += 40;
      await clock.advance(100);
    }
    expect(stops).toEqual(['memory']);
    expect(at.mib).toBeLessThanOrEqual(1090);
  });

  it('looks sooner where the heap grows fast, with and without a limit of its own', async () => {
    for (const grantedMib of [undefined, 100_000]) {
      const { clock, at, stops } = guard({}, grantedMib);
      await clock.advance(100);
      // A look every 2 s would find it full at 1,010 MiB.
      for (let step = 0; step < 200 && stops.length === 0; step++) {
        at.heapMib += 10;
        await clock.advance(100);
      }
      expect(stops).toEqual(['memory']);
      expect(at.heapMib).toBeLessThan(970);
    }
  });

  it('looks no more once it has closed the crawl', async () => {
    const { clock, at } = guard({ memoryLimitBytes: MIB });
    at.mib = 2;
    await clock.advance(2000);
    expect(clock.pending).toBe(0);
  });
});
