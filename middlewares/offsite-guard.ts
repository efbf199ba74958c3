import {
  type ComponentContext,
  type Drop,
  drop,
  originOf,
  type Request,
  SettingsError,
  urlIsFromAnyDomain,
} from '../src/api.ts';

/**
 * Whether a request leads off the allowed domains and their sub-domains. An empty list allows any host.
 * `meta.allowOffsite` and `dontFilter` exempt a request, as in Scrapy; `dontFilter` does so only for the address
 * that it was set for, not for what that redirects to.
 */
export function isOffsite(request: Request, allowedDomains: readonly string[]): boolean {
  return allowedDomains.length > 0 && !isExempt(request) && !urlIsFromAnyDomain(request.url, allowedDomains);
}

function isExempt({ dontFilter, meta }: Request): boolean {
  return meta.allowOffsite === true || (dontFilter && (meta.redirects ?? []).length === 0);
}

const MOST_KNOWN = 10_000;

/** Applies the spider's `allowedDomains` as they are at the moment, and says once for each host what it refuses. */
export class OffsiteGuard {
  readonly #context: ComponentContext;
  readonly #verdicts = new Map<string, boolean>();
  readonly #said = new Set<string>();
  #domains: readonly string[] = [];

  constructor(context: ComponentContext) {
    this.#context = context;
    for (const domain of context.spider.allowedDomains) {
      if (domain.includes('/')) {
        throw new SettingsError(`allowedDomains takes host names such as books.toscrape.com, got ${domain}`);
      }
    }
  }

  /** The drop of a request that leads off the allowed domains. */
  check(request: Request): Drop | undefined {
    const { allowedDomains } = this.#context.spider;
    if (allowedDomains.length === 0 || isExempt(request)) return undefined;
    const origin = originOf(request.url);
    if (!this.#isOffsite(origin, allowedDomains)) return undefined;
    this.#report(origin, request);
    return drop('offsite');
  }

  #isOffsite(origin: string, domains: readonly string[]): boolean {
    if (!isSame(domains, this.#domains)) {
      this.#domains = [...domains];
      this.#verdicts.clear();
    }
    let verdict = this.#verdicts.get(origin);
    if (verdict === undefined) {
      verdict = !urlIsFromAnyDomain(origin, domains);
      if (this.#verdicts.size >= MOST_KNOWN) this.#verdicts.clear();
      this.#verdicts.set(origin, verdict);
    }
    return verdict;
  }

  #report(origin: string, { url }: Request): void {
    const { stats, logger } = this.#context;
    stats.inc('offsite/filtered');
    if (this.#said.has(origin) || this.#said.size >= MOST_KNOWN) return;
    this.#said.add(origin);
    stats.inc('offsite/domains');
    logger.debug(`offsite: ${origin} is not in allowedDomains`, { url });
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((domain, at) => domain === b[at]);
}
