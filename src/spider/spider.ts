import type { Logger } from '../contracts/logger.ts';
import type { Contracts } from '../contracts/page-contract.ts';
import type { ArgumentSchema, SpiderOutput, SpiderRuntime } from '../contracts/spider.ts';
import type { Stats } from '../contracts/stats.ts';
import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import type { ComponentList } from '../settings/component-list.ts';
import type { PartialSettings, Settings } from '../settings/settings.ts';
import type { ItemRecord } from '../values/item.ts';
import { Request, type RequestOptions } from '../values/request.ts';
import type { Response } from '../values/response.ts';

const BRAND = Symbol.for('orbweaver.Spider');
const BASE = Symbol.for('orbweaver.Spider.base');
const ATTACH = Symbol.for('orbweaver.Spider.attach');

/** What `attachSpider` gives to a spider once it is constructed. */
export interface SpiderBinding {
  readonly runtime: SpiderRuntime;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly state: Record<string, unknown>;
}

/**
 * What a crawl is about: where it starts and what its pages give. Subclass it, set `startUrls` and write
 * `parse`. Its name is its file's name.
 *
 * `Item` types what callbacks may yield, `Args` types `this.args`.
 */
export abstract class Spider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> {
  /**
   * Settings of every crawl of this spider; the command line wins over them. Scrapy's custom_settings. Written as
   * `static settings: PartialSettings = …` every name is checked as you type; without the type a wrong name beside
   * right ones shows only when the crawl begins, and words such as `order: 'fifo'` do not compile.
   */
  static settings?: PartialSettings;
  /**
   * Further settings, by what the crawl is given; they stand above `static settings` and below the command line.
   * Call `super.updateSettings()` to keep those of a class above. Scrapy's update_settings().
   *
   * @param settings - what holds without it, complete and frozen.
   * @param args - arguments as they were given, texts on the command line; `static args` are checked later.
   */
  static updateSettings?(
    settings: Settings,
    args: Readonly<Record<string, unknown>>,
  ): PartialSettings | undefined;
  /** Arguments it takes (`-a name=value`), as a table or a Standard Schema. Without it any argument is taken as text. */
  static args?: ArgumentSchema;
  /** Item pipelines of this spider, after those of the project. */
  static pipelines?: ComponentList;
  /** Name, if it is not to be that of the file. */
  static spiderName?: string;
  /** What pages give as long as sites are as the callbacks expect them; `crawl check` asks. Scrapy's contracts. */
  static contracts?: Contracts;

  /** Where to start. */
  startUrls: readonly string[] = [];
  /** Hosts the crawl may touch, with their sub-domains. Empty: any. */
  allowedDomains: readonly string[] = [];

  /** Never there: tells the compiler what the items are, whatever `start` and callbacks are inferred to give. */
  declare readonly '~item'?: Item;

  #binding: SpiderBinding | undefined;

  static {
    // Marks spiders of any copy of the framework, and lets the crawler of any copy bind them.
    Object.defineProperty(Spider, BRAND, { value: true });
    Object.defineProperty(Spider, BASE, { value: true });
    Object.defineProperty(Spider.prototype, ATTACH, {
      value(this: Spider, binding: SpiderBinding) {
        this.#binding = binding;
      },
    });
  }

  /** The spider's name. */
  get name(): string {
    return this.#binding?.name ?? this.constructor.name;
  }

  /** Checked arguments. */
  get args(): Args {
    return this.#bound('args').args as Args;
  }

  /** Plain data that is kept with the job. */
  get state(): Record<string, unknown> {
    return this.#bound('state').state;
  }

  /** The settings of the crawl, from all their sources; those of the class are `static settings`. */
  get settings(): Settings {
    return this.#bound('settings').runtime.settings;
  }

  /** Writes log lines under the spider's name. */
  get logger(): Logger {
    return this.#bound('logger').runtime.logger;
  }

  /** The crawl's counters. */
  get stats(): Stats {
    return this.#bound('stats').runtime.stats;
  }

