import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Crawler,
  type Extension,
  type Factory,
  named,
  type PartialSettings,
  Request,
  type Response,
  Spider,
} from '../../src/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type TimedAnswer, timedSite } from './timed-site.ts';

/** Pages `/0` … `/39` one after the other; the first twenty give an item, every tenth throws where `isFaulty`. */
class Pages extends Spider {
  static override settings: PartialSettings = {
    concurrentRequests: 1,
    downloadDelayMs: 0,
    order: 'fifo',
  };
  isFaulty = false;

  override *start() {
    for (let page = 0; page < 40; page++) yield new Request(`http://site.test/${page}`);
  }
  override parse({ url }: Response): { page: number } | undefined {
    const page = Number(new URL(url).pathname.slice(1));
    if (this.isFaulty && page % 10 === 9) throw new TypeError('broken page');
    return page < 20 ? { page } : undefined;
  }
}

class FaultyPages extends Pages {
  override isFaulty = true;
}

/** Crawls the forty pages on the clock of the test, a second each unless told otherwise. */
async function crawl(
  settings: PartialSettings,
  {
    answer = () => ({ delayMs: 1000 }),
    spider = Pages,
    onCrawler,
  }: {
    answer?: (request: Request) => TimedAnswer;
    spider?: typeof Pages;
    onCrawler?: (crawler: Crawler) => void;
  } = {},
) {
  const { clock, options, beganMs } = timedSite(answer);
  const crawled = await clock.run(
    runSpider(spider, {
      ...options,
      settings: { ...options.settings, ...settings },
      ...(onCrawler && { onCrawler }),
    }),
  );
  return { ...crawled, beganMs };
}

