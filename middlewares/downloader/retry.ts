import {
  type ComponentContext,
  type DownloaderMiddleware,
  errorMessage,
  errorName,
  type Factory,
  isCrawlError,
  named,
  type Request,
  type Response,
  type RetryLater,
  retryLater,
  retryWaitMs,
  type Settings,
  type Stats,
  type Unit,
} from '../../src/api.ts';
import { retryAfterMs } from './retry-after.ts';

/** Options of {@link retry}; defaults are the settings of these names. */
export interface RetryOptions {
  /** Tries after the first one. @defaultValue `settings.retryTimes` */
  readonly times?: number;
  /** Statuses that are tried again. @defaultValue `settings.retryStatuses` */
  readonly statuses?: readonly number[];
  /** Errors that are tried again, by class or code. @defaultValue `settings.retryErrors` */
  readonly errors?: readonly string[];
  /** Added to the priority of a retry. @defaultValue `settings.retryPriorityAdjust` */
  readonly priorityAdjust?: number;
  /** Wait before the first retry, in milliseconds; doubled each time, ± 50 %. @defaultValue `settings.retryBackoffMs` */
  readonly backoffMs?: number;
  /** Longest wait of any kind, in milliseconds. @defaultValue `settings.maxRetryAfterMs` */
  readonly maxWaitMs?: number;
}

/** The options once the settings have filled them. */
export type RetryRules = Required<Omit<RetryOptions, 'statuses' | 'errors'>> & {
  readonly statuses: ReadonlySet<number>;
  readonly errors: ReadonlySet<string>;
};

/** What an attempt ended with. */
export type RetryCause =
  | { readonly status: number; readonly retryAfterMs?: number | undefined }
  | { readonly error: unknown };

/** Whether an attempt is made again, and how. */
export type RetryDecision =
  | {
      readonly retry: true;
      /** Which retry it is, from 1. */
      readonly retryTimes: number;
      readonly priority: number;
      /** Least milliseconds to wait. */
      readonly afterMs: number;
    }
  | {
      readonly retry: false;
      /** A retry was due, but all are used up. */
      readonly isGivenUp: boolean;
    };

/** Answers by which a server speaks for all of itself: its Retry-After holds for every request. */
const WHOLE_HOST: ReadonlySet<number> = new Set([429, 503]);

/**
 * Decides on a failed attempt after `retries` failed tries before it. `meta.dontRetry`, `meta.maxRetryTimes` and
 * `meta.priorityAdjust` win over the rules.
 */
export function retryDecision(
  cause: RetryCause,
  { meta, priority }: Pick<Request, 'meta' | 'priority'>,
  retries: number,
  rules: RetryRules,
  random: () => number,
): RetryDecision {
  if (!isPassing(cause, rules) || meta.dontRetry === true) return { retry: false, isGivenUp: false };
  if (retries >= (meta.maxRetryTimes ?? rules.times)) return { retry: false, isGivenUp: true };
  const { backoffMs, maxWaitMs } = rules;
  const askedMs = 'status' in cause ? (cause.retryAfterMs ?? 0) : 0;
  const afterMs = Math.min(askedMs, maxWaitMs);
  return {
    retry: true,
    retryTimes: retries + 1,
    priority: priority + (meta.priorityAdjust ?? rules.priorityAdjust),
    afterMs: retryWaitMs({ retries, backoffMs, maxBackoffMs: maxWaitMs, afterMs }, random),
  };
}

function isPassing(cause: RetryCause, { statuses, errors }: RetryRules): boolean {
  if ('status' in cause) return statuses.has(cause.status);
  const { error } = cause;
  return errors.has(errorName(error)) || (isCrawlError(error) && errors.has(error.code));
}

/** The rules that the settings make, with the options that are given instead. */
export function retryRules(settings: Settings, options: RetryOptions = {}): RetryRules {
  const { statuses = settings.retryStatuses, errors = settings.retryErrors } = options;
  return {
    times: settings.retryTimes,
    priorityAdjust: settings.retryPriorityAdjust,
    backoffMs: settings.retryBackoffMs,
    maxWaitMs: settings.maxRetryAfterMs,
    ...options,
    statuses: new Set(statuses),
    errors: new Set(errors),
  };
}

/** Counts a retry that was decided on, and asks for it. */
export function askForRetry(
  { afterMs, priority }: Extract<RetryDecision, { retry: true }>,
  { request }: Pick<Unit, 'request'>,
  reason: string,
  stats: Stats,
): RetryLater {
  stats.inc('retry/count');
  stats.inc(`retry/reason_count/${reason}`);
  return retryLater(reason, { afterMs, priorityAdjust: priority - request.priority });
}

/**
 * Tries a failed download again: later and later, and behind fresh requests. A server that says Retry-After with
 * 429 or 503 is left alone that long, by every request.
 */
export function retry(options: RetryOptions = {}): Factory<DownloaderMiddleware> {
  return named('retry', (context) => (context.settings.retry ? new Retry(context, options) : undefined));
}

class Retry implements DownloaderMiddleware {
  readonly name = 'retry';
  readonly #context: ComponentContext;
  readonly #rules: RetryRules;

  constructor(context: ComponentContext, options: RetryOptions) {
    this.#context = context;
    this.#rules = retryRules(context.settings, options);
  }

  processResponse({ status, headers }: Response, unit: Unit): RetryLater | undefined {
    const isRetried = this.#rules.statuses.has(status);
    if (!isRetried && !WHOLE_HOST.has(status)) return undefined;
    const { clock, hosts } = this.#context;
    const askedMs = retryAfterMs(headers.get('retry-after'), clock.now());
    if (askedMs !== undefined && WHOLE_HOST.has(status)) {
      const forMs = Math.min(askedMs, this.#rules.maxWaitMs);
      hosts.block(hosts.of(unit.request), forMs, `it answered ${status} with Retry-After`);
    }
    return isRetried ? this.#again({ status, retryAfterMs: askedMs }, unit, `status ${status}`) : undefined;
  }

  processException(error: unknown, unit: Unit): RetryLater | undefined {
    return this.#again({ error }, unit, errorName(error));
  }

  #again(cause: RetryCause, unit: Unit, reason: string): RetryLater | undefined {
    const { stats, random, logger } = this.#context;
    const { request, retries } = unit;
    const decision = retryDecision(cause, request, retries, this.#rules, random);
    if (!decision.retry) {
      if (decision.isGivenUp) this.#giveUp(cause, unit, reason);
      return undefined;
    }
    if (logger.isEnabled('debug')) {
      logger.debug(`retry ${decision.retryTimes}: ${reason}`, {
        url: request.url,
        afterMs: decision.afterMs,
      });
    }
    return askForRetry(decision, unit, reason, stats);
  }

  #giveUp(cause: RetryCause, { request, retries }: Unit, reason: string): void {
    const { stats, logger, settings } = this.#context;
    stats.inc('retry/max_reached');
    const level = request.meta.giveUpLogLevel ?? settings.retryGiveUpLogLevel;
    const detail = 'error' in cause ? errorMessage(cause.error) : reason;
    logger[level](`gave up after ${retries + 1} ${retries === 0 ? 'try' : 'tries'}: ${detail}`, {
      url: request.url,
    });
  }
}
