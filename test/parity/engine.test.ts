import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  CloseCrawlError,
  type ComponentContext,
  type Crawler,
  type DownloaderMiddleware,
  type Factory,
  fingerprint,
  type ItemPipeline,
  MemoryScheduler,
  type MemorySchedulerOptions,
  type PartialSettings,
  Request,
  type Response,
  Spider,
  type SpiderClass,
} from '../../src/index.ts';
import { ManualClock, type MemoryLogger } from '../../src/testing/index.ts';
import { crawl } from '../support/command-line.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { timedSite } from './timed-site.ts';

/** One download at a time, so that the order of the queue is the order at the site. */
const ONE_BY_ONE = { concurrentRequests: 1, obeyRobotsTxt: false } as const;

/** Pages by path that only lead to others. */
function pagesOf(links: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(links).map(([path, targets]) => [
      path,
      targets.map((target) => `<a href="${target}">x</a>`).join(''),
    ]),
  );
}

/** Crawls with each page done before the next is asked for; gives the paths in their order. */
async function inOrder(
  spider: SpiderClass,
  pages: Readonly<Record<string, string>>,
  settings: PartialSettings = {},
): Promise<string[]> {
  const paths: string[] = [];
  const { clock, options } = timedSite(({ url }) => {
    const { pathname } = new URL(url);
    paths.push(pathname);
    return { body: pages[pathname] ?? '' };
  });
  const slow = { concurrentRequests: 1, downloadDelayMs: 10 };
  await clock.run(runSpider(spider, { ...options, settings: { ...options.settings, ...slow, ...settings } }));
  return paths;
}

/** Any address: the pages of `inOrder`. */
const url = (path: string): string => `http://host.test${path}`;

class FollowsAll extends Spider {
  override *parse(response: Response) {
    yield* response.followAll('a');
  }
}

function duplicatesLogged(logger: MemoryLogger): unknown[] {
  return logger.records
    .filter(({ message }) => message.startsWith('duplicate request filtered'))
    .map(({ fields }) => fields.url);
}

