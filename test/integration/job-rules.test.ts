import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { FeedStorage } from '../../src/contracts/feed-storage.ts';
import type { Logger } from '../../src/contracts/logger.ts';
import type { Scheduler } from '../../src/contracts/scheduler.ts';
import { retryFailed } from '../../src/crawler/job/change-job.ts';
import { withJob } from '../../src/crawler/job/with-job.ts';
import { paceDefaults } from '../../src/crawler/pace-defaults.ts';
import { WholeFileTarget } from '../../src/feed/whole-file-target.ts';
import {
  ConnectionRefusedError,
  Crawler,
  type CrawlResult,
  drop,
  Request,
  Response,
  Spider,
} from '../../src/index.ts';
import { JobItemLog } from '../../src/job/job-item-log.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';
import { DiskScheduler } from '../../src/scheduler/disk-scheduler.ts';
import { MemoryScheduler } from '../../src/scheduler/memory-scheduler.ts';
import { DEFAULT_SETTINGS } from '../../src/settings/default-settings.ts';
import type { PartialSettings } from '../../src/settings/settings.ts';
import type { SpiderClass } from '../../src/spider/spider.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-rules-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

type Output = Request | Record<string, unknown>;
const page = (number: number | string): string => `http://site.test/${number}`;

/** Eight pages in a row, each with an item. */
class RowSpider extends Spider {
  override startUrls = [page(0)];

  override *parse(response: Response): Iterable<Output> {
    const number = Number(new URL(response.url).pathname.slice(1));
    yield { number };
    if (number < 7) yield new Request(page(number + 1));
  }
}

interface Run {
  readonly answer?: (request: Request) => Response;
  readonly settings?: PartialSettings;
  readonly prepare?: (crawler: Crawler) => void;
  readonly scheduler?: Scheduler;
  readonly logger?: Logger;
}

/** One run of a job whose pages are all there. */
function run(
  spider: SpiderClass,
  { settings = {}, prepare, answer, scheduler, logger = silentLogger }: Run = {},
): Promise<CrawlResult> {
  const crawler = new Crawler(spider, {
    name: 'rules',
    logger,
    ...(scheduler && { scheduler }),
    downloader: {
      download: async (request) => answer?.(request) ?? new Response(request.url, { request }),
      close: async () => {},
    },
    settings: {
      jobDir: join(folder, 'job'),
      obeyRobotsTxt: false,
      downloadDelayMs: 0,
      randomizeDownloadDelay: false,
      adaptivePace: false,
      ...settings,
    },
  });
  prepare?.(crawler);
  return crawler.run();
}

const out = (name: string): string => join(folder, name);
const lines = (name: string): string[] => readFileSync(out(name), 'utf8').trimEnd().split('\n');

describe('a job whose site is down', () => {
  it('keeps what is queued behind a robots.txt that cannot be had, to be tried again', async () => {
    const feeds = { [out('a.jsonl')]: {} };
    await run(RowSpider, { settings: { feeds, maxPages: 3 } });
    const down: Pick<Run, 'settings' | 'answer'> = {
      settings: { feeds, obeyRobotsTxt: true, retryBackoffMs: 1, hostBackoffMs: 0 },
      answer: ({ url }) => {
        throw new ConnectionRefusedError(url, 'refused');
      },
    };
    const { job } = await run(RowSpider, down);
    expect(job).toMatchObject({ dead: 1 });
    await retryFailed(join(folder, 'job'), {});
    const { job: after } = await run(RowSpider, { settings: { feeds } });
    expect(after).toMatchObject({ state: 'finished', dead: 0 });
    expect(lines('a.jsonl')).toHaveLength(8);
  });
});

