import {
  type ComponentContext,
  type DownloaderMiddleware,
  type Drop,
  drop,
  errorMessage,
  errorName,
  type Factory,
  forgetOldest,
  HttpError,
  isCrawlError,
  named,
  originOf,
  Request,
  type Response,
  urlIsFromAnyDomain,
} from '../../src/api.ts';
import { parseRobots, ROBOTS_BYTES, type RobotsRules, robotsAvailability } from './parse-robots.ts';

/** Options of {@link robotsTxt}. */
export interface RobotsTxtOptions {
  /** Product token to look for. @defaultValue `settings.robotsUserAgent`, else the user agent's first word */
  readonly userAgent?: string;
}

const NAME = 'robots-txt';
const PATH = '/robots.txt';
const MOST_ORIGINS = 10_000;
/** RFC 9309 2.4. */
const DAY_MS = 24 * 60 * 60 * 1000;
const RETRY_UNREACHABLE_MS = 10 * 60 * 1000;
/** RFC 9309 2.3.1.2. */
const MOST_REDIRECTS = 5;

/** Nothing may be asked: what the rules are is not known. */
interface Unreachable {
  /** Why the file could not be had; undefined: only half of it came. */
  readonly cause: unknown;
}

/** What holds for an origin. */
type Verdict = 'allow-all' | Unreachable | RobotsRules;

interface Known {
  readonly verdict: Verdict;
  /** When it is to be asked for again, monotonic. */
  readonly untilMs: number;
}

/**
 * Obeys robots.txt (RFC 9309). It is fetched once for an origin, before the first of its pages; those wait in the
 * queue meanwhile. No file opens the site, a server error or no answer closes it for now: its requests are kept among
 * the failed ones. Crawl-delay and Request-rate
 * slow the host down. `meta.dontObeyRobotsTxt` exempts a request.
 */
export function robotsTxt(options: RobotsTxtOptions = {}): Factory<DownloaderMiddleware> {
  return named(NAME, (context) =>
    context.settings.obeyRobotsTxt ? new RobotsTxt(context, options) : undefined,
  );
}

class RobotsTxt implements DownloaderMiddleware {
  readonly name = NAME;
  readonly #context: ComponentContext;
  readonly #agent: string;
  /** By origin, longest known first. */
  readonly #known = new Map<string, Known>();
  readonly #loading = new Map<string, Promise<Verdict>>();

  constructor(context: ComponentContext, { userAgent }: RobotsTxtOptions) {
    const { settings } = context;
    this.#context = context;
    this.#agent = userAgent ?? settings.robotsUserAgent ?? settings.userAgent;
  }

  prepareOrigin(origin: string, host: string): Promise<undefined> | undefined {
    if (!isWeb(origin) || this.#isOffsite(origin) || this.#isFresh(this.#known.get(origin))) return undefined;
    return this.#load(origin, host).then(() => undefined);
  }

  processRequest(request: Request): Drop | undefined | Promise<Drop | undefined> {
    const { url, meta } = request;
    if (meta.dontObeyRobotsTxt === true || !isWeb(url)) return undefined;
    const origin = originOf(url);
    if (url === origin + PATH) return undefined;
    const known = this.#known.get(origin);
    // The request holds a place of its host: what it waits for has to use another.
    if (known === undefined) {
      const host = this.#context.hosts.of(request);
      return this.#load(origin, host, `${NAME} ${origin}`).then((late) => this.#check(request, late));
    }
    if (!this.#isFresh(known)) void this.#load(origin, this.#context.hosts.of(request));
    return this.#check(request, known.verdict);
  }

  /** Where the spider may not go, nobody asks on the chance that some request is exempt. */
  #isOffsite(origin: string): boolean {
    const { allowedDomains } = this.#context.spider;
    return allowedDomains.length > 0 && !urlIsFromAnyDomain(origin, allowedDomains);
  }

  #isFresh(known: Known | undefined): boolean {
    return known !== undefined && this.#context.clock.monotonicMs() < known.untilMs;
  }

