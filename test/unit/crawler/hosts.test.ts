import { describe, expect, it } from 'vitest';
import type { HostState } from '../../../src/contracts/scheduler.ts';
import { Crawler } from '../../../src/crawler/crawler.ts';
import { silentLogger } from '../../../src/logging/silent-logger.ts';
import { Spider } from '../../../src/spider/spider.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { FakeDownloader } from '../../support/engine-run.ts';

class PagesSpider extends Spider {
  override startUrls = ['http://a.test/1', 'http://a.test/2', 'http://b.test/1'];

  override *parse(): Iterable<never> {}
}

describe('crawler.hosts', () => {
  it('shows the hosts of a running crawl and changes their pace', async () => {
    const clock = new ManualClock();
    const states: HostState[] = [];
    const downloader = new FakeDownloader(clock, ({ url }) => {
      if (url !== 'http://b.test/1') return undefined;
      crawler.hosts.setLimits('a.test', { delayMs: 400 });
      crawler.hosts.block('a.test', 5000);
      states.push(...crawler.hosts.list());
      return undefined;
    });
    const settings = {
      obeyRobotsTxt: false,
      order: 'fifo',
      downloadDelayMs: 0,
      concurrentRequests: 1,
    } as const;
    const crawler = new Crawler(PagesSpider, { clock, downloader, settings, logger: silentLogger });
    await clock.run(crawler.run(), 5000);
    expect(states.map(({ name }) => name)).toEqual(['a.test', 'b.test']);
    expect(states[0]).toMatchObject({ queued: 1, blockedForMs: 5000, limits: { delayMs: 400 } });
    const [first = 0, , last = 0] = downloader.startedAtMs;
    expect(last - first).toBe(5000);
  });

  it('knows no hosts before the crawl runs, and says where limits go then', () => {
    const { hosts } = new Crawler(PagesSpider, { logger: silentLogger });
    expect([...hosts.list()]).toEqual([]);
    expect(hosts.get('a.test')).toBeUndefined();
    expect(() => hosts.setLimits('a.test', { delayMs: 1 })).toThrow('settings.hostLimits');
  });
});
