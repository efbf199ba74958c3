import { type RetryCause, type RetryRules, retryDecision } from '../../middlewares/index.ts';
import { ConnectionLostError } from '../../src/errors/connection-lost-error.ts';
import { ConnectionRefusedError } from '../../src/errors/connection-refused-error.ts';
import { DnsError } from '../../src/errors/dns-error.ts';
import { DownloadTimeoutError } from '../../src/errors/download-timeout-error.ts';
import { DEFAULT_SETTINGS } from '../../src/settings/default-settings.ts';
import { Request } from '../../src/values/request.ts';
import { cases } from './load.ts';

type Fault = 'timeout' | 'connection-refused' | 'connection-reset' | 'dns' | 'other';

interface Attempt {
  readonly outcome: { readonly status: number } | { readonly error: Fault };
  readonly request?: {
    readonly retryTimes?: number;
    readonly priority?: number;
    readonly dontRetry?: boolean;
    readonly maxRetryTimes?: number;
  };
  readonly settings?: {
    readonly retryTimes?: number;
    readonly retryStatuses?: readonly number[];
    readonly priorityAdjust?: number;
  };
}

const URL = 'http://site.test/';
const ERRORS: Readonly<Record<Fault, () => Error>> = {
  timeout: () => new DownloadTimeoutError(URL, 'response', 1),
  'connection-refused': () => new ConnectionRefusedError(URL, 'made up'),
  'connection-reset': () => new ConnectionLostError(URL, 'made up'),
  dns: () => new DnsError(URL, 'made up'),
  other: () => new Error('other'),
};

cases<Attempt>('retry', ({ outcome, request: given = {}, settings = {} }) => {
  const { retryTimes: retries = 0, priority = 0, ...meta } = given;
  const rules: RetryRules = {
    times: settings.retryTimes ?? DEFAULT_SETTINGS.retryTimes,
    statuses: new Set(settings.retryStatuses ?? DEFAULT_SETTINGS.retryStatuses),
    errors: new Set(DEFAULT_SETTINGS.retryErrors),
    priorityAdjust: settings.priorityAdjust ?? DEFAULT_SETTINGS.retryPriorityAdjust,
    backoffMs: DEFAULT_SETTINGS.retryBackoffMs,
    maxWaitMs: DEFAULT_SETTINGS.maxRetryAfterMs,
  };
  const cause: RetryCause = 'status' in outcome ? outcome : { error: ERRORS[outcome.error]() };
  const decision = retryDecision(cause, new Request(URL, { meta, priority }), retries, rules, () => 0.5);
  if (!decision.retry) return { retry: false };
  const { retryTimes, priority: newPriority } = decision;
  // A retry is the same lease put off: it never meets the duplicate filter.
  return { retry: true, retryTimes, priority: newPriority, skipDedupe: true };
});
