import { describe, expect, it } from 'vitest';
import { CallbackRetries } from '../../../src/engine/callback-retries.ts';
import { UnitRun } from '../../../src/engine/unit-run.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';
import { Request } from '../../../src/values/request.ts';
import type { RequestMeta } from '../../../src/values/request-meta.ts';
import type { Response } from '../../../src/values/response.ts';
import { retryLater } from '../../../src/values/retry-later.ts';
import { crawlFake } from '../../support/engine-run.ts';

const NOTHING_HANDED_ON = { hasHandedOn: false, hasHandedOnRequests: false };

function retriesOf(retries: number, meta: RequestMeta = {}) {
  const logger = new MemoryLogger();
  const stats = new MemoryStats();
  const unit = new UnitRun(
    new Request('https://a.test/', { meta }),
    { id: 1, attempt: 1, retries, isInline: false },
    { timeoutMs: 1, maxBodyBytes: 1 },
  );
  return {
    logger,
    stats,
    unit,
    asked: new CallbackRetries({ settings: DEFAULT_SETTINGS, stats, logger, random: () => 0.5 }),
  };
}

describe('CallbackRetries', () => {
  it('puts the page off by the longer of what was asked and the back-off, once', () => {
    const { asked, unit, stats } = retriesOf(1);
    asked.ask(unit, retryLater('empty', { priorityAdjust: 3 }), NOTHING_HANDED_ON);
    expect(asked.isAsked(unit)).toBe(true);
    expect(asked.take(unit)).toEqual({ reason: 'empty', retryInMs: 2000, priorityAdjust: 2 });
    expect(asked.take(unit)).toBeUndefined();
    asked.ask(unit, retryLater('empty', { afterMs: 9000 }), NOTHING_HANDED_ON);
    expect(asked.take(unit)).toMatchObject({ retryInMs: 9000 });
    expect(stats.get('retry/reason_count/empty')).toBe(2);
  });

  it('waits no longer than maxRetryAfterMs, however often it was tried', () => {
    const { asked, unit } = retriesOf(40, { maxRetryTimes: 50 });
    asked.ask(unit, retryLater('empty', { afterMs: 1000 }), NOTHING_HANDED_ON);
    expect(asked.take(unit)).toMatchObject({ retryInMs: 600_000 });
    expect(asked.afterError(unit)).toMatchObject({ reason: 'callback error', retryInMs: 600_000 });
  });

  it('gives up once all tries are used up, and says so', () => {
    const { asked, unit, stats, logger } = retriesOf(1, { maxRetryTimes: 1, giveUpLogLevel: 'warn' });
    asked.ask(unit, retryLater('empty'), NOTHING_HANDED_ON);
    expect(asked.isAsked(unit)).toBe(false);
    expect(stats.get('retry/max_reached')).toBe(1);
    expect(logger.messages('warn')).toEqual(['gave up after 2 tries: empty']);
  });

  it('counts a single try as one', () => {
    const { asked, unit, logger } = retriesOf(0, { maxRetryTimes: 0, giveUpLogLevel: 'warn' });
    asked.ask(unit, retryLater('empty'), NOTHING_HANDED_ON);
    expect(logger.messages('warn')).toEqual(['gave up after 1 try: empty']);
  });
});

describe('a callback that wants its page again', () => {
  it('ends at its retryLater(), whatever comes after it', async () => {
    const ran: number[] = [];
    const { feed, stats } = await crawlFake({
      spider: {
        *parse({ retries }: Response) {
          const numbers = retries === 0 ? undefined : [1, 2];
          if (numbers === undefined) yield retryLater('empty');
          ran.push(retries);
          for (const n of numbers as number[]) yield { n };
        },
      },
    });
    expect(ran).toEqual([1]);
    expect(feed.items).toEqual([{ n: 1 }, { n: 2 }]);
    expect(stats.get('spider/errors')).toBeUndefined();
  });

  it('gets it even where the end of the callback fails', async () => {
    const { feed, stats } = await crawlFake({
      spider: {
        *parse({ retries }: Response) {
          try {
            yield retries === 0 ? retryLater('empty') : { n: 1 };
          } finally {
            if (retries === 0) failCleaningUp();
          }
        },
      },
    });
    expect(feed.items).toEqual([{ n: 1 }]);
    expect(stats.get('spider/errors')).toBe(1);
  });

  it.each([
    ['items', (n: number) => ({ n }), 10_500],
    [
      'requests',
      (n: number) => new Request(`http://site.test/${n}`, { dontFilter: true, callback: 'leaf' }),
      1500,
    ],
  ])('goes on where some of its many %s are handed on already', async (kind, make, count) => {
    const { feed, downloader, logger } = await crawlFake({
      spider: {
        *parse({ retries }: Response) {
          for (let n = 0; n < count; n++) yield make(n);
          if (retries === 0) yield retryLater('incomplete');
          yield { last: true };
        },
        leaf: () => undefined,
      },
    });
    expect(feed.items).toHaveLength(kind === 'items' ? count + 1 : 1);
    expect(downloader.requested).toHaveLength(kind === 'items' ? 1 : count + 1);
    expect(logger.messages('warn')).toEqual([
      expect.stringMatching(/^the page is not tried again \(incomplete\)/),
    ]);
  });
});

function failCleaningUp(): never {
  throw new Error('not clean');
}