describe('an output of a job', () => {
  it('is refused once somebody has added to it after an orderly end', async () => {
    const feeds = { [out('a.jsonl')]: {}, [out('b.csv')]: { fields: ['number'] }, [out('c.json')]: {} };
    for (const name of ['a.jsonl', 'b.csv', 'c.json']) {
      await run(RowSpider, { settings: { feeds, maxPages: 3 } });
      appendFileSync(out(name), 'mine\n');
      const { error, crawledNothing } = await run(RowSpider, { settings: { feeds } });
      expect(error?.message).toContain(`${name}: somebody has added to the file`);
      expect(crawledNothing).toBe(true);
      expect(readFileSync(out(name), 'utf8')).toMatch(/mine\n$/);
      rmSync(folder, { recursive: true });
    }
  });

  it('is known again however its file is named', async () => {
    await run(RowSpider, {
      settings: { feeds: { [out('a.jsonl')]: {}, [out('b.csv.gz')]: {} }, maxPages: 3 },
    });
    const feeds = { [relative('', out('a.jsonl'))]: {}, [pathToFileURL(out('b.csv.gz')).href]: {} };
    await run(RowSpider, { settings: { feeds } });
    expect(lines('a.jsonl')).toHaveLength(8);
    expect(
      gunzipSync(readFileSync(out('b.csv.gz')))
        .toString()
        .trim()
        .split('\r\n'),
    ).toHaveLength(9);
    const twice = { [out('a.jsonl')]: {}, [relative('', out('a.jsonl'))]: {} };
    await expect(run(RowSpider, { settings: { feeds: twice } })).rejects.toThrow(/a\.jsonl twice/);
  });

  describe('that is a file', () => {
    const from = (place: string): void => void vi.spyOn(process, 'cwd').mockReturnValue(place);
    const stopped = (uri: string): Promise<CrawlResult> =>
      run(RowSpider, { settings: { feeds: { [uri]: {} }, maxPages: 3 } });

    it.each(['a.jsonl', 'a-%(name)s.jsonl', 'a.jsonl.gz'])(
      'is known again from another folder: %s',
      async (name) => {
        const names: [string, string][] = [
          [name, out(name)],
          [name, `../${name}`],
          [out(name), `../${name}`],
          [name, `file://${out(name)}`],
        ];
        for (const [first, second] of names) {
          from(folder);
          await stopped(first);
          from(out('below'));
          const { error, feeds } = await run(RowSpider, { settings: { feeds: { [second]: {} } } });
          expect([error, feeds[0]?.items]).toEqual([undefined, 8]);
          const bytes = readFileSync(out(name.replace('%(name)s', 'rules')));
          const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
          expect(text.trimEnd().split('\n')).toHaveLength(8);
          rmSync(folder, { recursive: true });
        }
      },
    );

    it('is known again through a link', async () => {
      from(folder);
      await stopped('a.jsonl');
      symlinkSync('.', out('link'));
      await run(RowSpider, { settings: { feeds: { [out('link/a.jsonl')]: {} } } });
      expect(lines('a.jsonl')).toHaveLength(8);
    });

    it('is known again by any of its names where all was moved together', async () => {
      from(out('old'));
      await stopped(out('old/a.jsonl'));
      await run(RowSpider, { settings: { feeds: { 'a.jsonl': {} }, maxPages: 5 } });
      renameSync(out('old'), out('new'));
      from(out('new'));
      await run(RowSpider, { settings: { feeds: { 'a.jsonl': {} } } });
      expect(lines('new/a.jsonl')).toHaveLength(8);
      expect(existsSync(out('old'))).toBe(false);
    });

    it('is known again where an older job has kept it by its word alone', async () => {
      from(folder);
      await stopped('a.jsonl');
      await withJob(out('job'), async ({ journal }) => {
        const [cursor] = await journal.range('c', 'd');
        journal.put('ca.jsonl', cursor?.payload ?? '');
        journal.delete(cursor?.key ?? '');
        journal.delete('sfeednames');
      });
      await run(RowSpider, { settings: { feeds: { 'a.jsonl': {} }, maxPages: 5 } });
      from(out('below'));
      await run(RowSpider, { settings: { feeds: { '../a.jsonl': {} } } });
      expect(lines('a.jsonl')).toHaveLength(8);
    });
  });

  it('is not written on by two crawls at once', async () => {
    const settings = { feeds: { [out('a.jsonl')]: {} } };
    const { error } = await run(RowSpider, {
      settings,
      answer: (request) => {
        if (request.url === page(6)) appendFileSync(out('a.jsonl'), '{"other":1}\n');
        return new Response(request.url, { request });
      },
    });
    expect(error?.message).toContain('a.jsonl: something else writes to this file');
    expect(lines('a.jsonl').at(-1)).toBe('{"other":1}');
  });

  it.each([1, 6])(
    'keeps what another crawl wrote to its file from page %j on, also when it goes on',
    async (from) => {
      writeFileSync(out('a.jsonl'), '{"old":1}\n');
      const settings = { feeds: { [out('a.jsonl')]: {} } };
      let others = 0;
      const disturbed = await run(RowSpider, {
        settings,
        answer: (request) => {
          if (Number(request.url.slice(page('').length)) >= from)
            appendFileSync(out('a.jsonl'), `{"other":${others++}}\n`);
          return new Response(request.url, { request });
        },
      });
      expect(disturbed.error?.message).toContain('something else writes to this file');
      const before = lines('a.jsonl');
      for (let again = 0; again < 2; again++) {
        const { error, pages } = await run(RowSpider, { settings });
        expect(error?.message).toContain('a.jsonl: somebody has added to the file');
        expect(pages).toBe(disturbed.pages);
        expect(lines('a.jsonl')).toEqual(before);
      }
    },
  );

  const collected = (): PartialSettings => ({ feeds: { [out('a.csv')]: { format: 'csv' } } });
  const declared = (): PartialSettings => ({
    feeds: { [out('a.csv')]: { format: 'csv', fields: ['number'] } },
  });

  it('is left as it is when it would be written in another way from now on', async () => {
    for (const [first, second] of [
      [collected(), declared()],
      [declared(), collected()],
    ]) {
      await run(RowSpider, { settings: { ...first, maxPages: 3 } });
      const before = lines('a.csv');
      await expect(
        run(RowSpider, { settings: second ?? {} }).then(({ error }) => Promise.reject(error)),
      ).rejects.toThrow(/a\.csv: its options \(columns, packing\) are not those that the job began with/);
      expect(lines('a.csv')).toEqual(before);
      rmSync(folder, { recursive: true });
    }
  });

  it('that is made as a whole does not take the place of what others put there', async () => {
    await run(RowSpider, { settings: { ...collected(), maxPages: 3 } });
    rmSync(out('a.csv'));
    writeFileSync(out('a.csv'), 'my thesis');
    await expect(
      run(RowSpider, { settings: collected() }).then(({ error }) => Promise.reject(error)),
    ).rejects.toThrow(/another file has taken the place|was changed/);
    expect(lines('a.csv')).toEqual(['my thesis']);
  });

  it('that is made as a whole is made anew where it is gone', async () => {
    await run(RowSpider, { settings: { ...collected(), maxPages: 3 } });
    rmSync(out('a.csv'));
    expect((await run(RowSpider, { settings: collected() })).reason).toBe('finished');
    expect(lines('a.csv')).toHaveLength(9);
  });
});

