import type { SpiderOutput } from '../contracts/spider.ts';
import { LinkExtractor, type LinkExtractorOptions } from '../extract/link-extractor.ts';
import type { Callback, Errback } from '../values/callback.ts';
import type { Failure } from '../values/failure.ts';
import type { Link } from '../values/link.ts';
import { OptionNames } from '../values/option-names.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import { type SpiderMethod, spiderMethod } from './spider-method.ts';

/** Whatever takes links out of pages. */
export interface LinkSourceOfRule {
  extractLinks(response: Response): Link[];
}

/** Which links a `CrawlSpider` follows, and what it does with the pages behind them. */
export interface Rule {
  /** Takes the links: a `LinkExtractor`, its options, or an extractor of one's own. @defaultValue every link */
  readonly linkExtractor?: LinkSourceOfRule | LinkExtractorOptions | undefined;
  /** Method of the spider for each page, or its name. @defaultValue none: the page is only searched for links */
  readonly callback?: Callback<never> | string | undefined;
  /** Second argument of callback and errback. */
  readonly cbKwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Whether the rules look for links on these pages too. @defaultValue `true` without `callback`, else `false` */
  readonly follow?: boolean | undefined;
  /** Chooses among the links that the rule took from a page, or changes them. */
  readonly processLinks?:
    | ((links: Link[], response: Response) => Iterable<Link> | Promise<Iterable<Link>>)
    | string
    | undefined;
  /** Changes a request before it is made; nothing: it is left out. `response` is the page with the link. */
  readonly processRequest?:
    | ((
        request: Request,
        response: Response,
      ) => Request | null | undefined | void | Promise<Request | null | undefined | void>)
    | string
    | undefined;
  /** Method of the spider for requests that failed, or its name. */
  readonly errback?: Errback<never> | string | undefined;
}

const OPTION_NAMES = new OptionNames({
  linkExtractor: true,
  callback: true,
  cbKwargs: true,
  follow: true,
  processLinks: true,
  processRequest: true,
  errback: true,
} satisfies Record<keyof Rule, true>);

/** A rule with everything looked up. */
export interface CompiledRule {
  readonly extractor: LinkSourceOfRule;
  readonly callback: SpiderMethod<[Response, unknown], SpiderOutput<object>> | undefined;
  readonly cbKwargs: Readonly<Record<string, unknown>> | undefined;
  readonly follow: boolean;
  readonly processLinks:
    | SpiderMethod<[Link[], Response], Iterable<Link> | Promise<Iterable<Link>>>
    | undefined;
  readonly processRequest: SpiderMethod<[Request, Response], unknown> | undefined;
  readonly errback: SpiderMethod<[Failure, unknown], SpiderOutput<object>> | undefined;
}

/**
 * Looks up what a spider's rules name.
 *
 * @throws InvalidCallbackError when a rule names what the spider does not have.
 * @throws UnknownOptionError when a rule or its link extractor has an option that there is not.
 */
export function compileRules(spider: object, rules: readonly Rule[]): CompiledRule[] {
  return rules.map((rule, at) => {
    OPTION_NAMES.check(`rules[${at}]`, rule);
    const { linkExtractor = {}, callback, cbKwargs, follow = callback === undefined } = rule;
    const method = <Arguments extends readonly unknown[], Result>(
      name: 'callback' | 'errback' | 'processLinks' | 'processRequest',
    ): SpiderMethod<Arguments, Result> | undefined =>
      rule[name] === undefined ? undefined : spiderMethod(spider, rule[name], `rules[${at}].${name}`);
    return {
      extractor: 'extractLinks' in linkExtractor ? linkExtractor : new LinkExtractor(linkExtractor),
      callback: method('callback'),
      cbKwargs,
      follow,
      processLinks: method('processLinks'),
      processRequest: method('processRequest'),
      errback: method('errback'),
    };
  });
}
