import { describe, expect, it } from 'vitest';
import { HostRests } from '../../../../src/crawler/watch/host-rests.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { ManualClock } from '../../../../src/testing/manual-clock.ts';

function setUp() {
  const logger = new MemoryLogger();
  const clock = new ManualClock();
  const rests = new HostRests(logger, clock);
  return { rests, clock, lines: () => logger.records.map(({ level, message }) => `${level} ${message}`) };
}

describe('HostRests', () => {
  it('says which host rests, how long and why', () => {
    const { rests, lines } = setUp();
    rests.begin('a.test', 120_000, 'it answered 429');
    expect(lines()).toEqual(['info a.test is left alone for 120 s: it answered 429']);
  });

  it('says nothing of short rests', () => {
    const { rests, lines } = setUp();
    rests.begin('a.test', 9_000, 'it answered 429');
    expect(lines()).toEqual([]);
  });

  it('says it once a rest, and again for the next one or one that somebody ended', async () => {
    const { rests, clock, lines } = setUp();
    for (const forMs of [120_000, 120_001, 60_000]) rests.begin('a.test', forMs, 'it answered 429');
    rests.begin('b.test', 60_000, 'it answered 429');
    expect(lines()).toHaveLength(2);
    await clock.advance(120_000);
    rests.begin('a.test', 60_000, 'it answered 429');
    expect(lines()).toHaveLength(3);
    rests.end('a.test');
    rests.begin('a.test', 60_000, 'it answered 429');
    expect(lines()).toHaveLength(4);
  });
});