describe('engine', () => {
  it('takes requests from scheduler to downloader to callback, and what it gives to pipelines and scheduler', async () => {
    const { url, paths } = await site({
      '/': '<a href="/next">next</a>',
      '/next': 'next',
      '/wall': 'wall',
      '/behind': 'behind',
    });
    const answersWithRequest: Factory<DownloaderMiddleware> = () => ({
      name: 'wall',
      processResponse: (response, { request }) =>
        response.url.endsWith('/wall') ? request.replace({ url: url('/behind') }) : undefined,
    });
    const upper: Factory<ItemPipeline> = () => ({
      name: 'upper',
      processItem: (item) => ({ page: String(item.page).toUpperCase() }),
    });
    class Loops extends Spider {
      override startUrls = [url('/'), url('/wall')];
      override *parse(response: Response) {
        yield { page: new URL(response.url).pathname };
        yield* response.followAll('a');
      }
    }
    const { items, stats } = await runSpider(Loops, {
      settings: { downloaderMiddlewares: [answersWithRequest], pipelines: [upper] },
    });
    expect(items.map(({ page }) => page).sort()).toEqual(['/', '/BEHIND', '/NEXT']);
    expect([...paths].sort()).toEqual(['/', '/behind', '/next', '/wall']);
    expect(stats).toMatchObject({ 'scheduler/enqueued': 4, 'scheduler/dequeued': 4 });
  });

  it('takes no more while downloads or the bytes of pages in work are at their bounds', async () => {
    const { clock, options } = timedSite(() => ({ delayMs: 10 }));
    let under = 0;
    let most = 0;
    class Many extends Spider {
      override startUrls = Array.from({ length: 9 }, (_, at) => `http://host${at}.test/`);
      override parse() {}
    }
    const watch = (crawler: Crawler): void => {
      crawler.signals.on('requestReachedDownloader', () => {
        most = Math.max(most, ++under);
      });
      crawler.signals.on('requestLeftDownloader', () => void under--);
    };
    const crawling = (concurrentRequests: number): Promise<unknown> => {
      most = 0;
      const settings = { ...options.settings, concurrentRequests };
      return clock.run(runSpider(Many, { ...options, settings, onCrawler: watch }));
    };
    await crawling(2);
    expect(most).toBe(2);
    await crawling(1_000_000);
    expect(most).toBe(9);

    const events: string[] = [];
    class Works extends Spider {
      override startUrls = ['http://host.test/a', 'http://host.test/b'];
      override async parse({ url }: Response) {
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, 100));
        events.push(`parsed ${url.at(-1)}`);
      }
    }
    const working = (maxActiveBytes: number): Promise<unknown> =>
      clock.run(
        runSpider(Works, {
          ...options,
          settings: { ...options.settings, downloadDelayMs: 20, maxActiveBytes },
          onCrawler: ({ signals }) =>
            signals.on('requestReachedDownloader', ({ request }) => {
              events.push(`asked ${request.url.at(-1)}`);
            }),
        }),
      );
    // Each response counts as 1 KiB at least.
    await working(1023);
    expect(events.splice(0)).toEqual(['asked a', 'parsed a', 'asked b', 'parsed b']);
    await working(1024);
    expect(events).toEqual(['asked a', 'asked b', 'parsed a', 'parsed b']);
  });

  it('is idle once nothing is left, asks its listeners, and closes unless they keep it open for another 5 seconds', async () => {
    const clock = new ManualClock();
    const pages: string[] = [];
    // No network: what it takes would pass on the clock as well.
    class Waits extends Spider {
      override startUrls = ['data:,start'];
      override parse({ text }: Response) {
        pages.push(text);
      }
    }
    const idleAtMs: number[] = [];
    const running = runSpider(Waits, {
      clock,
      settings: { obeyRobotsTxt: false, logStatsIntervalMs: 0 },
      onCrawler: ({ signals }) =>
        signals.on('spiderIdle', ({ keepOpen, push }) => {
          idleAtMs.push(clock.monotonicMs());
          if (idleAtMs.length === 1) keepOpen();
          if (idleAtMs.length === 2) push(new Request('data:,late'));
        }),
    });
    const { result } = await clock.run(running);
    expect(idleAtMs).toEqual([0, 5000, 5000]);
    expect(pages).toEqual(['start', 'late']);
    expect(result.reason).toBe('finished');
  });

  it('closes in order when a callback or Ctrl-C asks for it, and at once on a second Ctrl-C', async () => {
    const { url, paths } = await site({ '/a': 'a', '/b': 'b', '/c': 'c' });
    const closed: string[] = [];
    class Closes extends Spider {
      override startUrls = [url('/a'), url('/b'), url('/c')];
      override *parse() {
        yield { kept: true };
        throw new CloseCrawlError('enough');
      }
      override closed(reason: string) {
        closed.push(reason);
      }
    }
    const { result, items, stats } = await runSpider(Closes, { settings: ONE_BY_ONE });
    expect(result.reason).toBe('enough');
    expect(closed).toEqual(['enough']);
    expect(stats['spider/errors']).toBeUndefined();
    expect(items.length).toBe(paths.length);
    expect(paths).not.toContain('/c');

    const folder = temporaryFolder();
    let arrived: () => void = () => {};
    let answer: () => void = () => {};
    const slow = await site({
      '/page': () =>
        new Promise<string>((resolve) => {
          arrived();
          answer = () => resolve('page');
        }),
      '/more': 'more',
    });
    writeFileSync(
      join(folder, 'slow.ts'),
      `import { Spider } from "orbweaver";
       export default class Slow extends Spider {
         startUrls = ['${slow.url('/page')}', '${slow.url('/more')}'];
         *parse({ url }) { yield { url }; }
         closed(reason) { process.stdout.write('closed ' + reason + '\\n'); }
       }`,
    );
    const words = ['./slow.ts', '-s', 'concurrentRequests=1', '-s', 'logLevel=debug', '-O', 'items.jsonl'];
    const signalled = async (isTwice: boolean): Promise<Awaited<ReturnType<typeof crawl>>> => {
      const reached = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      let isWatched = false;
      let again: NodeJS.Timeout | undefined;
      const result = await crawl(words, {
        cwd: folder,
        onOutput(child, stderr) {
          if (!isWatched) void reached.then(() => child.kill('SIGINT'));
          isWatched = true;
          if (!stderr.includes('closing: shutdown')) return;
          // What comes at once with the first signal counts as the same key press.
          if (isTwice) again ??= setTimeout(() => child.kill('SIGINT'), 250);
          else answer();
        },
      });
      clearTimeout(again);
      return result;
    };
    const first = await signalled(false);
    expect(first).toMatchObject({ code: 130 });
    expect(first.stdout).toContain('closed shutdown');
    expect(slow.paths).toEqual(['/page']);
    expect(readFileSync(join(folder, 'items.jsonl'), 'utf8')).toBe(`{"url":"${slow.url('/page')}"}\n`);
    // The page never comes: without the second signal the crawl would wait for it.
    const both = await signalled(true);
    expect(both).toMatchObject({ code: 130 });
    expect(readFileSync(join(folder, 'items.jsonl'), 'utf8')).toBe('');
  });

  it('lets components push and download, and lets the crawl be held, continued and closed', async () => {
    const { url, paths } = await site({ '/': 'start', '/pushed': 'pushed', '/inline': 'inline' });
    const reasons: string[] = [];
    const downloaded: string[] = [];
    class Held extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        yield { page: response.text };
      }
    }
    const { items, result } = await runSpider(Held, {
      settings: {
        ...ONE_BY_ONE,
        extensions: [
          ({ fetch, signals }: ComponentContext) => ({
            name: 'driver',
            open() {
              signals.on('spiderOpened', async () => {
                // By-passes queue, duplicate filter and spider.
                for (let time = 0; time < 2; time++)
                  downloaded.push((await fetch(new Request(url('/inline')))).text);
              });
            },
          }),
        ],
      },
      onCrawler: (crawler) => {
        crawler.pause();
        crawler.signals.on('spiderOpened', () => {
          crawler.pause();
          void setImmediate().then(async () => {
            for (let turn = 0; turn < 20; turn++) await setImmediate();
            reasons.push(`held with ${crawler.progress().pages} pages`);
            crawler.resume();
          });
        });
        crawler.signals.on('spiderIdle', ({ push, keepOpen }) => {
          if (paths.includes('/pushed')) crawler.stop('enough');
          else push(new Request(url('/pushed')));
          keepOpen();
        });
      },
    });
    expect(reasons).toEqual(['held with 0 pages']);
    expect(downloaded).toEqual(['inline', 'inline']);
    expect(items).toEqual([{ page: 'start' }, { page: 'pushed' }]);
    expect(result.reason).toBe('enough');
  });
});

