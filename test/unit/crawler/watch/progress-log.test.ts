import { expect, it } from 'vitest';
import { ProgressLog } from '../../../../src/crawler/watch/progress-log.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { ManualClock } from '../../../../src/testing/manual-clock.ts';

it('says how much came since the last line, until it is stopped', async () => {
  const clock = new ManualClock();
  const logger = new MemoryLogger();
  let pages = 0;
  const log = new ProgressLog(logger, clock, 30_000, () => ({ pages, items: 2 * pages }));
  log.start();
  pages = 10;
  await clock.advance(30_000);
  pages = 15;
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
  const clock = new ManualClock();
  new ProgressLog(new MemoryLogger(), clock, 0, () => ({ pages: 0, items: 0 })).start();
  expect(clock.pending).toBe(0);
});
