import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Scheduler } from '../../../src/contracts/scheduler.ts';
import type { SignalName } from '../../../src/contracts/signal.ts';
import type { EngineResult } from '../../../src/engine/engine.ts';
import { Request } from '../../../src/values/request.ts';
import type { Response } from '../../../src/values/response.ts';
import { retryLater } from '../../../src/values/retry-later.ts';
import { EngineRun, type FakeCrawl } from '../../support/engine-run.ts';

/** What a step does instead of its work. */
type Fault = 'throws' | 'rejects' | 'throws no error';

const FAULTS: readonly Fault[] = ['throws', 'rejects', 'throws no error'];
const SIGNALS: readonly SignalName[] = [
  'engineStarted',
  'engineStopped',
  'spiderOpened',
  'spiderIdle',
  'spiderClosed',
  'spiderError',
  'itemScraped',
  'itemDropped',
  'itemError',
  'requestScheduled',
  'requestDropped',
  'requestReachedDownloader',
  'requestLeftDownloader',
  'requestFailed',
  'responseReceived',
  'responseDownloaded',
];
const ITEMS_PER_PAGE = 2;

/** A crawl in which every hook of every part passes through `step`, with its name. */
class Rehearsal {
  readonly steps: string[] = [];
  readonly closed: string[] = [];
  readonly opened: string[] = [];
  readonly run: EngineRun;
  onStep: ((name: string) => unknown) | undefined;

  constructor() {
    const page = (path: string, options = {}): Request => new Request(`http://site.test${path}`, options);
    const at = <Value>(name: string, value?: Value): Value => this.#step(name, value) as Value;
    const life = (name: string) => ({
      name,
      open: async () => {
        await at(`${name}.open`);
        this.opened.push(name);
      },
      close: () => at(`${name}.close`, void this.closed.push(name)),
    });
    this.run = new EngineRun({
      settings: { concurrentRequests: 4, closeTimeoutMs: 1000 },
      extensions: [life('extension')],
      downloaderMiddlewares: [
        {
          ...life('downloaderMiddleware'),
          prepareOrigin: () => at('prepareOrigin'),
          processRequest: () => at('processRequest'),
          processResponse: (response, unit) => {
            const isOld = response.url.endsWith('/old');
            if (isOld) return at('processResponse', unit.request.replace({ url: 'http://site.test/new' }));
            const isBusy = response.status === 503 && unit.retries === 0;
            return at('processResponse', isBusy ? retryLater('busy', { afterMs: 10 }) : undefined);
          },
          processException: () => at('processException'),
        },
      ],
      spiderMiddlewares: [
        {
          ...life('spiderMiddleware'),
          processStart: (output) => at('processStart', output),
          processInput: () => at('processInput'),
          processOutput: (output) => at('processOutput', output),
          processException: () => at('spiderException'),
        },
      ],
      schedulerMiddlewares: [
        {
          ...life('schedulerMiddleware'),
          processEnqueue: () => at('processEnqueue'),
          processDequeue: () => at('processDequeue'),
        },
      ],
      pipelines: [
        {
          ...life('pipeline'),
          processItem: (item) => at('processItem', item),
          commit: () => at('pipelineCommit'),
        },
      ],
      site: ({ url }, { retries }) => {
        if (url.endsWith('/dead')) return new Error('refused');
        return { status: url.endsWith('/busy') && retries === 0 ? 503 : 200, delayMs: 1 };
      },
      spider: {
        async *start() {
          await at('start');
          yield page('/');
          yield page('/dead', { errback: 'failed' });
        },
        parse: (response: Response) => this.#parse(response, page, at),
        failed: () => at('errback', page('/instead')),
        closed: () => at('closed', void this.closed.push('spider')),
      },
      ...this.#edges(),
    });
    for (const name of SIGNALS) this.run.signals.on(name, () => at(`signal ${name}`));
  }

  async crawl(): Promise<EngineResult> {
    return this.run.run();
  }

  async *#parse(
    { url }: Response,
    page: (path: string) => Request,
    at: <Value>(name: string, value?: Value) => Value,
  ): AsyncGenerator<unknown> {
    const { pathname } = new URL(url);
    await at('parse');
    yield { pathname, at: 1 };
    if (pathname === '/') for (const path of ['/old', '/busy', '/a']) yield page(path);
    if (pathname === '/a') await this.run.engine.fetch(page('/inline'));
    yield { pathname, at: 2 };
  }

  /** The edges of the engine, each call of which is a step as well. */
  #edges(): Pick<FakeCrawl, 'feeds' | 'downloader' | 'wrapScheduler'> {
    const at = <Value>(name: string, value?: Value): Value => this.#step(name, value) as Value;
    const run = (): EngineRun => this.run;
    return {
      feeds: [
        {
          uri: 'memory',
          format: 'objects',
          open: async () => {
            await run().feed.open();
            await at('feed.open');
            this.opened.push('feed');
          },
          write: (items) => at('feed.write', run().feed.write(items)),
          close: async () => {
            this.closed.push('feed');
            await at('feed.close');
            return run().feed.close();
          },
        },
      ],
      downloader: {
        download: async (request, unit) => {
          await at('download');
          return run().downloader.download(request, unit);
        },
        close: async () => {
          this.closed.push('downloader');
          await at('downloader.close');
        },
      },
      wrapScheduler: (scheduler) => lateScheduler(scheduler, at, () => this.closed.push('scheduler')),
    };
  }

  #step(name: string, value: unknown): unknown {
    this.steps.push(name);
    const given = this.onStep?.(name);
    return given === undefined ? value : given;
  }
}

