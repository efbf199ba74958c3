import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Crawler, type CrawlOptions, type CrawlResult } from '../../src/crawler/crawler.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';
import { Spider } from '../../src/spider/spider.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import type { ItemRecord } from '../../src/values/item.ts';
import { Request } from '../../src/values/request.ts';
import type { Response } from '../../src/values/response.ts';
import { FakeDownloader, type FakeSite } from './engine-run.ts';

/** Pages of the site of `jobCrawl`: a tree, each of which gives an item. */
export const PAGES = 200;
const LINKS = 5;
const START_ITEMS = 3;
const MOST_MS = 20_000;

/** Pages that are gone for good, and those that answer at the second try only; all of them leaves. */
const isGone = (page: number): boolean => page >= 60 && page % 17 === 3;
const isLate = (page: number): boolean => page >= 60 && page % 13 === 5;

const site: FakeSite = ({ url }, { retries }) => {
  const page = Number(url.match(/\/p\/(\d+)$/)?.[1] ?? Number.NaN);
  if (!(page < PAGES) || isGone(page)) return { status: 404 };
  if (isLate(page) && retries === 0) return { status: 503, delayMs: 3 };
  return { delayMs: 3 + (page % 7), body: `page ${page}` };
};

const address = (page: number): string => `http://${page % 2 === 0 ? 'even' : 'odd'}.test/p/${page}`;

/** Crawls the tree. */
export class TreeSpider extends Spider {
  static override spiderName = 'tree';

  override *start(): Iterable<Request | ItemRecord> {
    for (let id = 0; id < START_ITEMS; id++) yield { id: `start ${id}`, text: 'a, "b"' };
    yield new Request(address(0), { dontFilter: true });
  }

  override *parse(response: Response): Iterable<Request | ItemRecord> {
    const page = Number(response.url.match(/\d+$/)?.[0]);
    this.state.pages = Number(this.state.pages ?? 0) + 1;
    yield { id: `page ${page}`, text: response.text };
    for (let link = 1; link <= LINKS; link++) {
      const to = page * LINKS + link;
      if (to < PAGES) yield new Request(address(to), { priority: to % 3 });
    }
    if (page > 0) yield new Request(address(0));
  }
}

/** What each output must hold, sorted. */
export const EXPECTED: readonly string[] = [
  ...Array.from({ length: START_ITEMS }, (_, id) => `start ${id}`),
  ...Array.from({ length: PAGES }, (_, page) => page)
    .filter((page) => !isGone(page))
    .map((page) => `page ${page}`),
].sort();
/** Pages that are given up. */
export const DEAD: number = PAGES - (EXPECTED.length - START_ITEMS);

/** How one run of the crawl is made. */
export interface JobCrawlOptions extends Pick<CrawlOptions, 'openStore'> {
  /** Where job and outputs are. */
  readonly folder: string;
  /** Ends the run in order after so many pages. */
  readonly stopAfter?: number;
  readonly durability?: 'process' | 'fsync';
  readonly settings?: CrawlOptions['settings'];
}

/** One run of the crawl, in the job `job` of a folder. */
export async function jobCrawl(options: JobCrawlOptions): Promise<CrawlResult> {
  const { folder, openStore, stopAfter, durability = 'process', settings } = options;
  const clock = new ManualClock();
  const fake = new FakeDownloader(clock, site);
  const crawler: Crawler = new Crawler(TreeSpider, {
    clock,
    downloader: fake,
    random: () => 0.5,
    logger: new MemoryLogger(),
    ...(openStore && { openStore }),
    settings: {
      jobDir: join(folder, 'job'),
      durability,
      downloadDelayMs: 0,
      adaptivePace: false,
      obeyRobotsTxt: false,
      logStatsIntervalMs: 0,
      feeds: {
        [join(folder, 'a.jsonl')]: { ifExists: 'overwrite' },
        [join(folder, 'b.csv')]: { ifExists: 'overwrite', fields: ['id', 'text'] },
        [join(folder, 'c.csv')]: { ifExists: 'overwrite' },
      },
      ...(stopAfter !== undefined && { maxPages: stopAfter }),
      ...settings,
    },
  });
  return inTime(clock.run(crawler.run()));
}

/** A crawl that hangs is a fault, too. */
async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the crawl hangs')), MOST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The ids in each output, sorted. */
export function outputsOf(folder: string): string[][] {
  return ['a.jsonl', 'b.csv', 'c.csv'].map((name) => {
    const path = join(folder, name);
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split(/\r?\n/) : [];
    const ids = name.endsWith('.jsonl')
      ? lines.map((line) => String((JSON.parse(line) as ItemRecord).id))
      : lines.slice(1).map((line) => line.split(',', 1)[0] ?? '');
    return ids.sort();
  });
}
