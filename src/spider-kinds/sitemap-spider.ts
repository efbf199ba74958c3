import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { decodeBody } from '../downloader/content-decoding.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { readSitemap, type Sitemap, type SitemapEntry } from '../extract/read-sitemap.ts';
import { robotsSitemaps } from '../extract/robots-sitemaps.ts';
import type { PacedIterable } from '../markup/paced-iterable.ts';
import { markSpiderBase, Spider } from '../spider/spider.ts';
import type { Callback } from '../values/callback.ts';
import type { ItemRecord } from '../values/item.ts';
import { Request } from '../values/request.ts';
import { Response } from '../values/response.ts';

/** Addresses that match the expression go to the callback; text is an expression too. */
export type SitemapRule = readonly [pattern: RegExp | string, callback: Callback<never> | string];

/** A rule as the compiler infers it where nothing says that it is a pair; looked at before the first is used. */
type InferredRule = readonly (RegExp | string | Callback<never>)[];

/** What `sitemapFilter` is told of the sitemap besides its entries. */
export interface SitemapFacts {
  readonly type: Sitemap['type'];
  readonly url: string;
}

/** Carried by requests for sitemaps. */
interface SitemapPlace {
  /** How many indexes led to it. */
  readonly depth: number;
}

interface CompiledRule {
  readonly pattern: RegExp;
  readonly callback: Callback<never> | string;
}

/** The largest file that sitemaps.org allows, unpacked: 50 MB. */
const LARGEST_SITEMAP_BYTES = 52_428_800;
const MOST_INDEXED = 'sitemapCount';

/**
 * Crawls a site by its sitemaps: XML sitemaps and indexes, plain lists of addresses, any of them packed with gzip,
 * and those that a robots.txt names. Each address goes to the callback of the first rule that it matches. Files are
 * read entry by entry, without a tree. Only http and https addresses are followed. Scrapy's SitemapSpider.
 */
export abstract class SitemapSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> extends Spider<Item, Args> {
  static {
    markSpiderBase(SitemapSpider);
  }

  /** Where it starts: sitemaps, indexes, or a site's `/robots.txt`. */
  sitemapUrls: readonly string[] = [];
  /** Which addresses are crawled, and with which callback; the first that matches counts. */
  sitemapRules: readonly (SitemapRule | InferredRule)[] = [['', 'parse']];
  /** Which sitemaps of an index are followed: those whose address matches one of these. All that a robots.txt names are. */
  sitemapFollow: readonly (RegExp | string)[] = [''];
  /** Whether the addresses of a page in other languages are crawled too. */
  sitemapAlternateLinks = false;
  /** Most bytes of a sitemap, unpacked; wins over `settings.maxBodyBytes`. */
  sitemapMaxBytes: number = LARGEST_SITEMAP_BYTES;
  /** Indexes may lead to indexes so many times. */
  sitemapMaxDepth = 5;
  /** Most sitemaps that are followed by indexes and robots.txt files. */
  sitemapMaxCount = 50_000;

  #rules: readonly CompiledRule[] | undefined;
  #follow: readonly RegExp[] | undefined;

  /** The requests of `sitemapUrls`, unless overridden. */
  override start(): SpiderOutput<Item> {
    return this.sitemapRequests();
  }

  /** Requests for sitemaps, for a `start()` of one's own: of `sitemapUrls`, or of other addresses. */
  *sitemapRequests(urls: Iterable<string | URL> = this.sitemapUrls): Generator<Request, void, undefined> {
    for (const url of urls) yield this.#sitemapRequest(String(url), 0);
  }

  /**
   * Chooses among the entries of a sitemap or index, or changes them: all, unless overridden. As `async *` with
   * `for await` it lets other work go on while a large file is read.
   */
  sitemapFilter(
    entries: PacedIterable<SitemapEntry>,
    _sitemap: SitemapFacts,
  ): Iterable<SitemapEntry> | AsyncIterable<SitemapEntry> {
    return entries;
  }

