import type { SpiderMiddleware } from '../contracts/spider-middleware.ts';
import type { Unit } from '../contracts/unit.ts';
import { withoutSettings } from '../settings/resolve-settings.ts';
import type { SpiderClass } from '../spider/spider.ts';
import { drop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import { named } from '../values/named.ts';
import { isRequest, type Request } from '../values/request.ts';
import { Crawler, type CrawlOptions } from './crawler.ts';
import { KEPT_BY_RUNS } from './settings-of-runs.ts';

/** Sees what a callback gives on its way; answers whether it goes on. */
export interface ProbeObserver {
  /** A request, before any rule had its say. */
  request(request: Request, unit: Unit): boolean;
  /** An item, before pipelines. */
  item(item: ItemRecord, unit: Unit): boolean;
  /** A page is tried again: what its callback gave before came to nothing. */
  again(request: Request): void;
}

/** What a probe is given besides what a crawl takes. */
export interface ProbeOptions<Args extends object> extends CrawlOptions<Args> {
  readonly observer: ProbeObserver;
  /** Requests to begin with. @defaultValue what the spider's `start()` gives */
  readonly start?: ((spider: object) => readonly Request[]) | undefined;
  /** Whether items go through the pipelines. @defaultValue `false` */
  readonly pipelines?: boolean | undefined;
}

/**
 * A crawl that only looks: its outputs are shown to an observer, and it has no feeds, no job, no archive and, unless
 * asked for, no pipelines.
 *
 * @throws SettingsError on bad settings or arguments.
 */
export function probe<Item extends object, Args extends object>(
  Base: SpiderClass<Item, Args>,
  { observer, start, pipelines = false, ...options }: ProbeOptions<Args>,
): Crawler<Item, Args> {
  const kept = pipelines ? KEPT_BY_RUNS : [...KEPT_BY_RUNS, 'pipelines' as const];
  const { layers = [], settings, ignored = [] } = options;
  const given = settings === undefined ? layers : [...layers, { source: 'code', settings }];
  const observed = named('probe', () => observing(observer));
  const crawler = new Crawler(probed(Base, start, pipelines), {
    ...options,
    name: options.name ?? Base.spiderName ?? Base.name,
    ignored: [...kept, ...ignored],
    layers: given.map((layer) => withoutSettings(layer, kept)),
    settings: { spiderMiddlewares: [observed] },
  });
  // Before its errback: whatever was seen of it is from an earlier try.
  crawler.signals.on('requestFailed', ({ request }) => observer.again(request));
  return crawler;
}

/** The innermost step: it sees outputs as the callback gave them. */
function observing(observer: ProbeObserver): SpiderMiddleware {
  return {
    name: 'probe',
    processInput: (_response, { request }) => observer.again(request),
    processOutput: (output, unit) => {
      const goesOn = isRequest(output) ? observer.request(output, unit) : observer.item(output, unit);
      return goesOn ? undefined : drop('shown');
    },
  };
}

function probed<Item extends object, Args extends object>(
  Base: SpiderClass<Item, Args>,
  start: ProbeOptions<Args>['start'],
  hasPipelines: boolean,
): SpiderClass<Item, Args> {
  const Probed = class extends Base {
    static override pipelines = hasPipelines ? (Base.pipelines ?? []) : [];
  } as SpiderClass<Item, Args>;
  if (start === undefined) return Probed;
  return class extends Probed {
    override *start(): Generator<Request> {
      for (const request of start(this)) yield request;
    }
  };
}

/** The name of the method that a request goes to. */
export function callbackName({ callback }: Request): string {
  return typeof callback === 'function' ? callback.name : (callback ?? 'parse');
}
