import {
  type ComponentContext,
  type Drop,
  drop,
  type Factory,
  hostKey,
  named,
  type Request,
  type RequestSource,
  type Response,
  type SchedulerMiddleware,
  SelectorError,
  SettingsError,
  type Unit,
} from '../../src/api.ts';
import { PageTwins } from '../traps/page-twins.ts';
import { SessionTwins } from '../traps/session-twins.ts';
import { simHash } from '../traps/sim-hash.ts';
import { type UrlTrap, urlTrap } from '../traps/url-trap.ts';

/** Options of {@link traps}. Each rule is switched off by 0 or `false`. */
export interface TrapsOptions {
  /** Most segments of a path. @defaultValue `20` */
  readonly pathSegments?: number;
  /** Most times that a segment, or a run of up to ten, follows itself: `/a/b/a/b` is two. @defaultValue `2` */
  readonly repeatedSegments?: number;
  /** Most years from now of a date in an address (`/2031/05/`, `?year=2031`), forwards. @defaultValue `2` */
  readonly yearsAhead?: number;
  /** The same, backwards. @defaultValue `100` */
  readonly yearsBack?: number;
  /** Drop addresses that differ from a known one in nothing but a session's id of 16 characters or more. @defaultValue `true` */
  readonly sessionIds?: boolean;
  /** Most requests that a page may lead to. @defaultValue `10000` */
  readonly linksPerPage?: number;
  /** Most pages of a host; those under way when it is reached may come on top. @defaultValue `0` */
  readonly pagesPerHost?: number;
  /**
   * So many pages of a host may have nearly the same text (64-bit SimHash of word groups, 3 bits apart); links of
   * further copies lead nowhere. Needs the page's tree, which callbacks mostly have made. @defaultValue `10`
   */
  readonly nearDuplicates?: number;
}

/** Which rule a request broke; `trap-` before it is the reason of the drop. */
type Trap = UrlTrap | 'session-id' | 'links-per-page' | 'pages-per-host' | 'near-duplicate';

const MOST_TOLD = 10_000;
const MOST_HOSTS = 100_000;
const TEXT_OF_PAGE = 'body::text, body :not(script, style)::text';

/**
 * Keeps a crawl out of spaces without end: paths that repeat themselves, calendars, session ids, floods of links,
 * copies of one page. Not among the defaults: put it into `schedulerMiddlewares`. Start requests, redirects and inline
 * downloads pass. What is dropped is counted by its reason (`scheduler/dropped/trap-calendar`), and the log tells of
 * the first request of each host and reason. What it remembers of pages is bounded, and begins anew when a job is
 * resumed.
 *
 * @throws SettingsError when a limit is no whole number or less than 0.
 */
export function traps(options: TrapsOptions = {}): Factory<SchedulerMiddleware> {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'number' && !(Number.isInteger(value) && value >= 0)) {
      throw new SettingsError(`traps: ${name} takes a whole number from 0 on, got ${value}`);
    }
  }
  return named('traps', (context) => new Traps(options, context));
}

class Traps implements SchedulerMiddleware {
  readonly name = 'traps';
  readonly #context: ComponentContext;
  readonly #rules: Required<TrapsOptions>;
  readonly #sessions = new SessionTwins();
  readonly #pages = new PageTwins();
  /** Links of a page that is being worked on, and whether it is one copy too many. */
  readonly #origins = new WeakMap<Unit, { links: number; isCopy: boolean }>();
  readonly #pagesOfHost = new Map<string, number>();
  readonly #told = new Set<string>();

  constructor(options: TrapsOptions, context: ComponentContext) {
    this.#context = context;
    this.#rules = {
      pathSegments: 20,
      repeatedSegments: 2,
      yearsAhead: 2,
      yearsBack: 100,
      sessionIds: true,
      linksPerPage: 10_000,
      pagesPerHost: 0,
      nearDuplicates: 10,
      ...options,
    };
    if (this.#rules.pagesPerHost > 0) {
      context.signals.on('responseReceived', ({ response }) => this.#countPage(response));
    }
  }

  processEnqueue(request: Request, origin: Unit | undefined, source: RequestSource): Drop | undefined {
    if (source !== 'callback' || origin === undefined) return undefined;
    const trap = this.#trapOf(request, origin);
    return trap && this.#drop(trap, request, origin);
  }

  processDequeue(request: Request): Drop | undefined {
    const { pagesPerHost } = this.#rules;
    if (pagesPerHost === 0 || (this.#pagesOfHost.get(hostKey(request.url)) ?? 0) < pagesPerHost) return;
    return this.#drop('pages-per-host', request);
  }

  #trapOf({ url }: Request, origin: Unit): Trap | undefined {
    const { linksPerPage, sessionIds } = this.#rules;
    const page = this.#pageOf(origin);
    page.links += 1;
    if (linksPerPage > 0 && page.links > linksPerPage) return 'links-per-page';
    if (page.isCopy) return 'near-duplicate';
    const trap = urlTrap(url, this.#rules, this.#context.clock.now());
    if (trap !== undefined || !sessionIds) return trap;
    const { request, retries } = origin;
    return this.#sessions.isTwin(url, { url: request.url, retries }) ? 'session-id' : undefined;
  }

  #pageOf(origin: Unit): { links: number; isCopy: boolean } {
    let page = this.#origins.get(origin);
    if (page === undefined) {
      page = { links: 0, isCopy: this.#isCopy(origin.response) };
      this.#origins.set(origin, page);
    }
    return page;
  }

  /** Whether there are as many pages like this one as there may be. */
  #isCopy(response: Response | undefined): boolean {
    const { nearDuplicates } = this.#rules;
    if (nearDuplicates === 0 || response?.kind !== 'html') return false;
    const hash = simHash(textOf(response));
    if (hash === undefined) return false;
    return this.#pages.count(hostKey(response.url), response.url, hash) >= nearDuplicates;
  }

  #countPage({ url }: Response): void {
    const host = hostKey(url);
    const pages = this.#pagesOfHost.get(host) ?? 0;
    if (pages > 0 || this.#pagesOfHost.size < MOST_HOSTS) this.#pagesOfHost.set(host, pages + 1);
  }

  #drop(trap: Trap, { url }: Request, origin?: Unit): Drop {
    const told = `${trap} ${hostKey(url)}`;
    if (!this.#told.has(told) && this.#told.size < MOST_TOLD) {
      this.#told.add(told);
      const page = origin && { page: origin.request.url };
      this.#context.logger.info(`looks like a trap (${trap}): not asked for, as others of its kind`, {
        url,
        ...page,
      });
    }
    return drop(`trap-${trap}`);
  }
}

/** The text of a page; none of a page that is too much work to query. */
function textOf(response: Response): string {
  try {
    return response.css(TEXT_OF_PAGE).getAll().join(' ');
  } catch (error) {
    if (error instanceof SelectorError) return '';
    throw error;
  }
}
