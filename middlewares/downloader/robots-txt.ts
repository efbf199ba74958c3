import {
  type ComponentContext,
  type DownloaderMiddleware,
  type Drop,
  drop,
  errorMessage,
  type Factory,
  isCrawlError,
  named,
  originOf,
  Request,
  type Response,
  type Unit,
} from '../../src/api.ts';
import { parseRobots, ROBOTS_BYTES, type RobotsRules, robotsAvailability } from './parse-robots.ts';

/** Options of {@link robotsTxt}. */
export interface RobotsTxtOptions {
  /** Product token to look for. @defaultValue `settings.robotsUserAgent`, else the user agent's first word */
  readonly userAgent?: string;
}

const NAME = 'robots-txt';
const MOST_ORIGINS = 10_000;
/** RFC 9309 2.3.1.2. */
const MOST_REDIRECTS = 5;

/** What holds for an origin. */
type Verdict = 'allow-all' | 'deny-all' | RobotsRules;

/**
 * Obeys robots.txt (RFC 9309). It is fetched once for an origin, before the first of its pages; those wait in the
 * queue meanwhile. No file opens the site, a server error or no answer closes it. Crawl-delay and Request-rate
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
  readonly #verdicts = new Map<string, Verdict>();
  readonly #loading = new Map<string, Promise<Verdict>>();

  constructor(context: ComponentContext, { userAgent }: RobotsTxtOptions) {
    const { settings } = context;
    this.#context = context;
    this.#agent = userAgent ?? settings.robotsUserAgent ?? settings.userAgent;
  }

  async prepareOrigin(origin: string, host: string): Promise<void> {
    if (isWeb(origin)) await this.#load(origin, host);
  }

  processRequest(request: Request, unit: Unit): Drop | undefined | Promise<Drop | undefined> {
    if (request.meta.dontObeyRobotsTxt === true || !isWeb(request.url)) return undefined;
    const origin = originOf(request.url);
    const verdict = this.#verdicts.get(origin);
    if (verdict !== undefined) return this.#check(request, verdict);
    const { hosts } = this.#context;
    return this.#load(origin, hosts.of(unit.request)).then((late) => this.#check(request, late));
  }

  #check({ url }: Request, verdict: Verdict): Drop | undefined {
    const { stats, logger } = this.#context;
    if (verdict === 'allow-all' || (typeof verdict === 'object' && verdict.isAllowed(url))) return undefined;
    stats.inc('robotstxt/forbidden');
    if (logger.isEnabled('debug')) logger.debug('robots.txt forbids it', { url });
    return drop(verdict === 'deny-all' ? 'robots unreachable' : 'robots');
  }

  #load(origin: string, host: string): Promise<Verdict> {
    let loading = this.#loading.get(origin);
    if (loading === undefined) {
      loading = this.#fetch(origin, host).finally(() => this.#loading.delete(origin));
      this.#loading.set(origin, loading);
    }
    return loading;
  }

  async #fetch(origin: string, host: string): Promise<Verdict> {
    const { stats, logger } = this.#context;
    stats.inc('robotstxt/request_count');
    const response = await this.#download(origin, host);
    const body = response?.body ?? new Uint8Array();
    const availability = robotsAvailability(response?.status, body);
    stats.inc(`robotstxt/${availability}`);
    if (availability === 'deny-all') {
      logger.warn('robots.txt cannot be had: nothing of this site is fetched', {
        url: `${origin}/robots.txt`,
        ...(response && { status: response.status }),
      });
    }
    const verdict = availability === 'rules' ? parseRobots(body, this.#agent, origin) : availability;
    if (typeof verdict === 'object') this.#slowDown(host, verdict);
    this.#keep(origin, verdict);
    return verdict;
  }

  /** The last answer; undefined: there was none. */
  async #download(origin: string, host: string): Promise<Pick<Response, 'status' | 'body'> | undefined> {
    const { fetchInside, logger, stats } = this.#context;
    const request = new Request(`${origin}/robots.txt`, {
      meta: { maxRedirects: MOST_REDIRECTS, cutBodyAt: ROBOTS_BYTES, dontMergeCookies: true },
    });
    try {
      return await fetchInside(request, { inside: NAME, host });
    } catch (error) {
      // RFC 9309 2.3.1.2: a chain that is too long counts as no file.
      if (isCrawlError(error) && error.code === 'ERR_CRAWL_TOO_MANY_REDIRECTS')
        return { status: 310, body: new Uint8Array() };
      stats.inc('robotstxt/exception_count');
      logger.debug(`robots.txt: ${errorMessage(error)}`, { url: request.url });
      return undefined;
    }
  }

  #slowDown(host: string, { crawlDelay = 0, requestRate }: RobotsRules): void {
    const { settings, hosts } = this.#context;
    const rateSeconds = requestRate === undefined ? 0 : requestRate.seconds / requestRate.requests;
    const delayMs = Math.min(Math.max(crawlDelay, rateSeconds) * 1000, settings.maxCrawlDelayMs);
    if (delayMs > 0) hosts.setLimits(host, { delayMs });
  }

  #keep(origin: string, verdict: Verdict): void {
    this.#verdicts.delete(origin);
    this.#verdicts.set(origin, verdict);
    if (this.#verdicts.size <= MOST_ORIGINS) return;
    for (const oldest of this.#verdicts.keys()) {
      this.#verdicts.delete(oldest);
      return;
    }
  }
}

function isWeb(url: string): boolean {
  return url.startsWith('http:') || url.startsWith('https:');
}
