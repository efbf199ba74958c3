import { expect, it } from 'vitest';
import { ProgressLog } from '../../../../src/crawler/watch/progress-log.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { MemoryStats } from '../../../../src/stats/memory-stats.ts';
import { ManualClock } from '../../../../src/testing/manual-clock.ts';

function progressLog(logStatsIntervalMs: number, logStatsKeys: readonly string[] = []) {
  const clock = new ManualClock();
  const logger = new MemoryLogger();
  const stats = new MemoryStats();
  const at = { pages: 0 };
  const counts = () => ({ pages: at.pages, items: 2 * at.pages });
  const log = new ProgressLog({
    logger,
    clock,
    stats,
    counts,
    settings: { logStatsIntervalMs, logStatsKeys },
  });
  log.start();
  return { clock, logger, stats, at, log };
}

it('says how much came since the last line, until it is stopped', async () => {
  const { clock, logger, at, log } = progressLog(30_000);
  at.pages = 10;
  await clock.advance(30_000);
  at.pages = 15;
  await clock.advance(30_000);
  log.stop();
  await clock.advance(90_000);
  expect(logger.messages()).toEqual([
    'crawled 10 pages (20 a minute), scraped 20 items (40 a minute)',
    'crawled 15 pages (10 a minute), scraped 30 items (20 a minute)',
  ]);
  expect(clock.pending).toBe(0);
});

it('says nothing with an interval of 0', () => {
  expect(progressLog(0).clock.pending).toBe(0);
});

it('adds the stats that are named, and by how much they grew', async () => {
  const { clock, logger, stats } = progressLog(1000, ['errors', 'retry/*']);
  stats.inc('errors', 2);
  stats.inc('retry/count', 5);
  stats.inc('item/scraped');
  await clock.advance(1000);
  stats.inc('retry/count');
  await clock.advance(1000);
  expect(logger.records.map(({ fields }) => fields)).toMatchObject([
    { stats: { errors: 2, 'retry/count': 5 }, delta: { errors: 2, 'retry/count': 5 } },
    { stats: { errors: 2, 'retry/count': 6 }, delta: { 'retry/count': 1 } },
  ]);
  expect(logger.records.at(-1)?.fields).toHaveProperty('delta', { 'retry/count': 1 });
});

it('leaves out stats behind a !, and says how long things took, a last time at the end', async () => {
  const { clock, logger, stats, log } = progressLog(1000, ['retry/*', '!retry/reason*']);
  stats.inc('retry/count');
  stats.inc('retry/reason_count/x');
  await clock.advance(1500);
  log.stop();
  expect(logger.records.map(({ fields }) => fields)).toMatchObject([
    { stats: { 'retry/count': 1 }, sinceLastMs: 1000, elapsedMs: 1000 },
    { stats: { 'retry/count': 1 }, delta: {}, sinceLastMs: 500, elapsedMs: 1500 },
  ]);
  expect(JSON.stringify(logger.records)).not.toContain('reason');
});

it('notes in the stats what came in a minute', async () => {
  const { clock, stats, at, log } = progressLog(0);
  at.pages = 10;
  await clock.advance(30_000);
  log.stop();
  expect(stats.snapshot()).toEqual({ 'item/per_minute': 40, 'page/per_minute': 20 });
});
