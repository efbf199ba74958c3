import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatsValue } from '../contracts/stats.ts';
import type { Crawler } from '../crawler/crawler.ts';
import { PageNotes } from '../crawler/page-notes.ts';
import { probe } from '../crawler/probe.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { MemoryLogger } from '../logging/memory-logger.ts';
import type { PartialSettings } from '../settings/settings.ts';
import type { SpiderClass } from '../spider/spider.ts';
import type { ItemRecord } from '../values/item.ts';
import { Request, type RequestOptions } from '../values/request.ts';
import { finderOf, pathOf, type SavedPage, SavedPageDownloader, type SavedPages } from './saved-pages.ts';
import { type ErrorRecord, errorRecord, type RequestRecord, requestRecord } from './spider-records.ts';

/** What a spider is tested with. Without `page`, `url` or `request` it begins with its own `start()`. */
export interface SpiderTestOptions<Args extends object = Record<string, unknown>> {
  /** The one page for a callback: text, or a file. */
  readonly page?: string | SavedPage;
  /** Address of that page. @defaultValue the first of `startUrls`, else `https://site.test/` */
  readonly url?: string | URL;
  /** Method of the spider that takes it. @defaultValue `parse` */
  readonly callback?: string;
  /** Second argument of the callback. */
  readonly cbKwargs?: unknown;
  /** Whatever else the request of the page has: `meta`, `method`, `headers`. */
  readonly request?: Omit<RequestOptions, 'callback' | 'cbKwargs'>;
  /** Pages for all that the spider asks for. */
  readonly pages?: SavedPages;
  /** Folder that `crawl … --replay DIR` recorded, or a `.warc` file: its answers stand in for the web. Not changed. */
  readonly replay?: string | URL;
  /** Whether requests are followed. @defaultValue `true` for a whole spider, `false` for one page */
  readonly follow?: boolean;
  /** Arguments of the spider, as `-a` gives them. */
  readonly args?: Partial<Args>;
  /** Settings, which win over the spider's. */
  readonly settings?: PartialSettings;
  /** Whether items go through the spider's pipelines. @defaultValue `false` */
  readonly pipelines?: boolean;
}

/** What came of it, as plain values in the order of the crawl, which is the same each time. */
export interface SpiderTestResult<Item extends object> {
  readonly items: readonly Item[];
  /** Requests that callbacks gave, before any rule, such as the duplicate filter, had its say. */
  readonly requests: readonly RequestRecord[];
  readonly errors: readonly ErrorRecord[];
  /** Counters by name, sorted, without those of time and memory. */
  readonly stats: Readonly<Record<string, StatsValue>>;
  /** What ended the crawl: `finished`, `maxPages` … */
  readonly reason: string;
  /** Everything that was logged. */
  readonly log: MemoryLogger;
}

/** One page after the other and no waiting; these win over the spider's own. */
const TEST_SETTINGS: PartialSettings = {
  concurrentRequests: 1,
  order: 'fifo',
  downloadDelayMs: 0,
  adaptivePace: false,
  autoThrottle: false,
  hostBackoffMs: 0,
  maxHostFailures: 0,
  hostLimits: {},
  retry: false,
  retryBackoffMs: 0,
  maxRetryAfterMs: 0,
  obeyRobotsTxt: false,
  proxyFromEnvironment: false,
  allowFileUrls: false,
  httpCache: 'off',
  logStatsIntervalMs: 0,
  memoryLimitBytes: 0,
  memoryWarnBytes: 0,
};
const NOT_THE_SAME = /^(?:start_time|finish_time|elapsed_ms|memory\/.*|(?:page|item)\/per_minute)$/;
const NO_PAGES: SavedPages = () => undefined;

/**
 * Runs a callback of a spider on a saved page, or the whole spider on pages that were saved or recorded. Nothing is
 * asked for over a network, nothing is waited for and nothing is written. What fails is in `errors`, never thrown.
 *
 * Works in any test runner: `const { items } = await testSpider(BooksSpider, { page: { file: 'books.html' } })`.
 *
 * @throws SettingsError on wrong settings or arguments, or options that exclude each other.
 */
export async function testSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
>(spider: SpiderClass<Item, Args>, options: SpiderTestOptions<Args> = {}): Promise<SpiderTestResult<Item>> {
  checkSources(options);
  const recorded = await openRecording(options.replay);
  try {
    return await runTest(spider, options, recorded.settings);
  } finally {
    await recorded.close();
  }
}

