import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Crawler, Request, type Response, Spider } from '../../src/index.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';
import { faultServer } from '../support/fault-server.ts';
import type { Random } from './mutate.ts';

const BAD_PAGES = 40;
const GOOD_PAGES = 10;
/** A crawl of so few pages hangs if it takes this long. */
const LONGEST_CRAWL_MS = 60_000;

/** Crawls pages of a server that gets everything wrong, with whole ones between; gives how many answers were tried. */
export async function crawlFaults(random: Random): Promise<number> {
  const seed = Math.floor(random() * 2 ** 31) * 2;
  const [honest, odd] = [await faultServer(seed), await faultServer(seed + 1)];
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-faults-'));
  const got: string[] = [];

  class FaultSpider extends Spider {
    override *start(): Iterable<Request> {
      for (let page = 0; page < BAD_PAGES; page++) {
        if (page % (BAD_PAGES / GOOD_PAGES) === 0)
          yield new Request(`${honest.origin}/good/${page}`, { callback: this.good, priority: -1 });
        const kind = page % 8 === 0 ? 'sitemap' : 'bad';
        yield new Request(`${honest.origin}/${kind}/${page}`, { errback: this.failed });
        if (page % 4 === 0) yield new Request(`${odd.origin}/${kind}/${page}`, { errback: this.failed });
      }
    }

    good(response: Response): void {
      got.push(response.css('title::text').get() ?? '');
    }

    failed(): void {}

    override *parse(response: Response): Iterable<Request | Record<string, unknown>> {
      if (response.kind === 'binary') return;
      yield {
        url: response.url,
        title: response.kind === 'html' ? response.css('title::text').get() : undefined,
      };
      if (response.kind !== 'html') return;
      yield* response.followAll(response.css('a').slice(0, 2), { errback: this.failed });
    }
  }

  try {
    const crawler = new Crawler(FaultSpider, {
      logger: silentLogger,
      settings: {
        concurrentRequests: 32,
        concurrentRequestsPerHost: 32,
        downloadDelayMs: 0,
        adaptivePace: false,
        hostBackoffMs: 0,
        maxHostFailures: 0,
        downloadTimeoutMs: 1500,
        silenceTimeoutMs: 700,
        connectTimeoutMs: 1000,
        maxRetryAfterMs: 50,
        maxCrawlDelayMs: 20,
        retryTimes: 1,
        retryBackoffMs: 10,
        maxDepth: 2,
        maxBodyBytes: 4 * 1024 * 1024,
        maxPages: 0,
        blockPrivateAddresses: true,
        privateAddressExceptions: [honest, odd].map(({ port }) => `127.0.0.1:${port}`),
        httpCache: seed % 3 === 0 ? 'rfc9111' : 'off',
        httpCacheDir: join(folder, 'cache'),
        maxDurationMs: LONGEST_CRAWL_MS,
        feeds: { [join(folder, 'items.csv')]: {}, [join(folder, 'items.xml')]: {} },
      },
    });
    const { reason, error } = await crawler.run();
    if (error !== undefined) throw error;
    if (reason !== 'finished') throw new Error(`the crawl ended with ${reason}`);
    const wanted = Array.from({ length: GOOD_PAGES }, (_, at) => `good ${(at * BAD_PAGES) / GOOD_PAGES}`);
    if (got.toSorted().join() !== wanted.toSorted().join())
      throw new Error(`of ${GOOD_PAGES} good pages came: ${got.toSorted().join()}`);
    return honest.requests.length + odd.requests.length;
  } finally {
    await Promise.all([honest.close(), odd.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}