describe('scheduler', () => {
  const TREE = pagesOf({
    '/': ['/a', '/b'],
    '/a': ['/a1', '/a2'],
    '/b': ['/b1', '/b2'],
    '/a1': [],
    '/a2': [],
    '/b1': [],
    '/b2': [],
  });

  it('takes the highest priority first, and of equal ones the newest: depth first', async () => {
    class Ranks extends FollowsAll {
      override *start() {
        yield new Request(url('/low'), { priority: -1 });
        yield new Request(url('/mid'));
        yield new Request(url('/high'), { priority: 2.5 });
      }
    }
    expect(await inOrder(Ranks, {})).toEqual(['/high', '/mid', '/low']);
    class Deep extends FollowsAll {
      override startUrls = [url('/')];
    }
    expect(await inOrder(Deep, TREE)).toEqual(['/', '/b', '/b2', '/b1', '/a', '/a2', '/a1']);
  });

  it('goes breadth first with the oldest first and depthPriority 1', async () => {
    class Broad extends FollowsAll {
      override startUrls = [url('/')];
    }
    expect(await inOrder(Broad, TREE, { order: 'fifo', depthPriority: 1 })).toEqual([
      '/',
      '/a',
      '/b',
      '/a1',
      '/a2',
      '/b1',
      '/b2',
    ]);
  });

  it('takes start requests in their order and after those that pages gave, while start() still runs', async () => {
    class Starts extends FollowsAll {
      override startUrls = [url('/one'), url('/two'), url('/three')];
    }
    const pages = pagesOf({ '/one': ['/one1', '/one2'] });
    expect(await inOrder(Starts, pages)).toEqual(['/one', '/one2', '/one1', '/two', '/three']);

    let parsed: () => void = () => {};
    const firstParsed = new Promise<void>((resolve) => {
      parsed = resolve;
    });
    class Drained extends Spider {
      override async *start() {
        yield new Request(url('/two'));
        await firstParsed;
        yield new Request(url('/three'));
      }
      override parse() {
        parsed();
      }
    }
    expect(await inOrder(Drained, {})).toEqual(['/two', '/three']);
  });

  it('pulls start() only as far as the crawl comes after', async () => {
    const { options } = timedSite(() => ({}));
    let given = 0;
    let furthestAhead = 0;
    class Endless extends Spider {
      #pages = 0;
      override *start() {
        for (;;) yield new Request(`http://host.test/${++given}`);
      }
      override parse() {
        this.#pages += 1;
        furthestAhead = Math.max(furthestAhead, given - this.#pages);
      }
    }
    const settings = { ...options.settings, maxPages: 1500 };
    const { result } = await runSpider(Endless, {
      ...options,
      settings: { ...settings, downloadDelayMs: 0 },
    });
    expect(result.pages).toBe(1500);
    expect(furthestAhead).toBeLessThanOrEqual(2100);
  });

  it('takes turns between hosts, so that none waits behind a busy one', async () => {
    const { options } = timedSite(() => ({}));
    const asked: string[] = [];
    class Hosts extends Spider {
      override startUrls = ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'].map(
        (name) => `http://${name[0]}.test/${name[1]}`,
      );
      override parse() {}
    }
    await runSpider(Hosts, {
      ...options,
      settings: { ...ONE_BY_ONE, downloadDelayMs: 0 },
      onCrawler: ({ signals }) =>
        signals.on('requestReachedDownloader', ({ request }) => {
          asked.push(new URL(request.url).host[0] ?? '');
        }),
    });
    expect(asked.join('')).toMatch(/^(ab|ba){3}$/);
  });

  it('can be replaced by one of your own', async () => {
    const { url, paths } = await site(TREE);
    const calls: string[] = [];
    /** Oldest first; its duplicate filter knows a page that was never asked for. */
    class OwnScheduler extends MemoryScheduler {
      override push(candidates: Parameters<MemoryScheduler['push']>[0]) {
        calls.push('push');
        return super.push(candidates.filter(({ request }) => !request.url.endsWith('/b1')));
      }
      override take(...given: Parameters<MemoryScheduler['take']>) {
        calls.push('take');
        return super.take(...given);
      }
      override counts() {
        calls.push('counts');
        return super.counts();
      }
      override async close() {
        calls.push('close');
        await super.close();
      }
    }
    class Deep extends FollowsAll {
      override *start() {
        for (const path of ['/b2', '/b1']) yield new Request(url(path));
      }
    }
    const scheduler = (options: MemorySchedulerOptions): MemoryScheduler => {
      calls.push('open');
      return new OwnScheduler({ ...options, order: 'fifo' });
    };
    await runSpider(Deep, { settings: { ...ONE_BY_ONE, scheduler } });
    expect(paths).toEqual(['/b2']);
    expect(calls[0]).toBe('open');
    expect(new Set(calls)).toEqual(new Set(['open', 'push', 'take', 'counts', 'close']));
    await expect(
      runSpider(Deep, { settings: { scheduler, jobDir: join(temporaryFolder(), 'job') } }),
    ).rejects.toThrow(/a job keeps its own queue/);
    await expect(runSpider(Deep, { settings: { scheduler: () => ({}) } })).rejects.toThrow(/no scheduler/);
  });

  it('keeps a job in a folder: queue, known requests and spider.state go on where they were', async () => {
    const { url, paths } = await site(TREE);
    const settings = { ...ONE_BY_ONE, jobDir: join(temporaryFolder(), 'job') };
    class Kept extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        this.state.pages = Number(this.state.pages ?? 0) + 1;
        yield { page: new URL(response.url).pathname, count: this.state.pages };
        yield* response.followAll('a');
      }
    }
    const first = await runSpider(Kept, { settings: { ...settings, maxPages: 3 } });
    expect(first.result).toMatchObject({ reason: 'maxPages', job: { state: 'open' } });
    const second = await runSpider(Kept, { settings });
    expect(second.result).toMatchObject({ reason: 'finished', job: { state: 'finished' } });
    expect([...paths].sort()).toEqual(Object.keys(TREE).sort());
    expect([...first.items, ...second.items].map(({ count }) => count)).toEqual([1, 2, 3, 4, 5, 6, 7]);

    class Unfit extends Spider {
      override *start() {
        yield new Request(url('/'), { meta: { open: () => {} } });
      }
    }
    const unfit = await runSpider(Unfit, { settings: { jobDir: join(temporaryFolder(), 'job') } });
    expect(unfit.result.error?.message).toMatch(/meta\.open is a function/);
  });
});

