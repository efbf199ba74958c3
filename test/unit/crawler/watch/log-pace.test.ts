import { describe, expect, it } from 'vitest';
import { logPace } from '../../../../src/crawler/watch/log-pace.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';

describe('logPace', () => {
  it('says what an answer made of the delay of its host', () => {
    const logger = new MemoryLogger();
    const facts = { latencyMs: 250, status: 200 };
    logPace(logger)({ host: 'a.test', facts, delayMs: 2625, delayBeforeMs: 5000, inFlight: 1 });
    expect(logger.records).toMatchObject([
      {
        message: 'a.test waits 2625 ms',
        fields: { changeMs: -2375, latencyMs: 250, status: 200, inFlight: 1 },
      },
    ]);
  });
});