  /** Reads a sitemap, an index or a robots.txt. Requests are stored with this name. */
  async *parseSitemap(
    response: Response,
    { depth = 0 }: Partial<SitemapPlace> = {},
  ): AsyncGenerator<Output<Item>, void, undefined> {
    const { url } = response;
    if (isRobotsTxt(url)) {
      const named = robotsSitemaps(response.text, url).map((loc) => ({ loc }));
      for (const entry of named) yield* this.#sitemaps(entry, url, depth);
      return;
    }
    const { type, entries } = readSitemap(await this.#textOf(response));
    if (type === undefined) {
      this.logger.warn('this is no sitemap: it is left out', { url });
      return;
    }
    const isIndex = type === 'sitemapindex';
    if (isIndex && depth >= this.sitemapMaxDepth) {
      this.logger.warn(`${depth} sitemap indexes led here, it is left out: see sitemapMaxDepth`, { url });
      return;
    }
    this.#follow ??= this.sitemapFollow.map(expression);
    const follow = this.#follow;
    let named = 0;
    let followed = 0;
    for await (const entry of this.sitemapFilter(entries, { type, url })) {
      named += 1;
      const requests = isIndex
        ? this.#sitemaps(entry, url, depth + 1, follow)
        : this.#pageRequests(entry, url);
      for (const request of requests) {
        followed += 1;
        yield request;
      }
    }
    if (isIndex && named > 0 && followed === 0 && !this.#isFull)
      this.logger.warn(`none of the ${named} sitemaps of this index is followed: see sitemapFollow`, { url });
  }

  get #isFull(): boolean {
    return Number(this.state[MOST_INDEXED] ?? 0) >= this.sitemapMaxCount;
  }

  /** Requests for the sitemaps that an index or a robots.txt names. */
  *#sitemaps(
    entry: SitemapEntry,
    base: string,
    depth: number,
    follow?: readonly RegExp[],
  ): Generator<Request> {
    const { state, sitemapMaxCount } = this;
    for (const url of this.#addresses(entry, base)) {
      if (follow?.some((pattern) => pattern.test(url)) === false) continue;
      const count = Number(state[MOST_INDEXED] ?? 0);
      if (count >= sitemapMaxCount) return;
      state[MOST_INDEXED] = count + 1;
      if (count + 1 === sitemapMaxCount)
        this.logger.warn(
          `${sitemapMaxCount} sitemaps were followed, the rest is left out: see sitemapMaxCount`,
        );
      yield this.#sitemapRequest(url, depth);
    }
  }

  *#pageRequests(entry: SitemapEntry, base: string): Generator<Request> {
    this.#rules ??= this.sitemapRules.map(compiledRule);
    for (const url of this.#addresses(entry, base)) {
      const rule = this.#rules.find(({ pattern }) => pattern.test(url));
      if (rule !== undefined) yield new Request(url, { callback: rule.callback as Callback | string });
    }
  }

  *#addresses({ loc, alternate = [] }: SitemapEntry, base: string): Generator<string> {
    for (const written of this.sitemapAlternateLinks ? [loc, ...alternate] : [loc]) {
      const url = URL.parse(written, base);
      if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) yield url.href;
    }
  }

  #sitemapRequest(url: string, depth: number): Request {
    const place: SitemapPlace = { depth };
    return new Request(url, {
      callback: this.parseSitemap,
      cbKwargs: place,
      meta: {
        maxBodyBytes: this.sitemapMaxBytes,
        // A file that says what may be fetched may itself be fetched (RFC 9309 2.2.2).
        ...(isRobotsTxt(url) && { dontObeyRobotsTxt: true }),
      },
    });
  }

  /** @throws BodyTooLargeError when it unpacks to more than `sitemapMaxBytes`. */
  async #textOf(response: Response): Promise<string> {
    const { url, body, kind } = response;
    const isPacked = body[0] === 0x1f && body[1] === 0x8b;
    if (!isPacked && kind !== 'binary') return response.text;
    const limits = { maxBytes: this.sitemapMaxBytes, failOnDataLoss: false, url };
    const unpacked = isPacked ? (await decodeBody(body, 'gzip', limits)).body : body;
    // The header speaks of the archive, not of what is in it.
    return new Response(url, { headers: { 'content-type': 'application/xml' }, body: unpacked }).text;
  }
}

/** @throws SettingsError for what is no pattern with its callback. */
function compiledRule([pattern, callback, ...more]: InferredRule, at: number): CompiledRule {
  const isPattern = typeof pattern === 'string' || pattern instanceof RegExp;
  const isCallback = typeof callback === 'string' || typeof callback === 'function';
  if (isPattern && isCallback && more.length === 0) return { pattern: expression(pattern), callback };
  throw new SettingsError(
    `sitemapRules[${at}] must be a pattern and its callback: [/product/, this.parseProduct]`,
  );
}

function isRobotsTxt(url: string): boolean {
  return URL.parse(url)?.pathname === '/robots.txt';
}

/** One that keeps no place of its own between two tests. */
function expression(pattern: RegExp | string): RegExp {
  return typeof pattern === 'string'
    ? new RegExp(pattern)
    : new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
}