describe('extensions', () => {
  it('listen to signals, and stay out where they are not configured', async () => {
    const seen: string[] = [];
    const counter: Factory<Extension> = named('counter', ({ signals, stats }) => {
      signals.on('itemScraped', () => stats.inc('mine/items'));
      return {
        name: 'counter',
        open: () => void seen.push('open'),
        close: (reason) => void seen.push(`close ${reason}`),
      };
    });
    const off: Factory<Extension> = named('off', ({ settings }) =>
      settings.statsDump ? { name: 'off', open: () => void seen.push('off') } : undefined,
    );
    const { stats, logger } = await crawl({ extensions: [counter, off], maxPages: 5 });
    expect(seen).toEqual(['open', 'close maxPages']);
    expect(stats['mine/items']).toBe(5);
    expect(logger.messages('debug')).toContain('off stays out: it is not configured');
  });

  it('count the facts of a crawl and the lines of its log', async () => {
    const { stats, logger } = await crawl({ maxPages: 20 }, { spider: FaultyPages });
    expect(stats).toMatchObject({
      finish_reason: 'maxPages',
      'item/scraped': 18,
      'page/count': 20,
      'spider/errors': 2,
      elapsed_ms: expect.any(Number),
    });
    const [started, finished] = [stats.start_time, stats.finish_time] as [Date, Date];
    expect(finished.getTime() - started.getTime()).toBe(stats.elapsed_ms);
    for (const level of ['debug', 'info', 'error'] as const)
      expect(stats[`log/count/${level}`]).toBe(logger.messages(level).length);
    expect(stats['log/count/error']).toBe(2);
  });

  it('say every minute how many pages and items come, and note it at the end', async () => {
    const { logger, stats } = await crawl({}, { answer: () => ({ delayMs: 2000 }) });
    const lines = logger.messages('info').filter((line) => line.includes('a minute'));
    expect(lines).toEqual([
      expect.stringMatching(/^crawled (29|30) pages \((29|30) a minute\), scraped 20 items \(20 a minute\)$/),
    ]);
    expect(stats).toMatchObject({ 'page/per_minute': 30, 'item/per_minute': 15 });
  });

  it('close a crawl by time, items, pages and errors', async () => {
    const time = await crawl({ maxDurationMs: 10_000 });
    expect(time.result.reason).toBe('maxDuration');
    expect(time.beganMs.every((ms) => ms <= 10_000)).toBe(true);
    const { result: items } = await crawl({ maxItems: 7 });
    expect(items).toMatchObject({ reason: 'maxItems', items: 7 });
    const { result: pages } = await crawl({ maxPages: 30 });
    expect(pages).toMatchObject({ reason: 'maxPages', pages: 30 });
    const { result: errors } = await crawl({ maxErrors: 3 }, { spider: FaultyPages });
    expect(errors).toMatchObject({ reason: 'maxErrors', errors: 3 });
  });

  it('close a crawl that gives no items any more, by time and pages', async () => {
    const { result: time } = await crawl({ maxDurationWithoutItemMs: 5000 });
    expect(time).toMatchObject({ reason: 'maxDurationWithoutItem', items: 20 });
    expect(time.durationMs).toBeLessThanOrEqual(26_000);
    const { result: pages } = await crawl({ maxPagesWithoutItem: 4 });
    expect(pages).toMatchObject({ reason: 'maxPagesWithoutItem', items: 20 });
    expect(pages.pages).toBeLessThanOrEqual(25);
  });

  it('watch the memory: a warning and a signal first, then the end', async () => {
    const warnings: unknown[] = [];
    const warned = await crawl(
      { memoryWarnBytes: 1000 },
      { onCrawler: ({ signals }) => void signals.on('memoryWarning', (data) => void warnings.push(data)) },
    );
    expect(warned.result.reason).toBe('finished');
    expect(warnings).toEqual([expect.objectContaining({ warnBytes: 1000, bytes: expect.any(Number) })]);
    const { result, stats } = await crawl({ memoryLimitBytes: 1000 });
    expect(result.reason).toBe('memory');
    expect(result.pages).toBeLessThan(5);
    expect(stats).toMatchObject({ 'memory/limit_reached': 1, 'memory/max': expect.any(Number) });
  });

  it('find the delay of a host from its latency, and errors never lower it', async () => {
    let page = 0;
    const answer = (): TimedAnswer => ({ delayMs: 1000, status: ++page === 4 ? 404 : 200 });
    const throttled = { autoThrottle: true, randomizeDownloadDelay: false, maxPages: 6 };
    const { beganMs } = await crawl(throttled, { answer });
    const gaps = beganMs.slice(1).map((ms, at) => Math.round(ms - (beganMs[at] ?? 0)));
    // From 5 s half way to the latency with each good answer; the error in fourth place keeps what was.
    expect(gaps).toEqual([5000, 3000, 2000, 1500, 1500, 1250]);
    const slow = await crawl(
      { ...throttled, maxPages: 3, autoThrottleTargetConcurrency: 0.01 },
      { answer: () => ({ delayMs: 1000 }) },
    );
    // A second at a hundredth of a download at once asks for 100 s; the limit is 60 s.
    const [, second = 0, third = 0] = slow.beganMs;
    expect(third - second).toBe(60_000);
  });

  it('log stats, what they grew by and how long it took, those that are chosen', async () => {
    const { logger } = await crawl({
      logStatsIntervalMs: 10_000,
      logStatsKeys: ['page/*', 'scheduler/*', '!scheduler/enqueued'],
    });
    const lines = logger.records.filter(({ message }) => message.includes('a minute'));
    expect(lines).toHaveLength(5);
    expect(Object.keys(lines[0]?.fields.stats as object)).toEqual(['page/count', 'scheduler/dequeued']);
    const at = (line: number) => lines[line]?.fields as Record<string, Record<string, number>>;
    expect(at(1).delta?.['page/count']).toBe(
      Number(at(1).stats?.['page/count']) - Number(at(0).stats?.['page/count']),
    );
    expect(lines[1]?.fields).toMatchObject({ sinceLastMs: 10_000, elapsedMs: 20_000 });
    expect(at(4).stats?.['page/count']).toBe(40);
  });

  it('keep the state of a spider with its job', async () => {
    const { url } = await site({ '/1': '', '/2': '', '/3': '' });
    class Counts extends Spider {
      override *start() {
        for (const page of ['/1', '/2', '/3']) yield new Request(url(page));
      }
      override parse() {
        this.state.pages = Number(this.state.pages ?? 0) + 1;
        return { pages: this.state.pages };
      }
    }
    const jobDir = join(temporaryFolder(), 'job');
    const first = await runSpider(Counts, { settings: { jobDir, maxPages: 2 } });
    const second = await runSpider(Counts, { settings: { jobDir } });
    expect([...first.items, ...second.items]).toEqual([{ pages: 1 }, { pages: 2 }, { pages: 3 }]);
  });

  it('let a running crawl be asked and steered over loopback, by whoever has its token', async () => {
    const controlFile = join(temporaryFolder(), 'control.json');
    const { url, paths } = await site({ '/': '', '/next': '' });
    const answers: unknown[] = [];
    class Steered extends Spider {
      override startUrls = [url('/')];
      override async parse() {
        const { url: address, token } = JSON.parse(readFileSync(controlFile, 'utf8'));
        expect(new URL(address).hostname).toBe('127.0.0.1');
        const ask = async (method: string, path: string, given: string) => {
          const headers = { authorization: `Bearer ${given}` };
          const answer = await fetch(address + path, { method, headers });
          answers.push([path, answer.status, await answer.json()]);
        };
        await ask('GET', '/status', 'guessed');
        await ask('GET', '/status', token);
        await ask('POST', '/pause', token);
        await ask('POST', '/resume', token);
        await ask('POST', '/stop', token);
        return new Request(url('/next'));
      }
    }
    const { result } = await runSpider(Steered, { settings: { controlFile } });
    expect(answers).toMatchObject([
      ['/status', 401, { error: expect.any(String) }],
      ['/status', 200, { spider: 'Steered', active: 1, stats: { 'scheduler/enqueued': 1 } }],
      ['/pause', 200, { isPaused: true }],
      ['/resume', 200, { isPaused: false }],
      ['/stop', 200, {}],
    ]);
    expect(result.reason).toBe('shutdown');
    expect(paths).toEqual(['/']);
    expect(existsSync(controlFile)).toBe(false);
  });
});
