import type { Request, Response, SpiderClass } from '../api.ts';
import type { Crawler } from '../crawler/crawler.ts';
import { ENDS_OF_RUNS, KEPT_BY_RUNS } from '../crawler/settings-of-runs.ts';
import type { CrawlLayers } from './settings-layers.ts';
import { type ExchangeObserver, watchExchanges } from './watch-exchanges.ts';

/** What a session fetches with. */
export interface SessionOptions {
  /** Shown in log lines. */
  readonly name: string;
  /** A spider whose settings and components are used; its start requests are not. */
  readonly base: SpiderClass | undefined;
  readonly settings: CrawlLayers;
  /** Told of what goes over the network. */
  readonly onExchange?: ExchangeObserver | undefined;
}

/** A crawl without a plan: pages are fetched one by one, as somebody asks for them. */
export interface FetchSession {
  readonly crawler: Crawler;
  /** Downloads a page through the middlewares. @throws CrawlError */
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

const NOT_OF_SESSIONS = [...KEPT_BY_RUNS, ...ENDS_OF_RUNS, 'pipelines'] as const;

/**
 * Opens a session. It keeps nothing and ends when it is closed: outputs, jobs, archives, pipelines and limits of the
 * project and the spider are not for it.
 *
 * @throws SettingsError on bad settings.
 */
export async function openSession({
  name,
  base,
  settings,
  onExchange,
}: SessionOptions): Promise<FetchSession> {
  const [{ Spider }, { Crawler }] = await Promise.all([import('../api.ts'), import('../crawler/crawler.ts')]);
  const crawler = new Crawler(sessionSpider(base ?? (Spider as unknown as SpiderClass)), {
    name,
    ...settings,
    ignored: NOT_OF_SESSIONS,
    ...(onExchange && { settings: { downloaderMiddlewares: [watchExchanges(onExchange)] } }),
  });
  crawler.signals.on('spiderIdle', ({ keepOpen }) => keepOpen());
  const opened = new Promise<void>((resolve) => {
    crawler.signals.on('spiderOpened', () => resolve());
  });
  const result = crawler.run();
  const failed = result.then(({ reason, error }) => {
    throw error ?? new Error(`the session was closed: ${reason}`);
  });
  await Promise.race([opened, failed]);
  failed.catch(() => {});
  return {
    crawler,
    fetch: (request) => crawler.spider.fetch(request),
    close: async () => {
      crawler.stop('finished');
      await result;
    },
  };
}

/** The spider without its plan: it starts nowhere, goes anywhere and needs no arguments. */
function sessionSpider(Base: SpiderClass): SpiderClass {
  return class Session extends Base {
    static override args = {};
    static override pipelines = [];
    override allowedDomains: readonly string[] = [];
    override *start(): Generator<never> {}
  };
}