/** The memory scheduler, but every answer that may be a promise is one. */
function lateScheduler(inner: Scheduler, at: (name: string) => unknown, onClose: () => void): Scheduler {
  const late = async <Value>(name: string, call: () => Value): Promise<Awaited<Value>> => {
    await at(name);
    return await call();
  };
  return {
    push: (candidates) => late('scheduler.push', () => inner.push(candidates)),
    take: (want) => late('scheduler.take', () => inner.take(want)),
    commit: (lease, outputs) => late('scheduler.commit', () => inner.commit(lease, outputs)),
    fail: (lease, failure) => late('scheduler.fail', () => inner.fail(lease, failure)),
    enter: (host, signal) => late('scheduler.enter', () => inner.enter(host, signal)),
    downloaded: (place, facts) => inner.downloaded(place, facts),
    originReady: (origin, validMs) => inner.originReady(origin, validMs),
    onReady: (listener) => inner.onReady(listener),
    pause: () => inner.pause(),
    resume: () => inner.resume(),
    setLimits: (limits) => inner.setLimits(limits),
    block: (host, forMs) => inner.block(host, forMs),
    unblock: (host) => inner.unblock(host),
    hostState: (host) => inner.hostState(host),
    hostStates: () => inner.hostStates(),
    isHostIdle: (host) => inner.isHostIdle(host),
    drop: (where) => inner.drop(where),
    requeue: (where) => inner.requeue(where),
    list: (where, after, limit) => inner.list(where, after, limit),
    counts: () => inner.counts(),
    flushed: () => inner.flushed(),
    close: async () => {
      onClose();
      await at('scheduler.close');
      await inner.close();
    },
  };
}

/** What must hold however a crawl ended. */
function expectInOrder({ run, opened, closed }: Rehearsal, result: EngineResult): void {
  expect(result.reason).toMatch(/\w/);
  for (const name of opened) expect(closed, `${name} is closed`).toContain(name);
  expect(closed).toEqual(expect.arrayContaining(['downloader', 'scheduler']));
  expect(new Set(closed).size, 'everything is closed once').toBe(closed.length);
  expect(run.clock.pending, 'no timer is left').toBe(0);
}

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => {
  unhandled.push(error);
};

describe('Engine under faults', () => {
  beforeAll(() => {
    process.on('unhandledRejection', onUnhandled);
  });
  afterAll(() => {
    process.off('unhandledRejection', onUnhandled);
  });
  afterEach(async () => {
    await setImmediate();
    expect(unhandled.splice(0)).toEqual([]);
  });

  const names = [
    ...['extension', 'downloaderMiddleware', 'spiderMiddleware', 'schedulerMiddleware', 'pipeline'].flatMap(
      (part) => [`${part}.open`, `${part}.close`],
    ),
    ...['prepareOrigin', 'processRequest', 'processResponse', 'processException', 'processStart'],
    ...['processInput', 'processOutput', 'spiderException', 'processEnqueue', 'processDequeue'],
    ...['processItem', 'pipelineCommit', 'start', 'parse', 'errback', 'closed', 'download'],
    ...['downloader.close', 'feed.open', 'feed.write', 'feed.close', 'scheduler.push', 'scheduler.take'],
    ...['scheduler.commit', 'scheduler.fail', 'scheduler.enter', 'scheduler.close'],
    ...SIGNALS.map((name) => `signal ${name}`),
  ];

  for (const name of names) {
    it.each(FAULTS)(`ends in order when ${name} always %s`, async (fault) => {
      const rehearsal = new Rehearsal();
      rehearsal.onStep = (step) => (step === name ? fail(fault) : undefined);
      expectInOrder(rehearsal, await rehearsal.crawl());
    });
  }

  it('passes every step in a crawl without faults', async () => {
    const rehearsal = new Rehearsal();
    const result = await rehearsal.crawl();
    expect(result).toMatchObject({ reason: 'finished', error: undefined });
    expectInOrder(rehearsal, result);
    const passed = new Set(rehearsal.steps);
    const onlyAfterFaults = [
      'spiderException',
      'signal spiderError',
      'signal itemError',
      'signal itemDropped',
    ];
    expect(names.filter((name) => !passed.has(name))).toEqual(
      expect.arrayContaining(names.filter((name) => onlyAfterFaults.includes(name))),
    );
    expect(names.filter((name) => !passed.has(name) && !onlyAfterFaults.includes(name))).toEqual([
      'signal requestDropped',
    ]);
    expect(rehearsal.run.feed.items).toHaveLength(ITEMS_PER_PAGE * 5);
  });

  it.each(['stop', 'abort'] as const)(
    'ends in order on %s() at any step',
    async (how) => {
      const whole = new Rehearsal();
      await whole.crawl();
      for (let at = 1; at <= whole.steps.length; at++) {
        const rehearsal = new Rehearsal();
        let count = 0;
        rehearsal.onStep = () => {
          if (++count !== at) return;
          if (how === 'stop') rehearsal.run.engine.stop('shutdown');
          else rehearsal.run.engine.abort();
        };
        const result = await rehearsal.crawl();
        expectInOrder(rehearsal, result);
        expectWholePages(rehearsal.run);
      }
    },
    60_000,
  );
});

/** The items of a page are all there or none is, and only those of pages that count. */
function expectWholePages({ feed, scheduler }: EngineRun): void {
  const perPage = new Map<unknown, number>();
  for (const { pathname } of feed.items) perPage.set(pathname, (perPage.get(pathname) ?? 0) + 1);
  for (const count of perPage.values()) expect(count).toBe(ITEMS_PER_PAGE);
  expect(perPage.size).toBe(scheduler.counts().delivered);
  expect(scheduler.counts().leased).toBe(0);
}

function fail(fault: Fault): Promise<never> {
  if (fault === 'throws') throw new Error('boom');
  if (fault === 'throws no error') throw 'boom';
  return Promise.reject(new Error('boom'));
}
