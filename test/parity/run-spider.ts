import {
  Crawler,
  type CrawlOptions,
  type CrawlResult,
  type ItemRecord,
  type SpiderClass,
} from '../../src/index.ts';
import { MemoryLogger } from '../../src/testing/index.ts';

/** What a crawl gave and how it ended. */
export interface Crawled {
  readonly items: readonly ItemRecord[];
  readonly result: CrawlResult;
  readonly stats: CrawlResult['stats'];
  readonly logger: MemoryLogger;
  readonly crawler: Crawler;
}

/** What a crawl of these tests is given: `retryBackoffMs` is 1 unless it says otherwise. */
export interface RunOptions extends CrawlOptions {
  /** Called with the crawler before it runs: to listen to signals. */
  readonly onCrawler?: (crawler: Crawler) => void;
}

/** Crawls as a program would that uses the package. */
export async function runSpider(
  spider: SpiderClass<ItemRecord, never> | SpiderClass,
  { onCrawler, ...options }: RunOptions = {},
): Promise<Crawled> {
  const logger = new MemoryLogger();
  const settings = { retryBackoffMs: 1, ...options.settings };
  const crawler = new Crawler(spider as SpiderClass, { logger, ...options, settings });
  const items: ItemRecord[] = [];
  crawler.signals.on('itemScraped', ({ item }) => void items.push(item));
  onCrawler?.(crawler);
  const result = await crawler.run();
  return { items, result, stats: result.stats, logger, crawler };
}