  #check({ url }: Request, verdict: Verdict): Drop | undefined {
    const { stats, logger } = this.#context;
    if (verdict === 'allow-all' || (isRules(verdict) && verdict.isAllowed(url))) return undefined;
    stats.inc('robotstxt/forbidden');
    if (logger.isEnabled('debug')) logger.debug('robots.txt forbids it', { url });
    if (isRules(verdict)) return drop('robots');
    return drop('robots unreachable', { isTemporary: true, cause: verdict.cause });
  }

  #load(origin: string, host: string, slot: string = host): Promise<Verdict> {
    let loading = this.#loading.get(origin);
    if (loading === undefined) {
      loading = this.#fetch(origin, host, slot).finally(() => this.#loading.delete(origin));
      this.#loading.set(origin, loading);
    }
    return loading;
  }

  async #fetch(origin: string, host: string, slot: string): Promise<Verdict> {
    const { stats } = this.#context;
    stats.inc('robotstxt/request_count');
    const answer = await this.#download(origin, slot);
    const { status, body } = 'status' in answer ? answer : { status: undefined, body: new Uint8Array() };
    const availability = robotsAvailability(status, body);
    stats.inc(`robotstxt/${availability}`);
    if (status !== undefined) stats.inc(`robotstxt/status/${status}`);
    if (availability === 'deny-all') {
      const cause = 'cause' in answer ? answer.cause : new HttpError(origin + PATH, answer.status);
      return this.#keepUnreachable(origin, { cause });
    }
    const verdict = availability === 'rules' ? parseRobots(body, this.#agent, origin) : availability;
    if (isRules(verdict)) this.#slowDown(host, verdict);
    this.#keep(origin, verdict, DAY_MS);
    return verdict;
  }

  /** Rules that were known before go on to hold (RFC 9309 2.4). */
  #keepUnreachable(origin: string, unreachable: Unreachable): Verdict {
    const { logger, signal, stats } = this.#context;
    const before = this.#known.get(origin)?.verdict;
    const verdict = before === undefined || !isKnown(before) ? unreachable : before;
    if (verdict === unreachable && !signal.aborted) {
      stats.inc('errors');
      logger.warn('robots.txt cannot be had: nothing of this site is fetched for now', {
        url: origin + PATH,
        ...reasonOf(unreachable),
      });
    }
    this.#keep(origin, verdict, RETRY_UNREACHABLE_MS);
    return verdict;
  }

  /** The last answer, or why there was none. */
  async #download(origin: string, host: string): Promise<Pick<Response, 'status' | 'body'> | Unreachable> {
    const { fetchInside, logger, stats } = this.#context;
    const request = new Request(origin + PATH, {
      meta: { maxRedirects: MOST_REDIRECTS, cutBodyAt: ROBOTS_BYTES, dontMergeCookies: true },
    });
    try {
      const response = await fetchInside(request, { inside: NAME, host });
      // Half a file may lack the very rule that forbids.
      return response.flags.includes('stopped') ? { cause: undefined } : response;
    } catch (error) {
      // RFC 9309 2.3.1.2: a chain that is too long counts as no file.
      if (isCrawlError(error) && error.code === 'ERR_CRAWL_TOO_MANY_REDIRECTS')
        return { status: 310, body: new Uint8Array() };
      stats.inc('robotstxt/exception_count');
      stats.inc(`robotstxt/exception/${errorName(error)}`);
      // A fault of a component is not the site's.
      const isOfSite = isCrawlError(error) && error.code !== 'ERR_CRAWL_COMPONENT';
      if (!isOfSite) logger.error('a component failed on robots.txt', { url: request.url, error });
      return { cause: error };
    }
  }

  #slowDown(host: string, { crawlDelay = 0, requestRate }: RobotsRules): void {
    const { settings, hosts } = this.#context;
    const rateSeconds = requestRate === undefined ? 0 : requestRate.seconds / requestRate.requests;
    const askedMs = Math.min(Math.max(crawlDelay, rateSeconds) * 1000, settings.maxCrawlDelayMs);
    if (askedMs <= 0) return;
    // Another origin of the group may have asked for more, and so may the user.
    const knownMs = hosts.get(host)?.limits.minDelayMs ?? 0;
    hosts.setLimits(host, { minDelayMs: Math.max(askedMs, knownMs) });
  }

  #keep(origin: string, verdict: Verdict, forMs: number): void {
    this.#known.delete(origin);
    this.#known.set(origin, { verdict, untilMs: this.#context.clock.monotonicMs() + forMs });
    if (this.#known.size > MOST_ORIGINS) forgetOldest(this.#known);
  }
}

function isRules(verdict: Verdict): verdict is RobotsRules {
  return typeof verdict === 'object' && 'isAllowed' in verdict;
}

/** Whether it says more than that nothing is known. */
function isKnown(verdict: Verdict): boolean {
  return verdict === 'allow-all' || isRules(verdict);
}

function reasonOf({ cause }: Unreachable): { readonly status?: number; readonly reason?: string } {
  if (cause === undefined) return {};
  return cause instanceof HttpError ? { status: cause.status } : { reason: errorMessage(cause) };
}

function isWeb(url: string): boolean {
  return url.startsWith('http:') || url.startsWith('https:');
}
