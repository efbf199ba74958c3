import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { DroppedError } from '../errors/dropped-error.ts';
import { IGNORED_EXTENSIONS } from '../extract/ignored-extensions.ts';
import { LinkExtractor } from '../extract/link-extractor.ts';
import type { PartialSettings } from '../settings/settings.ts';
import { markSpiderBase } from '../spider/spider.ts';
import type { Failure } from '../values/failure.ts';
import type { ItemRecord } from '../values/item.ts';
import { isRequest, Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import { urlHasAnyExtension } from '../values/url-domain.ts';
import { eachOutput } from './each-output.ts';
import { type SiteScope, siteDomain, siteScope } from './site-scope.ts';
import { SitemapSpider } from './sitemap-spider.ts';
import { urlPattern } from './url-pattern.ts';

/** Where an address of a site was found. */
export interface SiteAddress {
  readonly url: string;
  readonly source: 'link' | 'sitemap' | 'start';
  /** Links from the first page to it; 1 for the addresses of sitemaps. */
  readonly depth: number;
}

/** Carried by requests for pages. */
interface SitePlace {
  readonly depth: number;
}

const IGNORED: ReadonlySet<string> = new Set(IGNORED_EXTENSIONS.map((ending) => `.${ending}`));
const ROOT = 'siteRoot';

/**
 * Crawls a whole site from its first page: follows every link within the scope, breadth first, and where asked reads
 * its sitemaps too. Give `startUrls` one address and write `parsePage`. Where that address redirects to another host
 * of its domain, such as `www.`, the site is the one that it leads to. Files that are hardly ever pages are found but
 * not fetched.
 */
export abstract class SiteSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> extends SitemapSpider<Item, Args> {
  static {
    markSpiderBase(SiteSpider);
  }

  static override settings: PartialSettings = { order: 'fifo' };

  /** What belongs to the site. */
  scope: SiteScope = 'host';
  /** Pages so many links from the first one are the last that are fetched. */
  followDepth: number = Number.POSITIVE_INFINITY;
  /** Patterns of the addresses that count, see `urlPattern`; links are followed over others, too. Empty: all. */
  include: readonly string[] = [];
  /** Patterns of addresses that are neither given nor fetched. */
  exclude: readonly string[] = [];
  /** Whether the sitemaps that robots.txt names and `/sitemap.xml` are read. */
  readSitemaps = false;

  readonly #links = new LinkExtractor({ denyExtensions: [] });
  #include: readonly ((url: string) => boolean)[] | undefined;
  #exclude: readonly ((url: string) => boolean)[] | undefined;
  #isWithin: ((url: string) => boolean) | undefined;

  override sitemapRules: SitemapSpider['sitemapRules'] = [['', 'parseListed']];

  /** What a page that counts gives. */
  abstract parsePage(response: Response): SpiderOutput<Item>;

  /** What an address that counts gives, each time it is found: nothing, unless overridden. */
  addressFound(_address: SiteAddress): Item | undefined {
    return undefined;
  }

  /** The request of the first page. */
  override *start(): Generator<Request> {
    for (const url of this.startUrls.slice(0, 1)) {
      this.#bindTo(url);
      yield new Request(url, { dontFilter: true, ...(this.readSitemaps && { errback: this.firstFailed }) });
    }
  }

  /** The first page could not be had: the sitemaps of the site may name others. */
  *firstFailed({ request, response, error }: Failure): Generator<Output<Item>> {
    const isForbidden = error instanceof DroppedError && error.reason === 'robots';
    if (response === undefined && !isForbidden) return;
    const { url } = response ?? request;
    this.state[ROOT] = url;
    if (this.#isInside(url)) yield* this.#sitemaps(url);
  }

  /** Takes the pages of the site. */
  override async *parse(
    response: Response,
    { depth = 0 }: Partial<SitePlace> = {},
  ): AsyncGenerator<Output<Item>, void, undefined> {
    const { url } = response;
    this.stats.inc('site/pages');
    if (depth === 0) this.state[ROOT] = url;
    if (!this.#isInside(url)) return;
    if (depth === 0) {
      yield* this.#given({ url, source: 'start', depth });
      if (this.readSitemaps) yield* this.#sitemaps(url);
    }
    if (response.kind === 'html' && this.#counts(url)) yield* eachOutput<Item>(this.parsePage(response));
    for (const link of this.#links.extractLinks(response))
      yield* this.#given({ url: link.url.replace(/#.*/s, ''), source: 'link', depth: depth + 1 });
  }

  /** Reads a sitemap, an index or a robots.txt, where there is one. */
  override async *parseSitemap(
    response: Response,
    place: { readonly depth?: number } = {},
  ): AsyncGenerator<Output<Item>, void, undefined> {
    if (!response.ok) return;
    for await (const output of super.parseSitemap(response, place)) {
      const isPage = isRequest(output) && output.callback === 'parseListed';
      if (isPage) yield* this.#given({ url: output.url.replace(/#.*/s, ''), source: 'sitemap', depth: 1 });
      else yield output;
    }
  }

  /** Names the addresses of sitemaps; they are fetched as pages of depth 1. */
  parseListed(response: Response): SpiderOutput<Item> {
    return this.parse(response, { depth: 1 });
  }

  *#given(address: SiteAddress): Generator<Output<Item>> {
    const { url, source, depth } = address;
    if (!this.#isInside(url) || this.#isExcluded(url)) return;
    if (this.#counts(url)) yield this.addressFound(address);
    if (source === 'start' || depth > this.followDepth || urlHasAnyExtension(url, IGNORED)) return;
    const place: SitePlace = { depth };
    yield new Request(url, { callback: this.parse, cbKwargs: place });
  }

  *#sitemaps(url: string): Generator<Request> {
    const urls = ['/robots.txt', '/sitemap.xml'].map((path) => new URL(path, url).href);
    // Most sites lack one of them, which is no fault.
    for (const request of this.sitemapRequests(urls))
      yield request.replace({ meta: { ...request.meta, handleAllStatuses: true } });
  }

  #isInside(url: string): boolean {
    const root = this.state[ROOT];
    if (typeof root !== 'string') return false;
    this.#bindTo(root);
    this.#isWithin ??= siteScope(this.scope, root);
    return this.#isWithin(url);
  }

  /** Redirects lead to no other domain; the scope is checked by the spider itself. */
  #bindTo(url: string): void {
    if (this.allowedDomains.length === 0) this.allowedDomains = [siteDomain(url)];
  }

  #counts(url: string): boolean {
    this.#include ??= this.include.map(urlPattern);
    const included = this.#include;
    return (included.length === 0 || included.some((fits) => fits(url))) && !this.#isExcluded(url);
  }

  #isExcluded(url: string): boolean {
    this.#exclude ??= this.exclude.map(urlPattern);
    return this.#exclude.some((fits) => fits(url));
  }
}