async function runTest<Item extends object, Args extends object>(
  spider: SpiderClass<Item, Args>,
  options: SpiderTestOptions<Args>,
  recording: PartialSettings,
): Promise<SpiderTestResult<Item>> {
  const { page, pages, args, settings = {}, pipelines = false } = options;
  const isOnePage = page !== undefined || options.url !== undefined || options.callback !== undefined;
  const { follow = !isOnePage } = options;
  const log = new MemoryLogger();
  const scraped: object[] = [];
  const items = new PageNotes<object>();
  const requests = new PageNotes<RequestRecord>();
  let onlyPage: Request | undefined;
  const answers = page === undefined ? (pages ?? NO_PAGES) : withPage(page, pages, () => onlyPage);
  const crawler = probe(spider, {
    ...(args && { args }),
    layers: [
      { source: 'testSpider', settings: TEST_SETTINGS },
      { source: 'settings of testSpider', settings },
      { source: 'replay of testSpider', settings: recording },
    ],
    logger: log,
    pipelines,
    downloader: new SavedPageDownloader(answers),
    observer: {
      request(request, unit) {
        requests.add(unit.request, requestRecord(request));
        return follow;
      },
      item(item, unit) {
        items.add(unit.request, item);
        return true;
      },
      again(page) {
        requests.forget(page);
        items.forget(page);
      },
    },
    ...(isOnePage && {
      start: (made: object) => {
        onlyPage = firstRequest(made, options);
        return [onlyPage];
      },
    }),
  });
  if (pipelines) crawler.signals.on('itemScraped', ({ item }) => void scraped.push(item));
  const errors = listenForErrors(crawler);
  const { reason, error, stats } = await crawler.run();
  if (error !== undefined) errors.note(undefined, error);
  return {
    items: (pipelines ? scraped : items.values) as Item[],
    requests: requests.values,
    errors: errors.records,
    stats: steady(stats),
    reason,
    log,
  };
}

function checkSources({ page, pages, replay }: SpiderTestOptions<object>): void {
  if (replay !== undefined && (page !== undefined || pages !== undefined)) {
    throw new SettingsError('testSpider: give either pages or a replay, not both');
  }
}

function firstRequest(
  spider: object,
  { url, callback = 'parse', cbKwargs, request = {} }: SpiderTestOptions<object>,
): Request {
  const { startUrls } = spider as { readonly startUrls: readonly string[] };
  return new Request(url ?? startUrls[0] ?? 'https://site.test/', {
    ...request,
    callback,
    ...(cbKwargs !== undefined && { cbKwargs }),
    dontFilter: true,
    meta: { allowOffsite: true, ...request.meta },
  });
}

/** The page under test is whatever answers the first request; pages beside it may be followed. */
function withPage(
  page: string | SavedPage,
  pages: SavedPages | undefined,
  first: () => Request | undefined,
): SavedPages {
  const find = typeof pages === 'object' ? finderOf(pages) : pages;
  return (request) => (request.url === first()?.url ? page : find?.(request));
}

/** Errors of a crawl; what ends it is told of twice. */
class ErrorNotes {
  readonly records: ErrorRecord[] = [];
  readonly #seen = new Set<unknown>();

  note(url: string | undefined, error: unknown): void {
    if (this.#seen.has(error)) return;
    this.#seen.add(error);
    this.records.push(errorRecord(url, error));
  }
}

function listenForErrors({ signals }: Pick<Crawler, 'signals'>): ErrorNotes {
  const errors = new ErrorNotes();
  signals.on('requestFailed', ({ request, error }) => errors.note(request.url, error));
  signals.on('spiderError', ({ response, request, error }) => errors.note((response ?? request)?.url, error));
  signals.on('itemError', ({ response, error }) => errors.note(response?.url, error));
  return errors;
}

/** What a recording asks of the settings, and how to leave it as it was. */
interface Recording {
  readonly settings: PartialSettings;
  close(): Promise<void>;
}

/** A folder is copied: opening its store would change files that are kept with the tests. */
async function openRecording(replay: string | URL | undefined): Promise<Recording> {
  if (replay === undefined) return { settings: {}, close: async () => {} };
  const place = pathOf(replay);
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) throw new SettingsError(`testSpider: there is no replay at ${place}`);
  if (found.isFile()) {
    return { settings: { replayWarc: place, replayMissing: 'fail' }, close: async () => {} };
  }
  const copy = await mkdtemp(join(tmpdir(), 'orbweaver-replay-'));
  await cp(place, copy, { recursive: true, filter: (path) => !path.endsWith('LOCK') });
  return {
    settings: { httpCache: 'replay', httpCacheDir: copy },
    close: () => rm(copy, { recursive: true, force: true }),
  };
}

function steady(stats: Readonly<Record<string, StatsValue>>): Record<string, StatsValue> {
  return Object.fromEntries(Object.entries(stats).filter(([name]) => !NOT_THE_SAME.test(name)));
}
