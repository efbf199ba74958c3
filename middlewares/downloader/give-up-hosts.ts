import {
  type ComponentContext,
  type DownloaderMiddleware,
  errorMessage,
  type Factory,
  forgetOldest,
  HostGivenUpError,
  hostFault,
  hostKey,
  named,
  type Request,
  type Response,
  type Unit,
} from '../../src/api.ts';

const MOST_HOSTS = 10_000;

/** Failures in a row of one host. */
interface Failures {
  count: number;
  /** Monotonic time up to which it is not asked. */
  restsUntilMs: number;
}

/**
 * Fails the requests of a host that is gone without asking it: after `settings.maxHostFailures` downloads in a row
 * that found nobody, for `settings.hostRestMs`; then one more failure is enough. Any answer at all makes it good.
 * The requests fail as any others do (errback, `crawl job retry-failed`). A circuit breaker.
 */
export function giveUpHosts(): Factory<DownloaderMiddleware> {
  return named('give-up-hosts', (context) =>
    context.settings.maxHostFailures > 0 ? new GiveUpHosts(context) : undefined,
  );
}

class GiveUpHosts implements DownloaderMiddleware {
  readonly name = 'give-up-hosts';
  readonly #context: ComponentContext;
  /** Only hosts that fail, by `hostKey`: of hosts that share their pace one may be dead and the others not. */
  readonly #failing = new Map<string, Failures>();

  constructor(context: ComponentContext) {
    this.#context = context;
  }

  processRequest(request: Request): void {
    if (this.#failing.size === 0) return;
    const failures = this.#failing.get(hostKey(request.url));
    if (failures === undefined || failures.restsUntilMs <= this.#context.clock.monotonicMs()) return;
    throw new HostGivenUpError(request.url, failures.count);
  }

  processResponse(_response: Response, { request }: Unit): void {
    if (this.#failing.size > 0) this.#failing.delete(hostKey(request.url));
  }

  processException(error: unknown, { request }: Unit): void {
    if (hostFault(error) === undefined) return;
    const { clock, logger, settings, stats } = this.#context;
    const host = hostKey(request.url);
    const failures = this.#failing.get(host) ?? { count: 0, restsUntilMs: 0 };
    this.#failing.delete(host);
    this.#failing.set(host, failures);
    if (this.#failing.size > MOST_HOSTS) forgetOldest(this.#failing);
    failures.count += 1;
    const nowMs = clock.monotonicMs();
    if (failures.count < settings.maxHostFailures || failures.restsUntilMs > nowMs) return;
    failures.restsUntilMs = nowMs + settings.hostRestMs;
    stats.inc('throttle/hosts_given_up');
    logger.error(
      `${host} failed ${failures.count} times in a row: its requests fail without being sent for now`,
      {
        host,
        forMs: settings.hostRestMs,
        last: errorMessage(error),
      },
    );
  }
}
