import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type AddOn,
  CloseCrawlError,
  type ComponentListEditor,
  Crawler,
  crawl as crawlSpider,
  DroppedError,
  drop,
  type Extension,
  type Factory,
  HttpError,
  type ItemPipeline,
  NotTextError,
  named,
  Request,
  type Response,
  Spider,
  type Stats,
  type StatsValue,
} from '../../src/index.ts';
import { MemoryLogger } from '../../src/testing/index.ts';
import { crawl } from '../support/command-line.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { timedSite } from './timed-site.ts';

const PAGE = 'data:text/html,<title>one</title>';
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 1, 2]);

class One extends Spider {
  override startUrls = [PAGE];
  override parse(response: Response): Record<string, unknown> | undefined {
    return { title: response.css('title::text').get() };
  }
}

const pipeline = (name: string, seen: string[] = []): Factory<ItemPipeline> =>
  named(name, () => ({ name, processItem: () => void seen.push(name) }));

describe('stats, logging, settings and components', () => {
  it('keeps stats that can be read and changed, and prints them at the end', async () => {
    class Counts extends One {
      override parse() {
        this.stats.set('mine/fact', 'x');
        this.stats.inc('mine/count');
        this.stats.inc('mine/count', 4);
        this.stats.max('mine/most', 3);
        this.stats.max('mine/most', 2);
        this.stats.min('mine/least', 3);
        this.stats.min('mine/least', 2);
        return { seen: this.stats.get('mine/count'), none: this.stats.get('mine/none') };
      }
    }
    const { items, stats, logger } = await runSpider(Counts, { settings: { statsDump: true } });
    expect(items).toEqual([{ seen: 5, none: undefined }]);
    const mine = { 'mine/fact': 'x', 'mine/count': 5, 'mine/most': 3, 'mine/least': 2 };
    expect(stats).toMatchObject(mine);
    expect(logger.records.find(({ message }) => message === 'stats')?.fields).toMatchObject({
      ...mine,
      'item/scraped': 1,
      'page/count': 1,
    });
    const reference = readFileSync(new URL('../../docs/reference/stats.md', import.meta.url), 'utf8');
    expect(reference.match(/`[a-z-]+(\/[a-z_*/-]+|_time)`/g)?.length).toBeGreaterThan(67);
  });

  it('takes stats of your own, also such that keep nothing', async () => {
    const sent: [string, StatsValue][] = [];
    const forgetful: Stats = {
      get: () => undefined,
      set: (key, value) => void sent.push([key, value]),
      inc: (key, by = 1) => void sent.push([key, by]),
      max: () => {},
      min: () => {},
      snapshot: () => ({}),
    };
    const { result, items } = await runSpider(One, { settings: { createStats: () => forgetful } });
    expect(items).toHaveLength(1);
    expect(result).toMatchObject({ reason: 'finished', stats: {} });
    expect(sent).toContainEqual(['finish_reason', 'finished']);
    expect(sent).toContainEqual(['page/count', 1]);
  });

  it('logs by level into a file as text or JSON, or not at all, and begins with settings and components', async () => {
    const folder = temporaryFolder();
    const logOf = async (settings: object) => {
      const logFile = join(folder, 'crawl.log');
      writeFileSync(logFile, '');
      for await (const _ of crawlSpider(One, { settings: { logFile, ...settings } }));
      return readFileSync(logFile, 'utf8');
    };
    const json = (await logOf({ logFormat: 'json', logLevel: 'debug', pipelines: [pipeline('mine')] }))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(json.find(({ message }) => message === 'settings that were given')).toMatchObject({
      level: 'debug',
      logLevel: { value: 'debug', source: 'code' },
    });
    expect(json.find(({ message }) => message === 'components')).toMatchObject({
      pipelines: ['mine'],
      downloaderMiddlewares: expect.arrayContaining(['retry', 'redirect', 'cookies']),
    });
    const text = await logOf({ logLevel: 'debug' });
    expect(text).toMatch(/^\S+ DEBUG \[crawler\] settings that were given /m);
    expect(await logOf({ logLevel: 'error' })).toBe('');
    expect(await logOf({ logLevel: 'silent' })).toBe('');
  });

  it('appends to the log file or begins anew, keeps standard output free, and follows a rotation', async () => {
    const logFile = join(temporaryFolder(), 'crawl.log');
    writeFileSync(logFile, 'before\n');
    const run = async (settings: object, spider = One) => {
      for await (const _ of crawlSpider(spider, { settings: { logFile, logLevel: 'debug', ...settings } }));
      return readFileSync(logFile, 'utf8');
    };
    expect(await run({})).toMatch(/^before\n.*debug/i);
    expect(await run({ logFileAppend: false })).not.toContain('before');
    class Rotates extends One {
      override parse() {
        appendFileSync(logFile, 'x'.repeat(10_000));
        truncateSync(logFile);
        this.logger.info('after the rotation');
        return undefined;
      }
    }
    const rotated = await run({}, Rotates as typeof One);
    // As what `copytruncate` leaves: nothing is written where the end once was.
    expect(rotated).toContain('after the rotation');
    expect(rotated).not.toContain('\0');
    expect(rotated).not.toContain('xxx');
    const cwd = temporaryFolder();
    const prints = `import { Spider } from "orbweaver";
      export default class Prints extends Spider { startUrls = ['${PAGE}']; parse() { return { a: 1 }; } }`;
    writeFileSync(join(cwd, 'prints.ts'), prints);
    const { stdout, stderr } = await crawl(['prints.ts', '-o', '-:jsonl', '-L', 'debug'], { cwd });
    expect(stdout).toBe('{"a":1}\n');
    expect(stderr).toContain('settings that were given');
    const { stdout: versions } = await crawl(['version', '-v'], { cwd });
    expect(versions).toMatch(/orbweaver: +\d[\s\S]*node: +\d[\s\S]*OpenSSL/);
  });

  it('words the lines about pages and items', async () => {
    const { url } = await site({ '/': 'page', '/bad': 'page' });
    class Kinds extends Spider {
      override *start() {
        for (const path of ['/', '/bad']) yield new Request(url(path));
        yield new Request('http://127.0.0.1:1/', { meta: { dontRetry: true, dontObeyRobotsTxt: true } });
      }
      override *parse(response: Response) {
        if (response.url.endsWith('/bad')) throw new Error('no');
        for (const kind of ['good', 'doubled', 'broken']) yield { kind };
      }
    }
    const judge: Factory<ItemPipeline> = named('judge', () => ({
      name: 'judge',
      processItem({ kind }) {
        if (kind === 'broken') throw new Error('no');
        return kind === 'doubled' ? drop('doubled') : undefined;
      },
    }));
    const { logger } = await runSpider(Kinds, {
      settings: {
        pipelines: [judge],
        logFormatter: {
          crawled: ({ response }) => `my crawled ${response.status}`,
          scraped: ({ item }) => ({ message: `my scraped ${String(item.kind)}`, level: 'warn', fields: {} }),
          dropped: ({ drop: { reason } }) => `my dropped ${reason}`,
          itemError: ({ item }) => `my itemError ${String(item.kind)}`,
          spiderError: ({ response }) => `my spiderError ${response?.status}`,
          downloadError: () => 'my downloadError',
        },
      },
    });
    const mine = logger.records.filter(({ message }) => message.startsWith('my '));
    expect(new Set(mine.map(({ message }) => message))).toEqual(
      new Set([
        'my crawled 200',
        'my scraped good',
        'my dropped doubled',
        'my itemError broken',
        'my spiderError 200',
        'my downloadError',
      ]),
    );
    expect(mine.find(({ message }) => message === 'my scraped good')?.level).toBe('warn');
  });

  it('lets the command line win over the spider, the project, add-ons and defaults, in this order', () => {
    class Slow extends One {
      static override settings = { retryTimes: 3, maxDepth: 3 };
    }
    const addOn: AddOn = {
      name: 'mine',
      updateSettings: () => ({ retryTimes: 1, maxDepth: 1, maxPages: 1, maxItems: 1 }),
    };
    const { settings, settingSources } = new Crawler(Slow, {
      logger: new MemoryLogger(),
      project: { source: 'project', settings: { retryTimes: 2, maxDepth: 2, maxPages: 2, addons: [addOn] } },
      settings: { retryTimes: 4 },
    });
    expect(settings).toMatchObject({ retryTimes: 4, maxDepth: 3, maxPages: 2, maxItems: 1, maxErrors: 0 });
    expect(
      ['retryTimes', 'maxDepth', 'maxPages', 'maxItems', 'maxErrors'].map((name) => settingSources.get(name)),
    ).toEqual(['code', 'spider Slow', 'project', 'add-on mine', 'default']);
  });

  it('has settings that are typed, checked by name and frozen, and reads them from text', async () => {
    const { settings } = new Crawler(One, { logger: new MemoryLogger() });
    expect(Object.keys(settings).length).toBeGreaterThan(110);
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.retryStatuses)).toBe(true);
    expect(() => Object.assign(settings, { maxPages: 1 })).toThrow(TypeError);
    const refused = (given: object) => () => new Crawler(One, { settings: given });
    expect(refused({ maxPagse: 1 })).toThrow(/did you mean maxPages\?/);
    expect(refused({ CONCURRENT_REQUESTS: 1 })).toThrow(/it is concurrentRequests here/);
    expect(refused({ maxPages: '1' })).toThrow(/maxPages must be/);
    const text = ['cookies=no', 'maxPages=7', 'autoThrottleTargetConcurrency=0.5', 'handleStatuses=404,410'];
    const words = [...text, 'defaultHeaders={"X-A": "1"}'].flatMap((word) => ['-s', word]);
    const { stdout } = await crawl(['settings', '--json', ...words], { cwd: temporaryFolder() });
    const read = JSON.parse(stdout);
    expect(read).toMatchObject({
      cookies: { value: false, source: '-s' },
      maxPages: { value: 7 },
      autoThrottleTargetConcurrency: { value: 0.5 },
      handleStatuses: { value: [404, 410] },
      defaultHeaders: { value: { 'X-A': '1' } },
    });
  });

  it('orders components by name: before, after, replaced, left out, and only if not there', async () => {
    const seen: string[] = [];
    const one = (name: string) => pipeline(name, seen);
    const onlyOnce = (list: ComponentListEditor) =>
      list.has('last') ? list : list.append(one('last again'));
    class Ordered extends One {
      static override settings = {
        pipelines: (list: ComponentListEditor) =>
          list
            .append(one('b'))
            .insertBefore('b', one('a'))
            .insertAfter('b', one('c'))
            .append(one('d'))
            .append(one('last'))
            .replace('c', one('new c'))
            .without('d'),
      };
    }
    await runSpider(Ordered, { settings: { pipelines: onlyOnce } });
    expect(seen).toEqual(['a', 'b', 'new c', 'last']);
    const misspelt = runSpider(One, { settings: { downloaderMiddlewares: (list) => list.without('retyr') } });
    await expect(misspelt).rejects.toThrow(/did you mean retry\?/);
  });

  it('edits lists of settings where they come from others', async () => {
    const more: AddOn = {
      name: 'more',
      updateSettings: ({ retryStatuses, handleStatuses }) => ({
        retryStatuses: [...retryStatuses.filter((status) => status !== 408), 403],
        handleStatuses: handleStatuses.includes(404) ? undefined : [...handleStatuses, 404],
        downloaderMiddlewares: (list) => list.without('cookies'),
      }),
    };
    const { settings } = new Crawler(One, { settings: { addons: [more] }, logger: new MemoryLogger() });
    expect(settings.retryStatuses).toEqual([429, 500, 502, 503, 504, 522, 524, 403]);
    expect(settings.handleStatuses).toEqual([404]);
    const { logger } = await runSpider(One, { settings: { addons: [more] } });
    const components = logger.records.find(({ message }) => message === 'components');
    expect(components?.fields.downloaderMiddlewares).not.toContain('cookies');
  });

  it('makes components for each crawl from its context, and gives them by name', async () => {
    const made: unknown[] = [];
    const mine: Factory<Extension & { pages: number }> = named('mine', (context) => {
      const { settings, stats, signals, logger, clock, spider } = context;
      if (settings.maxPages === 0) return undefined;
      made.push([spider.name, stats, logger, clock]);
      const extension = { name: 'mine', pages: 0 };
      signals.on('pageCommitted', () => {
        extension.pages += 1;
      });
      return extension;
    });
    const settings = { extensions: [mine], pipelines: [pipeline('list')] };
    const { crawler } = await runSpider(One, { settings: { ...settings, maxPages: 5 } });
    expect(crawler.component('extensions', 'mine')).toMatchObject({ pages: 1 });
    expect(crawler.component('downloaderMiddlewares', 'retry')?.name).toBe('retry');
    expect(crawler.component('spiderMiddlewares', 'referer')?.name).toBe('referer');
    expect(crawler.component('pipelines', 'list')?.name).toBe('list');
    expect(crawler.settings.addons.find(({ name }) => name === 'none')).toBeUndefined();
    const off = await runSpider(One, { settings });
    expect(off.crawler.component('extensions', 'mine')).toBeUndefined();
    expect(made).toEqual([['One', crawler.stats, expect.anything(), expect.anything()]]);
  });

  it('takes add-ons that bring settings and components, and may fall back to what was there', async () => {
    const seen: string[] = [];
    const storage: AddOn = {
      name: 'storage',
      updateSettings: ({ feedStorages }) => ({
        feedStorages: {
          ...feedStorages,
          shelf: (uri, options) => {
            seen.push(`asked for ${uri}`);
            return feedStorages.shelf?.(uri, options) ?? {};
          },
        },
        pipelines: [pipeline('of the add-on', seen)],
      }),
    };
    const base: AddOn = {
      name: 'base',
      updateSettings: () => ({
        feedStorages: {
          shelf: (location) => ({
            location,
            async open() {},
            write: async (bytes: Uint8Array) => void seen.push(String(bytes.length)),
            async close() {},
          }),
        },
      }),
    };
    const { result } = await runSpider(One, {
      settings: { addons: [base, storage], feeds: { 'shelf://x/items.jsonl': {} } },
    });
    expect(result.reason).toBe('finished');
    expect(seen).toEqual(expect.arrayContaining(['asked for shelf://x/items.jsonl', 'of the add-on']));
    expect(seen).toContain(String('{"title":"one"}\n'.length));
  });

  it('has an answer for each exception: drop, stop, keep open, stay out, no text, wrong status', async () => {
    const { url } = await site({ '/image': { headers: { 'content-type': 'image/png' }, body: PNG } });
    const failures: Error[] = [];
    class Fails extends Spider {
      override *start() {
        yield new Request(url('/image'), { callback: this.image });
        yield new Request(url('/gone'), { errback: this.failed });
        yield new Request('http://offsite.test/', { errback: this.failed });
      }
      override allowedDomains = ['127.0.0.1'];
      image(response: Response) {
        return { text: response.css('p').get() };
      }
      override parse() {}
      failed({ error }: { error: Error }) {
        failures.push(error);
      }
    }
    const errors: unknown[] = [];
    const { stats } = await runSpider(Fails, {
      settings: { pipelines: [named('never', () => undefined)] },
      onCrawler({ signals }) {
        signals.on('spiderError', ({ error }) => void errors.push((error as Error).cause));
      },
    });
    expect(errors).toEqual([expect.any(NotTextError)]);
    expect(failures.find((error) => error instanceof HttpError)).toMatchObject({ status: 404 });
    expect(failures.find((error) => error instanceof DroppedError)).toMatchObject({ reason: 'offsite' });
    expect(stats['page/count']).toBe(1);
    // It is asked again five seconds later, each time that it is kept open.
    const { clock, options, beganMs } = timedSite(() => ({}));
    let idle = 0;
    await clock.run(
      runSpider(One, {
        ...options,
        onCrawler: ({ signals }) =>
          signals.on('spiderIdle', ({ keepOpen, push }) => {
            idle += 1;
            if (idle < 3) keepOpen();
            else if (idle === 3) push(new Request('http://a.test/'));
          }),
      }),
    );
    expect([idle, beganMs]).toEqual([4, [0, 10_000]]);
    class Closes extends One {
      override parse(): undefined {
        throw new CloseCrawlError('blocked');
      }
    }
    expect((await runSpider(Closes)).result.reason).toBe('blocked');
    const dropping = named('dropping', () => ({ name: 'dropping', processItem: () => drop('unwanted') }));
    const { stats: dropped } = await runSpider(One, { settings: { pipelines: [dropping] } });
    expect(dropped['item/dropped/unwanted']).toBe(1);
  });
});
