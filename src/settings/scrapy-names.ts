import type { Settings } from './settings.ts';

/** Ours for a name of Scrapy's, and what else is different about it. */
export interface ScrapyTranslation {
  /** Nothing: there is no such setting here, the note says what to do. */
  readonly name?: keyof Settings;
  readonly note?: string;
}

const seconds = 'milliseconds here, seconds in Scrapy';
const byName = 'edited by name: (list) => list.insertBefore("retry", mine())';

const OURS: Readonly<Record<string, readonly [name: keyof Settings, note?: string]>> = {
  ADDONS: ['addons', 'a list of objects, the last wins'],
  AUTOTHROTTLE_ENABLED: ['adaptivePace', 'on by default'],
  AUTOTHROTTLE_MAX_DELAY: ['downloadDelayMs', '"auto" follows the latency, up to 1 s'],
  AUTOTHROTTLE_START_DELAY: ['downloadDelayMs', '"auto" follows the latency, up to 1 s'],
  AUTOTHROTTLE_TARGET_CONCURRENCY: ['concurrentRequestsPerHost', 'the adaptive number rises to it'],
  CLOSESPIDER_ERRORCOUNT: ['maxErrors'],
  CLOSESPIDER_ITEMCOUNT: ['maxItems', 'exact here'],
  CLOSESPIDER_PAGECOUNT: ['maxPages', 'exact here'],
  CLOSESPIDER_PAGECOUNT_NO_ITEM: ['maxPagesWithoutItem'],
  CLOSESPIDER_TIMEOUT: ['maxDurationMs', seconds],
  CLOSESPIDER_TIMEOUT_NO_ITEM: ['maxDurationWithoutItemMs', seconds],
  COMPRESSION_ENABLED: ['compression'],
  CONCURRENT_ITEMS: ['concurrentItems'],
  CONCURRENT_REQUESTS: ['concurrentRequests'],
  CONCURRENT_REQUESTS_PER_DOMAIN: ['concurrentRequestsPerHost'],
  CONCURRENT_REQUESTS_PER_IP: ['concurrentRequestsPerHost', 'counted by host name'],
  COOKIES_DEBUG: ['cookiesDebug'],
  COOKIES_ENABLED: ['cookies'],
  DEFAULT_REQUEST_HEADERS: ['defaultHeaders'],
  DEPTH_LIMIT: ['maxDepth'],
  DEPTH_PRIORITY: ['depthPriority'],
  DEPTH_STATS_VERBOSE: ['depthStatsVerbose'],
  DNSCACHE_ENABLED: ['dnsCacheMs', '0 turns it off'],
  DNS_TIMEOUT: ['connectTimeoutMs', seconds],
  DOWNLOADER_CLIENT_TLS_METHOD: ['minTlsVersion'],
  DOWNLOADER_MIDDLEWARES: ['downloaderMiddlewares', byName],
  DOWNLOAD_DELAY: ['downloadDelayMs', seconds],
  DOWNLOAD_FAIL_ON_DATALOSS: ['failOnDataLoss'],
  DOWNLOAD_MAXSIZE: ['maxBodyBytes'],
  DOWNLOAD_SLOTS: ['hostLimits', 'delayMs in milliseconds'],
  DOWNLOAD_TIMEOUT: ['downloadTimeoutMs', seconds],
  DOWNLOAD_WARNSIZE: ['warnBodyBytes'],
  DOWNLOAD_VERIFY_CERTIFICATES: ['verifyTls', 'on by default'],
  DUPEFILTER_DEBUG: ['dupeFilterDebug'],
  EXTENSIONS: ['extensions', byName],
  FEEDS: ['feeds'],
  FEED_EXPORTERS: ['feedExporters', '{ name: (options) => exporter }'],
  FEED_STORAGES: ['feedStorages', '{ scheme: (uri, options) => storage }'],
  FEED_STORAGE_S3_ACL: ['s3', '{ acl: "private" }'],
  FEED_EXPORT_BATCH_ITEM_COUNT: ['feeds', ofOutput('batchItemCount: 1000')],
  FEED_URI_PARAMS: ['feeds', ofOutput('uriParams: (params, spider) => ({ … })')],
  AWS_ACCESS_KEY_ID: ['s3', '{ accessKeyId: "…" }'],
  AWS_SECRET_ACCESS_KEY: ['s3', '{ secretAccessKey: "…" }'],
  AWS_SESSION_TOKEN: ['s3', '{ sessionToken: "…" }'],
  AWS_ENDPOINT_URL: ['s3', '{ endpoint: "https://…" }'],
  AWS_REGION_NAME: ['s3', '{ region: "eu-central-1" }'],
  FEED_EXPORT_ENCODING: ['feeds', ofOutput('encoding: "utf-8"')],
  FEED_EXPORT_FIELDS: ['feeds', ofOutput('fields: ["title"]')],
  FEED_EXPORT_INDENT: ['feeds', ofOutput('indent: 2')],
  FEED_FORMAT: ['feeds', ofOutput('format: "csv"')],
  FEED_STORE_EMPTY: ['feeds', ofOutput('storeEmpty: false')],
  FEED_URI: ['feeds', '{ "items.csv": {} }'],
  HTTPERROR_ALLOWED_CODES: ['handleStatuses'],
  HTTPERROR_ALLOW_ALL: ['handleAllStatuses'],
  HTTPCACHE_ALWAYS_STORE: ['httpCacheAlwaysStore'],
  HTTPCACHE_DIR: ['httpCacheDir'],
  HTTPCACHE_ENABLED: ['httpCache', '"rfc9111" or "replay", which is Scrapy\'s DummyPolicy'],
  HTTPCACHE_EXPIRATION_SECS: ['httpCacheExpirationMs', seconds],
  HTTPCACHE_IGNORE_HTTP_CODES: ['httpCacheIgnoreStatuses'],
  HTTPCACHE_IGNORE_MISSING: ['httpCacheIgnoreMissing'],
  HTTPCACHE_IGNORE_RESPONSE_CACHE_CONTROLS: ['httpCacheIgnoreResponseCacheControls'],
  HTTPCACHE_IGNORE_SCHEMES: ['httpCacheIgnoreSchemes'],
  HTTPCACHE_POLICY: ['httpCache', '"rfc9111" or "replay", which is Scrapy\'s DummyPolicy'],
  HTTPPROXY_ENABLED: ['proxyFromEnvironment', 'proxy names one for all requests'],
  ITEM_PIPELINES: ['pipelines', 'a list in the order items pass'],
  LOGSTATS_INTERVAL: ['logStatsIntervalMs', seconds],
  LOG_ENABLED: ['logLevel', '"silent" turns it off'],
  LOG_FILE: ['logFile'],
  LOG_FORMAT: ['logFormat', 'text, json or auto'],
  LOG_FORMATTER: ['logFormatter', 'an object, not a class'],
  LOG_LEVEL: ['logLevel', 'debug, info, warn, error, silent'],
  MEMUSAGE_ENABLED: ['memoryLimitBytes', 'on in containers; 0 turns it off'],
  MEMUSAGE_LIMIT_MB: ['memoryLimitBytes', 'in bytes'],
  MEMUSAGE_WARNING_MB: ['memoryWarnBytes', 'in bytes'],
  METAREFRESH_ENABLED: ['metaRefresh'],
  METAREFRESH_MAXDELAY: ['metaRefreshMaxDelaySeconds'],
  PERIODIC_LOG_DELTA: ['logStatsKeys', 'a list of keys, `*` at the end for all that begin so'],
  PERIODIC_LOG_STATS: ['logStatsKeys', 'a list of keys, `*` at the end for all that begin so'],
  RANDOMIZE_DOWNLOAD_DELAY: ['randomizeDownloadDelay'],
  REDIRECT_ENABLED: ['redirect'],
  REDIRECT_MAX_TIMES: ['maxRedirects'],
  REDIRECT_PRIORITY_ADJUST: ['redirectPriorityAdjust'],
  REFERER_ENABLED: ['referer'],
  REFERRER_POLICY: ['referrerPolicy', 'the name of a W3C policy'],
  RETRY_ENABLED: ['retry'],
  RETRY_HTTP_CODES: ['retryStatuses'],
  RETRY_PRIORITY_ADJUST: ['retryPriorityAdjust'],
  RETRY_TIMES: ['retryTimes'],
  ROBOTSTXT_OBEY: ['obeyRobotsTxt', 'on by default'],
  ROBOTSTXT_USER_AGENT: ['robotsUserAgent'],
  SCRAPER_SLOT_MAX_ACTIVE_SIZE: ['maxActiveBytes'],
  SPIDER_MIDDLEWARES: ['spiderMiddlewares', byName],
  STATS_DUMP: ['statsDump'],
  URLLENGTH_LIMIT: ['maxUrlLength'],
  USER_AGENT: ['userAgent'],
};