describe('an output of a job that is taken away while it is written', () => {
  it.each(['a.jsonl', 'a.json'])('is missed by the next run, which writes %s anew', async (name) => {
    const settings = { feeds: { [out(name)]: {} } };
    const logger = new MemoryLogger();
    const answer = (request: Request): Response => {
      if (request.url === page(7)) rmSync(out(name));
      return new Response(request.url, { request });
    };
    await run(RowSpider, { settings, answer, logger });
    expect(existsSync(out(name))).toBe(false);
    expect(logger.records.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`${name} was taken away while it was written`),
    );
    expect((await run(RowSpider, { settings })).job?.wasFinished).toBe(false);
    expect(readFileSync(out(name), 'utf8').match(/number/g)).toHaveLength(8);
    expect((await run(RowSpider, { settings })).job?.wasFinished).toBe(true);
  });
});

describe('an output of a job that is made as a whole and taken away at once', () => {
  it('is missed by the next run', async () => {
    const settings = { feeds: { [out('a.csv')]: {} } };
    const close = WholeFileTarget.prototype.close;
    const closing = vi.spyOn(WholeFileTarget.prototype, 'close').mockImplementation(async function (
      this: WholeFileTarget,
      ...given
    ) {
      const bytes = await close.apply(this, given);
      rmSync(out('a.csv'));
      return bytes;
    });
    await run(RowSpider, { settings });
    closing.mockRestore();
    expect((await run(RowSpider, { settings })).job?.wasFinished).toBe(false);
    expect(lines('a.csv')).toHaveLength(9);
  });
});

describe('an output of a job that had no items', () => {
  class Nothing extends Spider {
    override startUrls = [page(0)];

    override *parse(): Iterable<Output> {}
  }

  it.each(['a.jsonl', 'a.json', 'a.jsonl.gz'])('is not missed where %s is not stored empty', async (name) => {
    const settings = { feeds: { [out(name)]: { storeEmpty: false } } };
    await run(Nothing, { settings });
    expect((await run(Nothing, { settings })).job?.wasFinished).toBe(true);
    expect(existsSync(out(name))).toBe(false);
  });

  it('is missed where it was stored empty', async () => {
    const settings = { feeds: { [out('a.jsonl')]: {} } };
    await run(Nothing, { settings });
    rmSync(out('a.jsonl'));
    expect((await run(Nothing, { settings })).job?.wasFinished).toBe(false);
    expect(readFileSync(out('a.jsonl'), 'utf8')).toBe('');
  });
});