describe('duplicate filter', () => {
  it('refuses known requests as they are queued, counts them and logs the first, or all', async () => {
    const { url, paths } = await site({ '/': '', '/page': '' });
    class Twice extends Spider {
      override startUrls = [url('/')];
      override *parse() {
        for (const path of ['/page', '/page', '/page', '/'])
          yield new Request(url(path), { callback: this.end });
        yield new Request(url('/page'), { dontFilter: true, callback: this.end });
      }
      end() {}
    }
    const { stats, logger } = await runSpider(Twice);
    expect(paths).toEqual(['/', '/page', '/page']);
    expect(stats['dupefilter/filtered']).toBe(3);
    expect(duplicatesLogged(logger)).toEqual([url('/page')]);
    const { logger: all } = await runSpider(Twice, { settings: { dupeFilterDebug: true } });
    expect(duplicatesLogged(all)).toEqual([url('/page'), url('/page'), url('/')]);
  });

  it('knows requests by method, canonical URL and body', () => {
    const known = fingerprint(new Request('https://a.test/p?b=2&a=1'));
    expect(known).toBe(fingerprint(new Request('https://A.test:443/p?a=1&b=2#part')));
    expect(known).toBe(fingerprint(new Request('https://a.test/p?b=2&a=1', { headers: { 'X-One': '1' } })));
    const others = [
      new Request('https://a.test/p?b=2&a=2'),
      new Request('https://a.test/p?b=2&a=1', { method: 'POST' }),
      new Request('https://a.test/p?b=2&a=1', { method: 'POST', body: 'x' }),
      new Request('https://a.test/p?b=2&a=1', { method: 'POST', body: 'y' }),
    ];
    expect(new Set([known, ...others.map((request) => fingerprint(request))]).size).toBe(5);
  });

  it('takes other requests for the same by settings: headers, fragments, or a function', async () => {
    const { url, arrived } = await site({ '/page': '' });
    class Alike extends Spider {
      override *start() {
        yield new Request(url('/page?session=1'), { headers: { 'X-Shop': 'a' } });
        yield new Request(url('/page?session=2'), { headers: { 'X-Shop': 'b' } });
        yield new Request(url('/page?session=1#part'), { headers: { 'X-Shop': 'b' } });
      }
      override parse() {}
    }
    const asked = async (settings: PartialSettings): Promise<number> => {
      const before = arrived.length;
      await runSpider(Alike, { settings });
      return arrived.length - before;
    };
    expect(await asked({})).toBe(2);
    expect(await asked({ fingerprintHeaders: ['X-Shop'] })).toBe(3);
    expect(await asked({ fingerprintFragments: true })).toBe(3);
    expect(await asked({ fingerprint: ({ url: at }: Request) => at.replace(/[?#].*/, '') })).toBe(1);
    expect(await asked({ fingerprint: ({ headers }: Request) => headers.get('x-shop') })).toBe(2);
    expect(await asked({ fingerprint: () => undefined })).toBe(2);
    const wrong = await runSpider(Alike, { settings: { fingerprint: () => 7 as never } });
    expect(wrong.result.error?.message).toMatch(/settings\.fingerprint gave number/);
  });
});
