import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { runCommandLine } from '../../src/cli/main.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { StoreChange, StoreEntry } from '../../src/contracts/store.ts';
import { Crawler, type CrawlResult, Request, Response, Spider } from '../../src/index.ts';
import { JobJournal } from '../../src/job/job-journal.ts';
import { sealRecord } from '../../src/job/record.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';
import type { PartialSettings } from '../../src/settings/settings.ts';
import type { SpiderClass } from '../../src/spider/spider.ts';
import { openLevelStore } from '../../src/store/level-store.ts';
import { fakeTerminal } from './fake-terminal.ts';

/** Pages of the site. */
export const PAGES = 60;

const SITE = 'http://site.test';

/** Gives an item itself; its two requests are the first page, by a redirect, and the second one. */
class TreeSpider extends Spider {
  override *start(): Iterable<Request | { readonly page: string }> {
    yield { page: 'start' };
    yield new Request(`${SITE}/go`);
    yield new Request(`${SITE}/1`);
  }

  override *parse(response: Response): Iterable<Request | { readonly page: string }> {
    const page = Number(new URL(response.url).pathname.slice(1));
    yield { page: String(page) };
    for (const next of [2 * page + 1, 2 * page + 2]) if (next < PAGES) yield new Request(`${SITE}/${next}`);
  }
}

/** What a command wrote and came to. */
export interface CommandOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A crawl of a site in this process, kept in a folder, and the command line beside it. */
export class KeptCrawl {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'orbweaver-job-'));
  readonly job: string = join(this.folder, 'job');
  readonly output: string = join(this.folder, 'out.jsonl');
  /** Pages that were asked for, in order. */
  readonly asked: string[] = [];
  /** Pages that answer 503. */
  broken: ReadonlySet<string> = new Set();

  /** Runs it, or goes on with it. */
  run(
    settings: PartialSettings = {},
    spider: SpiderClass = TreeSpider,
    input?: Readable,
  ): Promise<CrawlResult> {
    return new Crawler(spider, {
      name: 'tree',
      logger: silentLogger,
      ...(input && { input }),
      downloader: {
        download: async (request) => this.#answer(request),
        close: async () => {},
      },
      settings: {
        jobDir: this.job,
        obeyRobotsTxt: false,
        retryTimes: 0,
        downloadDelayMs: 0,
        randomizeDownloadDelay: false,
        adaptivePace: false,
        feeds: { [this.output]: { format: 'jsonl' } },
        ...settings,
      },
    }).run();
  }

  /** Pages of the items in the output, sorted by number. */
  pages(): string[] {
    return pagesOf(readFileSync(this.output, 'utf8'));
  }

  /** `crawl job …` in the folder of the crawl. */
  async command(...words: readonly string[]): Promise<CommandOutcome> {
    const terminal = fakeTerminal(this.folder);
    const code = await runCommandLine(['job', ...words], terminal);
    return { code, out: terminal.out, err: terminal.err };
  }

  /** Records of the job whose keys begin with a prefix. */
  async records(prefix: string): Promise<readonly StoreEntry[]> {
    return await this.#inStore((store) => store.range(prefix, `${prefix}\uffff`, { limit: 10_000 }));
  }

  /** Deletes records as the job would. */
  async forget(...keys: readonly string[]): Promise<void> {
    const clock = systemClock;
    await this.#inStore(async (store) => {
      const journal = await JobJournal.open({ folder: this.job, store, clock, onFailure: () => {} });
      for (const key of keys) journal.delete(key);
      await journal.close();
    });
  }

  /** Changes records behind the job's back. */
  async change(changes: readonly StoreChange[]): Promise<void> {
    await this.#inStore((store) => store.batch(changes));
  }

  /** Turns a bit over in the payload of a record. */
  async spoil({ key, value }: StoreEntry): Promise<void> {
    const bytes = Buffer.from(value);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await this.change([[key, bytes]]);
  }

  /** Writes a record as the job would. */
  async put(key: string, payload: string): Promise<void> {
    await this.change([[key, sealRecord(key, payload)]]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #answer(request: Request): Response {
    const { pathname } = new URL(request.url);
    const page = pathname.slice(1);
    this.asked.push(page);
    if (page === 'go')
      return new Response(request.url, { status: 302, headers: { location: '/0' }, request });
    return new Response(request.url, { status: this.broken.has(page) ? 503 : 200, body: '<p>', request });
  }

  async #inStore<Result>(
    work: (store: Awaited<ReturnType<typeof openLevelStore>>) => Promise<Result>,
  ): Promise<Result> {
    const store = await openLevelStore(join(this.job, 'store'), { create: false });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }
}

/** Pages of items as JSON lines, sorted by number. */
export function pagesOf(lines: string): string[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => String((JSON.parse(line) as { readonly page: string }).page))
    .sort((a, b) => Number(a) - Number(b));
}

/** Every page of the site, and the item of `start()`. */
export const ALL_PAGES: readonly string[] = [
  'start',
  ...Array.from({ length: PAGES }, (_, page) => String(page)),
];