/** Settings of Scrapy's project template and their like that have no counterpart, and what to do instead. */
const LEAVE_OUT: Readonly<Record<string, string>> = {
  ALLOWED_DOMAINS: 'it is the field allowedDomains of the spider',
  BOT_NAME: 'name the crawler in userAgent',
  HTTPCACHE_GZIP: 'stored answers are packed by the store',
  HTTPCACHE_STORAGE: 'there is one storage only',
  MEMUSAGE_CHECK_INTERVAL_SECONDS: 'memory is looked at every 2 s',
  MEMUSAGE_NOTIFY_MAIL: 'listen to the signal memoryWarning',
  NEWSPIDER_MODULE: 'spiders are the files in spiders/',
  PERIODIC_LOG_TIMING_ENABLED: 'log lines carry their time',
  REQUEST_FINGERPRINTER_IMPLEMENTATION: 'there is one only',
  SPIDER_MODULES: 'spiders are the files in spiders/',
  TELNETCONSOLE_ENABLED: 'there is no telnet console',
  TWISTED_REACTOR: 'there is no reactor to choose',
};

/** What a setting of Scrapy's is called here; undefined: not one that is known. */
export function fromScrapyName(name: string): ScrapyTranslation | undefined {
  const instead = Object.hasOwn(LEAVE_OUT, name) ? LEAVE_OUT[name] : undefined;
  if (instead !== undefined) return { note: instead };
  const found = Object.hasOwn(OURS, name) ? OURS[name] : undefined;
  if (found === undefined) return undefined;
  const [ours, note] = found;
  return note === undefined ? { name: ours } : { name: ours, note };
}

function ofOutput(option: string): string {
  return `an option of each output: { "items.csv": { ${option} } }`;
}
