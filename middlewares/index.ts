// Every built-in middleware, and the pure rules that they decide by.
export {
  DEFAULT_DOWNLOADER_MIDDLEWARES,
  DEFAULT_SCHEDULER_MIDDLEWARES,
  DEFAULT_SPIDER_MIDDLEWARES,
} from './defaults.ts';
export { cookies } from './downloader/cookies.ts';
export { type DefaultHeadersOptions, defaultHeaders } from './downloader/default-headers.ts';
export { downloaderStats } from './downloader/downloader-stats.ts';
export { giveUpHosts } from './downloader/give-up-hosts.ts';
export { type HttpAuthOptions, httpAuth } from './downloader/http-auth.ts';
export { type HttpCacheOptions, httpCache } from './downloader/http-cache.ts';
export {
  type CacheableAnswer,
  type CacheControl,
  type CachedFreshness,
  cacheControl,
  cachedFreshness,
  conditionalHeaders,
  confirmsCached,
  type HttpCacheRules,
  mayCacheRequest,
  mayCacheResponse,
} from './downloader/http-cache-policy.ts';
export { httpDateMs } from './downloader/http-date.ts';
export { type IncrementalOptions, incremental } from './downloader/incremental.ts';
export { type MetaRefreshRedirectOptions, metaRefreshRedirect } from './downloader/meta-refresh-redirect.ts';
export { offsite } from './downloader/offsite.ts';
export {
  parseRobots,
  type RequestRate,
  type RobotsAvailability,
  type RobotsRules,
  robotsAvailability,
} from './downloader/parse-robots.ts';
export { type ProxyOptions, proxy } from './downloader/proxy.ts';
export {
  type RedirectDecision,
  type RedirectOptions,
  redirect,
  redirectDecision,
  redirectRules,
} from './downloader/redirect.ts';
export type { RedirectRules } from './downloader/redirect-target.ts';
export {
  type RetryCause,
  type RetryDecision,
  type RetryOptions,
  type RetryRules,
  retry,
  retryDecision,
} from './downloader/retry.ts';
export { retryAfterMs } from './downloader/retry-after.ts';
export { type RobotsTxtOptions, robotsTxt } from './downloader/robots-txt.ts';
export { sessions } from './downloader/sessions.ts';
export { type TimeoutOptions, timeout } from './downloader/timeout.ts';
export { type UserAgentOptions, userAgent } from './downloader/user-agent.ts';
export { type WarcArchiveOptions, warcArchive } from './downloader/warc-archive.ts';
export { warcReplay } from './downloader/warc-replay.ts';
export { isOffsite } from './offsite-guard.ts';
export type { OpenStore } from './record-store.ts';
export { parseReferrerPolicy, type ReferrerPolicy, refererFor } from './referrer-policy.ts';
export { type DepthOptions, depth } from './scheduler/depth.ts';
export { earlyOffsite } from './scheduler/early-offsite.ts';
export { noFileLinks } from './scheduler/no-file-links.ts';
export { type TrapsOptions, traps } from './scheduler/traps.ts';
export { type UrlLengthOptions, urlLength } from './scheduler/url-length.ts';
export { changedItems } from './spider/changed-items.ts';
export { type HttpErrorOptions, httpError, isHandledStatus } from './spider/http-error.ts';
export { type RefererOptions, referer } from './spider/referer.ts';
export { sameSession } from './spider/same-session.ts';
export { start } from './spider/start.ts';