describe('an output of a job with a password in its address', () => {
  const uri = 'ftp://bob:hunter2@host/%(batch_id)d.jsonl';
  const key = 'cftp://host/%(batch_id)d.jsonl';
  const keys = (): Promise<string[]> =>
    withJob(out('job'), async ({ journal }) => (await journal.range('c', 'd')).map((record) => record.key));
  let made: string[] = [];
  const ftp = (location: string): FeedStorage => ({
    location,
    open: async () => void made.push(location.replace(/.*\//, '')),
    write: async () => {},
    close: async () => {},
  });
  const settings = (...uris: string[]): PartialSettings => ({
    feeds: Object.fromEntries(uris.map((one) => [one, { batchItemCount: 2 }])),
    feedStorages: { ftp },
  });
  beforeEach(async () => {
    made = [];
    await run(RowSpider, { settings: { ...settings(uri), maxPages: 4 } });
    expect(made).toEqual(['1.jsonl', '2.jsonl']);
  });

  it('is kept without it', async () => {
    expect(await keys()).toEqual([key]);
    const store = readdirSync(out('job/store')).map((name) => readFileSync(out(`job/store/${name}`)));
    expect(store.some((bytes) => bytes.includes('hunter2'))).toBe(false);
    await run(RowSpider, { settings: settings(uri.replace('hunter2', 'changed')) });
    expect(made.slice(2)).toEqual(['3.jsonl', '4.jsonl']);
  });

  it('is found where an older job has kept it', async () => {
    await withJob(out('job'), async ({ journal }) => {
      journal.put(`c${uri}`, (await journal.get(key)) ?? '');
      journal.delete(key);
    });
    await run(RowSpider, { settings: settings(uri) });
    expect(made.slice(2)).toEqual(['3.jsonl', '4.jsonl']);
    expect(await keys()).toEqual([`c${uri}`]);
  });

  it('is refused beside one that differs in nothing else', async () => {
    const both = settings(uri, uri.replace('bob', 'al'));
    await expect(run(RowSpider, { settings: both })).rejects.toThrow(/has ftp:\/\/host\/.* twice/);
  });
});

describe('a job', () => {
  const jsonl = (): PartialSettings => ({ feeds: { [out('a.jsonl')]: { format: 'jsonl' } } });

  it('does not acknowledge a page whose items cannot be stored', async () => {
    let isBroken = true;
    class Broken extends RowSpider {
      override *parse(response: Response): Iterable<Output> {
        const isSixth = response.url === page(5);
        for (const output of super.parse(response))
          yield isSixth && isBroken && !(output instanceof Request) ? { bad: { toJSON: fail } } : output;
      }
    }
    const fail = (): never => {
      throw new Error('no text for this');
    };
    expect((await run(Broken, { settings: jsonl() })).reason).not.toBe('finished');
    isBroken = false;
    expect((await run(Broken, { settings: jsonl() })).reason).toBe('finished');
    expect(lines('a.jsonl')).toHaveLength(8);
  });

  it('crawls requests once that were handed on before an end came between them and their page', async () => {
    let isFirst = true;
    let abort = (): void => {};
    class Many extends Spider {
      override startUrls = [page('many')];

      override async *parse(response: Response): AsyncIterable<Output> {
        if (response.url !== page('many')) return;
        for (let number = 0; number < 10_050; number++) yield new Request(page(number), { dontFilter: true });
        if (isFirst) {
          abort();
          await new Promise(() => {});
        }
      }
    }
    const prepare = (crawler: Crawler): void => {
      abort = () => crawler.abort();
    };
    const settings = { maxPages: 10_100 };
    await run(Many, { prepare, settings });
    isFirst = false;
    expect(await run(Many, { settings })).toMatchObject({ reason: 'finished', pages: 10_051 });
  });

  it('writes the many items of a page in pieces, and gives all of them once in their order', async () => {
    class Large extends Spider {
      override startUrls = [page(0)];

      override *parse(): Iterable<Output> {
        for (let number = 0; number < 2600; number++) yield { number };
      }
    }
    const append = vi.spyOn(JobItemLog.prototype, 'append');
    const setAside = vi.spyOn(JobItemLog.prototype, 'setAside');
    const { items } = await run(Large, { settings: jsonl() });
    const sizes = [
      ...append.mock.calls.map(([some]) => some.length),
      ...setAside.mock.calls.map(([, some]) => some.length),
    ];
    expect(items).toBe(2600);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    expect(lines('a.jsonl')).toEqual(Array.from({ length: 2600 }, (_, number) => `{"number":${number}}`));
  });

  it.each(['keep', 'discard'] as const)(
    'queues the many links of a page in pieces (%s)',
    async (onCallbackError) => {
      class Links extends Spider {
        override startUrls = [page('many')];

        override *parse(response: Response): Iterable<Output> {
          if (response.url !== page('many')) return;
          for (let number = 0; number < 3500; number++)
            yield new Request(page(number), { dontFilter: number % 2 === 0 });
        }
      }
      const push = vi.spyOn(DiskScheduler.prototype, 'push');
      const commit = vi.spyOn(DiskScheduler.prototype, 'commit');
      const { pages } = await run(Links, { settings: { onCallbackError } });
      const sizes = [
        ...push.mock.calls.map(([some]) => some.length),
        ...commit.mock.calls.map(([, { requests = [] }]) => requests.length),
      ];
      expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
      expect(pages).toBe(3501);
    },
  );

  it('counts what became of the items of a page once, also where the page comes again', async () => {
    let isFirst = true;
    let abort = (): void => {};
    class Dropped extends Spider {
      override startUrls = [page(0)];

      override async *parse(): AsyncIterable<Output> {
        yield { number: 0 };
        if (!isFirst) return;
        isFirst = false;
        abort();
        await new Promise(() => {});
      }
    }
    const prepare = (crawler: Crawler): void => {
      abort = () => crawler.abort();
    };
    const settings = { pipelines: [() => ({ name: 'sold', processItem: () => drop('sold') })] };
    await run(Dropped, { prepare, settings });
    const { stats } = await run(Dropped, { settings });
    expect(stats).toMatchObject({ 'item/dropped': 1, 'item/dropped/sold': 1, 'page/count': 1 });
  });

  it('crawls known pages again that spiderIdle asks for with dontFilter', async () => {
    let asked = 0;
    const prepare = ({ signals }: Crawler): void => {
      signals.on('spiderIdle', ({ push }) => {
        if (asked++ < 3) push(new Request(page(7), { dontFilter: true }));
      });
    };
    expect((await run(RowSpider, { prepare })).pages).toBe(11);
  });

  it('is refused with a scheduler that is given in code, and makes no folder', async () => {
    const scheduler = new MemoryScheduler({ clock: systemClock, pace: paceDefaults(DEFAULT_SETTINGS) });
    await expect(run(RowSpider, { scheduler })).rejects.toThrow(/a job keeps its own queue/);
    expect(existsSync(out('job'))).toBe(false);
  });

  it('is refused with other settings that say which requests are the same', async () => {
    await run(RowSpider, { settings: { maxPages: 3 } });
    await expect(run(RowSpider, { settings: { fingerprintFragments: true } })).rejects.toThrow(
      /setting fingerprintFragments: .*known pages would be taken for new ones.*--job-change/,
    );
  });

  it('tells items of two callbacks apart that get the same page', async () => {
    const keys = new Set<string>();
    class Twice extends Spider {
      override startUrls = [page(0)];

      override *parse(): Iterable<Output> {
        yield new Request(page(1), { callback: 'one' });
        yield new Request(page(1), { callback: 'two', dontFilter: true });
      }

      *one(): Iterable<Output> {
        yield { from: 'one' };
      }

      *two(): Iterable<Output> {
        yield { from: 'two' };
      }
    }
    const keep = () => ({
      name: 'keep',
      commit(batch: readonly { readonly fingerprint: string; readonly ordinal: number }[]): void {
        for (const { fingerprint, ordinal } of batch) keys.add(`${fingerprint}/${ordinal}`);
      },
    });
    await run(Twice, { settings: { pipelines: [keep] } });
    expect(keys.size).toBe(2);
  });
});

describe('limits of a job', () => {
  it('see the errors of a page that is still under way', async () => {
    const many = 5000;
    let given = 0;
    let wake = (): void => {};
    class Failing extends Spider {
      override startUrls = [page('large'), ...Array.from({ length: 100 }, (_, at) => page(at))];

      override async *parse({ url }: Response): AsyncIterable<Output> {
        if (!url.endsWith('large')) return;
        for (; given < many; given++) {
          if (given % 100 === 0) await new Promise<void>((resolve) => (wake = resolve));
          yield { given };
        }
      }
    }
    const failing = () => ({
      name: 'failing',
      processItem: () => {
        throw new Error('no');
      },
    });
    const { reason, errors } = await run(Failing, {
      prepare: ({ signals }) => signals.on('responseReceived', () => wake()),
      settings: {
        pipelines: [failing],
        maxErrors: 10,
        order: 'fifo',
        concurrentRequests: 2,
        closeTimeoutMs: 0,
      },
    });
    expect(reason).toBe('maxErrors');
    expect(errors).toBeGreaterThanOrEqual(10);
    expect(given).toBeLessThan(many);
  });
});
