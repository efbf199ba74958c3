import {
  DEFAULT_DOWNLOADER_MIDDLEWARES,
  DEFAULT_SPIDER_MIDDLEWARES,
  httpCache,
  type IncrementalOptions,
  incremental,
} from '../../../middlewares/index.ts';
import type { ItemPipeline } from '../../../src/contracts/item-pipeline.ts';
import type { SpiderLike } from '../../../src/contracts/spider.ts';
import type { Store } from '../../../src/contracts/store.ts';
import type { Unit } from '../../../src/contracts/unit.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { applyComponentList } from '../../../src/settings/component-lists.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { SignalBus } from '../../../src/signals/signal-bus.ts';
import type { ManualClock } from '../../../src/testing/manual-clock.ts';
import type { Request } from '../../../src/values/request.ts';
import { Response, type ResponseInit } from '../../../src/values/response.ts';
import { EngineRun } from '../../support/engine-run.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { contextWith, type TestContext } from './component-context.ts';

/** What a site answers; an error is what the download fails with. */
export type SiteAnswer = ResponseInit | Error;

/** One crawl of a site in memory. */
export interface SiteCrawl {
  readonly start: readonly Request[];
  readonly site: (request: Request, unit: Unit) => SiteAnswer;
  readonly settings?: Partial<Settings>;
  readonly spider?: Partial<SpiderLike> & Record<string, unknown>;
  /** What stays from crawl to crawl. */
  readonly store?: Store;
  readonly pipelines?: readonly ItemPipeline[];
  readonly contentOf?: IncrementalOptions['contentOf'];
  /** Milliseconds since 1970 at its start. */
  readonly atMs?: number;
  /** State of components, as a job keeps it. */
  readonly state?: Record<string, Record<string, unknown>>;
  /** Called after each page that was given to a callback. */
  readonly onPage?: (response: Response) => void;
}

/** What came of it. */
export interface SiteCrawled {
  /** What left for the network: URL and headers. */
  readonly sent: readonly { readonly url: string; readonly headers: Readonly<Record<string, unknown>> }[];
  /** Pages as callbacks got them. */
  readonly pages: readonly Response[];
  readonly items: readonly object[];
  readonly stats: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly error: Error | undefined;
  readonly context: TestContext;
  readonly clock: ManualClock;
}

/** When crawls begin unless they say: 2026-01-01. */
export const NEW_YEAR = Date.UTC(2026, 0, 1);

/** Crawls with the default middlewares, time standing at `atMs` but for what the crawl waits. */
export async function crawlSite({
  start,
  site,
  settings = {},
  spider = {},
  atMs = NEW_YEAR,
  state = {},
  onPage,
  store = new MemoryStore(),
  contentOf,
  pipelines = [],
}: SiteCrawl): Promise<SiteCrawled> {
  const sent: SiteCrawled['sent'][number][] = [];
  const pages: Response[] = [];
  const effective = { obeyRobotsTxt: false, proxyFromEnvironment: false, retryBackoffMs: 1, ...settings };
  const members = {
    parse: (response: Response) => {
      pages.push(response);
      onPage?.(response);
      return { url: response.url, text: response.text };
    },
    ...spider,
    start: () => start,
  };
  let run: EngineRun | undefined;
  const signals = new SignalBus(new MemoryLogger());
  const context = contextWith(effective, {
    spider: members as Partial<SpiderLike>,
    signals,
    stop: (reason, error) => run?.engine.stop(reason, error),
    state: (name) => {
      state[name] ??= {};
      return state[name];
    },
  });
  context.clock.jumpWall(atMs - context.clock.now());
  const openStore = async (): Promise<Store> => store;
  const downloaderMiddlewares = applyComponentList(
    (list) =>
      list
        .replace('http-cache', httpCache({ openStore }))
        .replace('incremental', incremental({ openStore, ...(contentOf && { contentOf }) })),
    DEFAULT_DOWNLOADER_MIDDLEWARES,
  ) as typeof DEFAULT_DOWNLOADER_MIDDLEWARES;
  const built = async <Component>(
    factories: readonly ((given: TestContext) => Component | undefined | Promise<Component | undefined>)[],
  ): Promise<Component[]> => {
    const all = await Promise.all(factories.map((factory) => factory(context)));
    return all.filter((one) => one !== undefined);
  };
  run = new EngineRun({
    settings: effective,
    clock: context.clock,
    stats: context.stats,
    logger: context.logger,
    signals,
    downloader: {
      async download(request, unit) {
        sent.push({ url: request.url, headers: unit.headers.toJSON() });
        const answer = site(request, unit);
        if (answer instanceof Error) throw answer;
        return new Response(request.url, { ...answer, request });
      },
      async close() {},
    },
    downloaderMiddlewares: await built(downloaderMiddlewares),
    spiderMiddlewares: await built(DEFAULT_SPIDER_MIDDLEWARES),
    spider: members,
    pipelines,
  });
  const { reason, error } = await context.clock.run(run.engine.run());
  const { items } = run.feed;
  const { clock, stats } = context;
  return { sent, pages, items, stats: stats.snapshot(), reason, error, context, clock };
}
