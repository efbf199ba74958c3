import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import type { Request } from '../values/request.ts';
import type { RequestMeta } from '../values/request-meta.ts';

/** Ours for those of Scrapy's keys of `meta` that ask for something; what Scrapy itself writes there may be a note. */
const SCRAPY_KEYS: ReadonlyMap<string, keyof RequestMeta> = new Map([
  ['allow_offsite', 'allowOffsite'],
  ['autothrottle_dont_adjust_delay', 'autothrottleDontAdjustDelay'],
  ['bindaddress', 'bindAddress'],
  ['cookiejar', 'cookieJar'],
  ['depth_reset', 'depthReset'],
  ['dont_cache', 'dontCache'],
  ['dont_merge_cookies', 'dontMergeCookies'],
  ['dont_obey_robotstxt', 'dontObeyRobotsTxt'],
  ['dont_redirect', 'dontRedirect'],
  ['dont_retry', 'dontRetry'],
  ['download_fail_on_dataloss', 'failOnDataLoss'],
  ['download_maxsize', 'maxBodyBytes'],
  ['download_slot', 'downloadSlot'],
  ['download_timeout', 'downloadTimeoutMs'],
  ['download_warnsize', 'warnBodyBytes'],
  ['give_up_log_level', 'giveUpLogLevel'],
  ['handle_httpstatus_all', 'handleAllStatuses'],
  ['handle_httpstatus_list', 'handleStatuses'],
  ['http_pass', 'httpPass'],
  ['http_user', 'httpUser'],
  ['max_retry_times', 'maxRetryTimes'],
  ['priority_adjust', 'priorityAdjust'],
  ['referrer_policy', 'referrerPolicy'],
]);

/**
 * Looks for keys that would do something in Scrapy and nothing here. Asked when a request goes into the crawl, and not
 * when it is made: until then components may write to `meta`, and what a job has stored must always come back.
 *
 * @throws InvalidRequestError naming our key.
 */
export function checkMeta({ url, meta }: Request): void {
  for (const key in meta) {
    const ours = SCRAPY_KEYS.get(key);
    if (ours !== undefined) throw new InvalidRequestError(`${url}: meta.${key} is meta.${ours} here`);
  }
}
