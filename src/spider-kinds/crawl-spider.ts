import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { InvalidCallbackError } from '../errors/invalid-callback-error.ts';
import { markSpiderBase, Spider } from '../spider/spider.ts';
import type { Callback } from '../values/callback.ts';
import type { Failure } from '../values/failure.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Link } from '../values/link.ts';
import { Request } from '../values/request.ts';
import type { RequestMeta } from '../values/request-meta.ts';
import type { Response } from '../values/response.ts';
import { eachOutput } from './each-output.ts';
import { type CompiledRule, compileRules, type Rule } from './rule.ts';
import { spiderMethod } from './spider-method.ts';

/** How `parseWithRules` treats a page. */
export interface ParseWithRulesOptions {
  /** Method of the spider that takes the page, or its name. @defaultValue none */
  readonly callback?: Callback<never> | string | undefined;
  /** Second argument of the callback. */
  readonly cbKwargs?: unknown;
  /** Whether the rules look for links on the page. @defaultValue `true` */
  readonly follow?: boolean | undefined;
}

const WEB_ADDRESS = /^https?:/i;
const LONGEST_LINK_TEXT = 1000;

/**
 * Follows links by rules. Pages of `startUrls` go to `parseStartUrl` and are searched for links; each link goes to
 * the first rule that takes it, and the page behind it to that rule's callback. Links are looked for on HTML pages
 * only. Requests are stored with the number of their rule, so a rule's functions may be of any kind, and a job goes
 * on with the rules as they are now. Do not override `parse`. Scrapy's CrawlSpider.
 */
export abstract class CrawlSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> extends Spider<Item, Args> {
  static {
    markSpiderBase(CrawlSpider);
  }

  /** The rules, asked in this order. */
  rules: readonly Rule[] = [];
  /** Whether links are followed at all. Scrapy's CRAWLSPIDER_FOLLOW_LINKS. */
  followLinks = true;

  #rules: readonly CompiledRule[] | undefined;

  /** @throws InvalidCallbackError when a rule names a method that the spider does not have. */
  override start(): SpiderOutput<Item> {
    this.#compiled();
    return super.start();
  }

  /** Takes the pages of `startUrls`, and of requests without a callback. */
  override parse(response: Response, args?: unknown): SpiderOutput<Item> {
    return this.parseWithRules(response, { callback: this.parseStartUrl, cbKwargs: args });
  }

  /** What the pages of `startUrls` give besides the links on them: nothing, unless overridden. */
  parseStartUrl(_response: Response, _args?: unknown): SpiderOutput<Item> {}

  /** Takes all that a callback gave for a page, and gives what is to be kept: everything, unless overridden. */
  processResults(_response: Response, results: AsyncIterable<Output<Item>>): SpiderOutput<Item> {
    return results;
  }

  /** What a callback gives for a page, then requests for the links that the rules take on it. */
  async *parseWithRules(
    response: Response,
    { callback, cbKwargs, follow = true }: ParseWithRulesOptions = {},
  ): AsyncGenerator<Output<Item>, void, undefined> {
    if (callback !== undefined) {
      const method = spiderMethod<[Response, unknown], SpiderOutput<Item>>(this, callback, 'callback');
      const results = eachOutput<Item>(method(response, cbKwargs));
      yield* eachOutput<Item>(this.processResults(response, results));
    }
    if (follow && this.followLinks) yield* this.#requestsToFollow(response);
  }

  /** Takes the pages that a rule led to. Requests are stored with this name. */
  parseFollowed(response: Response, args?: unknown): SpiderOutput<Item> {
    const { callback, cbKwargs, follow } = this.#ruleOf(response.request);
    return this.parseWithRules(response, {
      callback: callback as Callback<never> | undefined,
      cbKwargs: merged(cbKwargs, args),
      follow,
    });
  }

  /** Takes the failures of requests that a rule made. Requests are stored with this name. */
  failFollowed(failure: Failure, args?: unknown): SpiderOutput<Item> {
    const { errback, cbKwargs } = this.#ruleOf(failure.request);
    return errback?.(failure, merged(cbKwargs, args)) as SpiderOutput<Item>;
  }

  async *#requestsToFollow(response: Response): AsyncGenerator<Request, void, undefined> {
    if (response.kind !== 'html') return;
    const taken = new Set<string>();
    for (const [at, rule] of this.#compiled().entries()) {
      const links = rule.extractor.extractLinks(response).filter(({ url }) => !taken.has(url));
      const chosen = rule.processLinks === undefined ? links : await rule.processLinks(links, response);
      for (const link of chosen) {
        taken.add(link.url);
        if (!WEB_ADDRESS.test(link.url)) continue;
        const request = this.#request(link, at, rule);
        const changed =
          rule.processRequest === undefined ? request : await rule.processRequest(request, response);
        if (changed !== undefined && changed !== null) yield changed as Request;
      }
    }
  }

  #request({ url, text }: Link, rule: number, { errback }: CompiledRule): Request {
    const meta: RequestMeta = { rule, linkText: text.slice(0, LONGEST_LINK_TEXT) };
    return new Request(url, {
      callback: this.parseFollowed,
      ...(errback !== undefined && { errback: this.failFollowed }),
      meta,
    });
  }

  #compiled(): readonly CompiledRule[] {
    this.#rules ??= compileRules(this, this.rules);
    return this.#rules;
  }

  #ruleOf({ url, meta: { rule } }: Request): CompiledRule {
    const found = typeof rule === 'number' ? this.#compiled()[rule] : undefined;
    if (found !== undefined) return found;
    throw new InvalidCallbackError(
      `${url} belongs to rules[${String(rule)}], which spider ${this.name} does not have: ` +
        'put the rule back, or begin a new job',
    );
  }
}

/** Arguments of the rule, then those that the request carries itself. */
function merged(ofRule: Readonly<Record<string, unknown>> | undefined, ofRequest: unknown): unknown {
  if (ofRule === undefined) return ofRequest;
  if (ofRequest === undefined) return ofRule;
  return typeof ofRequest === 'object' && ofRequest !== null ? { ...ofRule, ...ofRequest } : ofRequest;
}