  /**
   * The first requests (or items) of the crawl: those of `--seeds` where given, else of `startUrls`, unless
   * overridden. Pulled only as fast as they are taken, so it may yield millions.
   */
  start(): SpiderOutput<NoInfer<Item>> {
    return this.#binding?.runtime.seeds ?? requestsOf(this.startUrls);
  }

  /**
   * The requests of `--seeds` (`settings.seeds`), or without it of `startUrls`, for a `start()` of one's own. A seed
   * file is read once a run, line by line as it is asked for: yield what a seed leads to before you ask for the next
   * one, because a job goes on behind the last seed that was done with.
   */
  async *seeds(): AsyncGenerator<Request, void, undefined> {
    yield* this.#bound('seeds()').runtime.seeds ?? requestsOf(this.startUrls);
  }

  /** The callback of requests that name none. */
  parse(response: Response, _args?: unknown): SpiderOutput<NoInfer<Item>> {
    throw new Error(
      `${this.name} has no parse() for ${response.url}: add one, or give the request a callback`,
    );
  }

  /** Called once at the end. */
  closed?(reason: string): void | Promise<void>;

  /**
   * Downloads a page within a callback: `const page = await this.fetch(url)`. Host limits, delays, robots.txt,
   * offsite rules, retries and redirects hold as for any request; the duplicate filter and page limit do not.
   *
   * @throws CrawlError what the download failed with.
   */
  fetch(request: Request | string | URL, options?: RequestOptions): Promise<Response> {
    const { runtime } = this.#bound('fetch()');
    if (typeof request === 'string' || request instanceof URL)
      return runtime.fetch(new Request(request, options));
    return runtime.fetch(options === undefined ? request : request.replace(options));
  }

  /** Ends the crawl in order once running pages are done. Scrapy's CloseSpider. */
  stop(reason = 'cancelled'): void {
    this.#bound('stop()').runtime.stop(reason);
  }

  #bound(member: string): SpiderBinding {
    if (this.#binding !== undefined) return this.#binding;
    throw new InvalidRequestError(
      `this.${member} works once the crawl runs, not in the constructor or a field: use it in start() or a callback`,
    );
  }
}

/** One wrong address hinders no other: it is told of behind the last. */
function* requestsOf(urls: readonly string[]): Iterable<Request> {
  if (typeof urls === 'string') {
    throw new InvalidRequestError(`startUrls is a list: write startUrls = [${JSON.stringify(urls)}]`);
  }
  const problems: string[] = [];
  for (const [at, url] of urls.entries()) {
    if (URL.canParse(url)) yield new Request(url, { dontFilter: true });
    else problems.push(`startUrls[${at}]: ${JSON.stringify(url)} is not an absolute URL`);
  }
  if (problems.length > 0) throw new InvalidRequestError(problems.join('; '));
}

/** A class made by extending `Spider`. */
export interface SpiderClass<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> {
  new (): Spider<Item, Args>;
  readonly name: string;
  readonly settings?: PartialSettings;
  updateSettings?(settings: Settings, args: Readonly<Record<string, unknown>>): PartialSettings | undefined;
  readonly args?: ArgumentSchema;
  readonly pipelines?: ComponentList;
  readonly spiderName?: string;
  readonly contracts?: Contracts;
}

/** Whether a value is a spider class of any copy of the framework. */
export function isSpiderClass(value: unknown): value is SpiderClass {
  return typeof value === 'function' && BRAND in value;
}

/** Marks a class that is there to be extended, and no spider by itself: a file that exports it has no spider of it. */
export function markSpiderBase(base: object): void {
  Object.defineProperty(base, BASE, { value: true });
}

/** Whether a class is `Spider` or one of the framework's kinds of spiders, of any copy, and not made by extending them. */
export function isSpiderBase(value: object): boolean {
  return Object.hasOwn(value, BASE);
}

/** Gives a spider what it needs to run; the crawler's own. */
export function attachSpider(spider: object, binding: SpiderBinding): void {
  (spider as Record<symbol, (binding: SpiderBinding) => void>)[ATTACH]?.call(spider, binding);
}
