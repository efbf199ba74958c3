import type { SpiderMiddleware } from '../contracts/spider-middleware.ts';
import type { Unit } from '../contracts/unit.ts';
import { isPlainObject } from '../settings/setting-type.ts';
import type { AddOn, PartialSettings, Settings } from '../settings/settings.ts';
import type { Spider, SpiderClass } from '../spider/spider.ts';
import { drop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import { named } from '../values/named.ts';
import { isRequest, type Request } from '../values/request.ts';
import { Crawler, type CrawlOptions } from './crawler.ts';

/** Sees what a callback gives on its way; answers whether it goes on. */
export interface ProbeObserver {
  /** A request, before any rule had its say. */
  request(request: Request, unit: Unit): boolean;
  /** An item, before pipelines. */
  item(item: ItemRecord, unit: Unit): boolean;
}

/** What a probe is given besides what a crawl takes. */
export interface ProbeOptions<Args extends object> extends CrawlOptions<Args> {
  readonly observer: ProbeObserver;
  /** Requests to begin with. @defaultValue what the spider's `start()` gives */
  readonly start?: ((spider: object) => readonly Request[]) | undefined;
  /** Whether items go through the pipelines. @defaultValue `false` */
  readonly pipelines?: boolean | undefined;
}

/** Settings that would write outputs or go on with what earlier crawls kept. */
const KEPT = [
  'feeds',
  'jobDir',
  'seeds',
  'warcFile',
  'incrementalDir',
  'errorPagesDir',
  'controlFile',
  'failOn',
] as const satisfies readonly (keyof PartialSettings)[];

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
  const left = pipelines ? KEPT : [...KEPT, 'pipelines' as const];
  const cleaned = (settings: PartialSettings = {}): PartialSettings => without(settings, left);
  const Probed = probed(Base, cleaned, pipelines);
  const { project, layers = [], settings } = options;
  const observed = named('probe', () => observing(observer));
  return new Crawler(start === undefined ? Probed : startingWith(Probed, start), {
    ...options,
    name: options.name ?? Base.spiderName ?? Base.name,
    ...(project && { project: { ...project, settings: cleaned(project.settings) } }),
    layers: [
      ...layers.map((layer) => ({ ...layer, settings: cleaned(layer.settings) })),
      ...(settings ? [{ source: 'code', settings: cleaned(settings) }] : []),
    ],
    settings: { spiderMiddlewares: [observed] },
  });
}

/** The innermost step: it sees outputs as the callback gave them. */
function observing(observer: ProbeObserver): SpiderMiddleware {
  return {
    name: 'probe',
    processOutput: (output, unit) => {
      const goesOn = isRequest(output) ? observer.request(output, unit) : observer.item(output, unit);
      return goesOn ? undefined : drop('shown');
    },
  };
}

function probed<Item extends object, Args extends object>(
  Base: SpiderClass<Item, Args>,
  cleaned: (settings: PartialSettings | undefined) => PartialSettings,
  hasPipelines: boolean,
): SpiderClass<Item, Args> {
  return class extends Base {
    static override settings = cleaned(Base.settings);
    static override pipelines = hasPipelines ? (Base.pipelines ?? []) : [];
    static override updateSettings(settings: Settings, args: Readonly<Record<string, unknown>>) {
      const own: unknown = Base.updateSettings?.(settings, args);
      return isCleanable(own) ? cleaned(own) : (own as PartialSettings | undefined);
    }
  } as SpiderClass<Item, Args>;
}

function startingWith<Item extends object, Args extends object>(
  Base: SpiderClass<Item, Args>,
  start: (spider: object) => readonly Request[],
): SpiderClass<Item, Args> {
  return class extends Base {
    override *start(): Generator<Request> {
      for (const request of start(this)) yield request;
    }
  };
}

function without(
  { addons, ...settings }: PartialSettings,
  names: readonly (keyof PartialSettings)[],
): PartialSettings {
  const kept = Object.entries(settings).filter(([name]) => !(names as readonly string[]).includes(name));
  return {
    ...Object.fromEntries(kept),
    ...(addons && { addons: Array.isArray(addons) ? addons.map((one) => cleanAddOn(one, names)) : addons }),
  };
}

/** What is no settings, or a promise of some, is for the crawl to tell. */
function isCleanable(own: unknown): own is PartialSettings {
  return isPlainObject(own) && typeof own.then !== 'function';
}

function cleanAddOn(addOn: AddOn, names: readonly (keyof PartialSettings)[]): AddOn {
  if (typeof addOn?.updateSettings !== 'function') return addOn;
  return {
    name: addOn.name,
    updateSettings(settings) {
      const own: unknown = addOn.updateSettings(settings);
      return isCleanable(own) ? without(own, names) : (own as PartialSettings | undefined);
    },
  };
}

/** The name of the method that a request goes to. */
export function callbackName({ callback }: Request): string {
  return typeof callback === 'function' ? callback.name : (callback ?? 'parse');
}

/** Whether a spider, or its class, has a method of a name. */
export function hasCallback(spider: Spider | object, name: string): boolean {
  return !(name in Object.prototype) && typeof Reflect.get(spider, name) === 'function';
}
