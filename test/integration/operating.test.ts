import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Crawler,
  type CrawlOptions,
  type CrawlResult,
  Request,
  type Response,
  Spider,
} from '../../src/index.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { type CommandResult, crawl } from '../support/command-line.ts';
import { FakeDownloader, type FakeSite } from '../support/engine-run.ts';

const PAGES = 40;

/** Forty pages `/0` … `/39`; every tenth has no title, `/7` makes the callback throw otherwise. */
class NumbersSpider extends Spider {
  static override settings = {
    obeyRobotsTxt: false,
    downloadDelayMs: 0,
    concurrentRequests: 1,
    order: 'fifo' as const,
  };

  override *start(): Iterable<Request> {
    for (let page = 0; page < PAGES; page++) yield new Request(`http://site.test/${page}`);
  }

  override parse({ url }: Response): { page: number } | undefined {
    const page = Number(new URL(url).pathname.slice(1));
    if (page % 10 === 3) throw new TypeError('no title');
    if (page === 7) throw new RangeError('no price');
    return page < 20 ? { page } : undefined;
  }
}

type Counts = Readonly<Record<string, number>>;

interface Run {
  readonly result: CrawlResult;
  readonly clock: ManualClock;
  readonly logger: MemoryLogger;
}

/** Crawls the forty pages, each a second long, on a clock of the test. */
async function run(
  settings: NonNullable<CrawlOptions['settings']>,
  site: FakeSite = () => ({ delayMs: 1000 }),
  prepare: (crawler: Crawler) => void = () => {},
): Promise<Run> {
  const clock = new ManualClock();
  const logger = new MemoryLogger();
  const downloader = new FakeDownloader(clock, site);
  const crawler = new Crawler(NumbersSpider as never, {
    clock,
    logger,
    downloader,
    settings,
    random: () => 0.5,
  });
  prepare(crawler as Crawler);
  return { result: await clock.run(crawler.run()), clock, logger };
}

describe('a crawl that is watched', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-operating-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('ends a time after its last item', async () => {
    const { result } = await run({ maxDurationWithoutItemMs: 5000 });
    expect(result.reason).toBe('maxDurationWithoutItem');
    expect(result.items).toBe(17);
    // Page 19 comes after 20 s, and the page that is under way at 25 s still ends.
    expect(result.durationMs).toBeLessThanOrEqual(26_000);
  });

  it('ends after pages in a row without an item', async () => {
    const { result } = await run({ maxPagesWithoutItem: 3 });
    expect([result.reason, result.items]).toEqual(['maxPagesWithoutItem', 17]);
    expect(result.pages - 23).toBeLessThanOrEqual(1);
  });

  it('ends in order when its memory is used up', async () => {
    const { result, logger } = await run({ memoryLimitBytes: 1000 });
    expect(result).toMatchObject({ reason: 'memory', stats: { 'memory/limit_reached': 1 } });
    expect(result.pages).toBeLessThan(5);
    expect(logger.messages('error')).toEqual([
      expect.stringMatching(/memoryLimitBytes.*closed in order.*--job/),
    ]);
  });

  it('warns of its memory once and goes on', async () => {
    const warnings: unknown[] = [];
    const { result } = await run({ memoryLimitBytes: 0, memoryWarnBytes: 1000 }, undefined, ({ signals }) => {
      signals.on('memoryWarning', (data) => {
        warnings.push(data);
      });
    });
    expect([result.reason, warnings.length]).toEqual(['finished', 1]);
    expect(warnings).toEqual([expect.objectContaining({ warnBytes: 1000, limitBytes: undefined })]);
  });

  it('groups its errors and saves the first page of each group', async () => {
    const site: FakeSite = ({ url }) => (url.endsWith('/39') ? { status: 404 } : { body: url });
    const { result } = await run({ errorPagesDir: folder }, site);
    const { groups, others } = result.errorGroups;
    expect(groups.map(({ error, status, count, url }) => [error, status ?? 0, count, url])).toEqual([
      ['TypeError', 0, 4, 'http://site.test/3'],
      ['RangeError', 0, 1, 'http://site.test/7'],
      ['HttpError', 404, 1, 'http://site.test/39'],
    ]);
    expect(groups[0]?.place).toMatch(/operating\.test\.ts:\d+:\d+$/);
    expect(readFileSync(String(groups[0]?.page), 'utf8')).toBe('http://site.test/3');
    expect(others).toBe(0);
  });

  it('has each limit without items anew in each run of a job, and its memory too', async () => {
    const settings = { jobDir: join(folder, 'job'), maxPagesWithoutItem: 3 };
    const first = await run({ ...settings, memoryWarnBytes: 1000 });
    const second = await run(settings);
    expect([first.result.reason, second.result.reason]).toEqual([
      'maxPagesWithoutItem',
      'maxPagesWithoutItem',
    ]);
    expect(second.result.pages - first.result.pages).toBeGreaterThanOrEqual(3);
    expect(first.result.stats).toHaveProperty('memory/warning_reached');
    expect(second.result.stats).not.toHaveProperty('memory/warning_reached');
  });

  it('says which conditions it fails on', async () => {
    const { result } = await run({ failOn: ['errors>10%', 'items<10', 'items < 50%'] });
    expect(result.failedOn).toEqual([
      'errors>10%: 5 errors, 12.5 % of 40 pages',
      'items<50%: 17 items, 42.5 % of 40 pages',
    ]);
  });

  it('logs the stats that are named from time to time', async () => {
    const { logger } = await run({ logStatsIntervalMs: 10_000, logStatsKeys: ['page/*'] });
    const lines = logger.records.filter(({ message }) => message.includes(' a minute'));
    const [first, second] = lines.map(({ fields }) => fields as { stats: Counts; delta: Counts });
    const grown = Number(second?.stats['page/count']) - Number(first?.stats['page/count']);
    expect(grown).toBeGreaterThan(5);
    expect(second?.delta).toEqual({ 'page/count': grown });
  });

  it('refuses a wrong condition before anything is sent', () => {
    expect(() => new Crawler(NumbersSpider as never, { settings: { failOn: ['errros>1%'] } })).toThrow(
      /failOn\[0\] must be a condition such as errors>1%.*got "errros>1%"/,
    );
  });
});

describe('crawl --fail-on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-fail-on-'));
  const books = (...words: readonly string[]): Promise<CommandResult> =>
    crawl(['spiders/books.ts', '-s', 'logFormat=text', '-L', 'silent', ...words], {
      cwd: join(folder, 'shop'),
    });

  beforeAll(async () => {
    await crawl(['init', 'shop'], { cwd: folder });
    writeFileSync(
      join(folder, 'shop/spiders/books.ts'),
      `import { Request, type Response, Spider } from 'orbweaver';
export default class BooksSpider extends Spider {
  *start() { for (let at = 0; at < 20; at++) yield new Request(\`data:text/html,<p>\${at}</p>\`); }
  parse(response: Response) {
    const at = response.css('p::text').get();
    if (at === '3') throw new TypeError('no title');
    return { at };
  }
}
`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with 3 and the figures where a condition is met, with --quiet too', async () => {
    const { code, stderr } = await books('--fail-on', 'items<10', '--fail-on', 'errors>1%', '--quiet');
    expect(stderr).toBe('crawl: failed on errors>1%: 1 error, 5 % of 20 pages\n');
    expect(code).toBe(3);
  });

  it('ends with 0 where none is met, and sums the errors up', async () => {
    const { code, stderr } = await books('--fail-on', 'errors>10%');
    expect(stderr).toMatch(
      /1 × TypeError \(parse, spiders\/books\.ts:6:27\): no title\n +first: data:text\/html,<p>3<\/p>/,
    );
    expect(code).toBe(0);
  });

  it('says the same of a job that is finished', async () => {
    const again = ['--job', 'kept', '--fail-on', 'errors>1%', '--quiet'];
    for (const run of [await books(...again), await books(...again)]) {
      expect(run.stderr).toContain('crawl: failed on errors>1%: 1 error, 5 % of 20 pages\n');
      expect(run.code).toBe(3);
    }
  });

  it('ends with 2 on a wrong condition', async () => {
    const { code, stderr } = await books('--fail-on', 'errors>1%%');
    expect(stderr).toContain('--fail-on: failOn[0] must be a condition such as errors>1%');
    expect(code).toBe(2);
  });
});

describe('the summary of a crawl that drops items', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-drops-'));
  const long = (...words: readonly string[]): Promise<CommandResult> =>
    crawl(['./long.mjs', '-o', 'items.jsonl', ...words], { cwd: folder });

  beforeAll(() =>
    writeFileSync(
      join(folder, 'long.mjs'),
      `import { drop, Spider } from 'orbweaver';
export default class LongSpider extends Spider {
  static pipelines = [() => ({ name: 'short', processItem: ({ at }) => (at > 1 ? drop('too long') : undefined) })];
  startUrls = ['data:text/html,x'];
  *parse() { for (let at = 0; at < 5; at++) yield { at }; }
}
`,
    ),
  );
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says how many and why', async () => {
    const { stderr } = await long('-s', 'logFormat=text');
    expect(stderr).toContain('  3 dropped: too long (3)\n');
  });

  it('says so in the JSON line, too', async () => {
    const { stderr } = await long('-s', 'logFormat=json');
    const last: unknown = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({
      items: 2,
      dropped: { count: 3, reasons: [{ reason: 'too long', count: 3 }] },
    });
  });
});
