import { FAIL_CONDITION_FORM, parseFailCondition } from './fail-condition.ts';
import {
  addOn,
  boolean,
  choice,
  code,
  components,
  either,
  given,
  integer,
  list,
  nothing,
  number,
  optional,
  type SettingType,
  scalar,
  secret,
  shape,
  table,
  text,
} from './setting-type.ts';
import type { Settings } from './settings.ts';

const milliseconds = integer(0);
const count = integer(0);
const atLeastOne = integer(1);
const statuses = list(integer(100, 599));
const proxyUrl = text('a proxy URL such as http://user:password@host:8080', (value) => {
  const url = URL.parse(value);
  return url !== null && /^(https?|socks5h?|socks):$/.test(url.protocol) && url.hostname !== '';
});
const origin = text('an origin such as https://site.test', (value) => {
  const url = URL.parse(value);
  return url !== null && url.origin !== 'null';
});
const httpUrl = text('an address such as https://minio.test:9000', (value) =>
  /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
);
const pattern = text('a regular expression', (value) => {
  try {
    return new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
});

const isNamed = (value: string): boolean => value.trim() !== '';
const folder = text('a folder', isNamed);
const warcName = text('a file name that ends in .warc or .warc.gz', (value) =>
  /[^/\\]\.warc(\.gz)?$/i.test(value),
);

const feed = shape({
  format: optional(text()),
  compression: optional(choice('gzip', 'brotli', 'zstd')),
  compressionLevel: optional(integer(0, 19)),
  postprocessing: optional(list(code)),
  ifExists: optional(choice('append', 'overwrite', 'refuse')),
  fields: optional(either(list(text()), table(text()))),
  encoding: optional(text()),
  indent: optional(either(nothing, integer(0, 10))),
  storeEmpty: optional(boolean),
  emptyFields: optional(boolean),
  joinMultivalued: optional(text()),
  delimiter: optional(text()),
  quote: optional(text()),
  quoteAll: optional(boolean),
  headers: optional(boolean),
  escapeFormulas: optional(boolean),
  rootElement: optional(text()),
  itemElement: optional(text()),
  itemFilter: optional(either(code, table(either(scalar, list(scalar))))),
  itemTypes: optional(list(text())),
  batchItemCount: optional(count),
  uriParams: optional(code),
});

/** What each setting may hold. */
export const SETTINGS_SCHEMA: { readonly [Name in keyof Settings]: SettingType } = {
  concurrentRequests: atLeastOne,
  concurrentRequestsPerHost: atLeastOne,
  adaptivePace: boolean,
  downloadDelayMs: either(choice('auto'), number(0)),
  randomizeDownloadDelay: boolean,
  throttleScope: either(choice('host', 'domain', 'crawl'), code),
  autoThrottle: boolean,
  autoThrottleStartDelayMs: number(0),
  autoThrottleMaxDelayMs: number(0),
  autoThrottleTargetConcurrency: number(0.01),
  autoThrottleDebug: boolean,
  hostLimits: table(
    shape({
      concurrency: optional(atLeastOne),
      delayMs: optional(number(0)),
      minDelayMs: optional(number(0)),
      randomizeDelay: optional(either(boolean, number(0, 1))),
      ratePerMinute: optional(number(0.001)),
      burst: optional(atLeastOne),
    }),
  ),
  hostBackoffMs: either(choice('auto'), number(0)),
  maxHostBackoffMs: milliseconds,
  maxHostFailures: count,
  hostRestMs: milliseconds,
  maxRetryAfterMs: milliseconds,
  maxCrawlDelayMs: milliseconds,

  downloadTimeoutMs: atLeastOne,
  silenceTimeoutMs: atLeastOne,
  connectTimeoutMs: atLeastOne,
  maxBodyBytes: atLeastOne,
  warnBodyBytes: count,
  maxHeaderBytes: integer(1024),
  failOnDataLoss: boolean,
  compression: boolean,
  verifyTls: boolean,
  minTlsVersion: choice('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'),
  maxTlsVersion: choice('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'),
  tlsCiphers: given(text('a list of ciphers such as ECDHE-RSA-AES256-GCM-SHA384:HIGH', isNamed)),
  blockPrivateAddresses: boolean,
  privateAddressExceptions: list(text('host:port', (value) => /^.+:\d+$/.test(value))),
  proxy: optional(proxyUrl),
  proxyFromEnvironment: boolean,
  http2: boolean,
  dnsCacheMs: milliseconds,
  downloadHandlers: table(either(code, nothing)),
  allowFileUrls: boolean,

  userAgent: text('a text of one line', (value) => value !== '' && !/[\r\n\0]/.test(value)),
  defaultHeaders: secret(table(text())),
  obeyRobotsTxt: boolean,
  robotsUserAgent: optional(text()),
  cookies: boolean,
  cookiesDebug: boolean,
  sessions: secret(
    optional(
      shape({
        pool: optional(integer(0, 10_000)),
        proxies: optional(list(proxyUrl)),
        identities: optional(list(table(text()))),
        blockedStatuses: optional(statuses),
        isBlocked: optional(code),
        maxUses: optional(atLeastOne),
        maxFailures: optional(atLeastOne),
      }),
    ),
  ),
  retry: boolean,
  retryTimes: count,
  retryStatuses: statuses,
  retryErrors: list(text()),
  retryGiveUpLogLevel: choice('debug', 'info', 'warn', 'error'),
  retryPriorityAdjust: integer(Number.MIN_SAFE_INTEGER),
  retryBackoffMs: milliseconds,
  redirect: boolean,
  maxRedirects: count,
  redirectPriorityAdjust: integer(Number.MIN_SAFE_INTEGER),
  metaRefresh: boolean,
  metaRefreshMaxDelaySeconds: number(0),
  httpAuth: secret(optional(shape({ user: text(), password: text(), origin }))),
  referrerPolicy: text(),
  referer: boolean,
  handleStatuses: statuses,
  handleAllStatuses: boolean,

  maxDepth: count,
  depthPriority: integer(Number.MIN_SAFE_INTEGER),
  depthStatsVerbose: boolean,
  maxUrlLength: count,
  scheduler: optional(code),
  order: choice('lifo', 'fifo'),
  fingerprintHeaders: list(text()),
  fingerprintFragments: boolean,
  fingerprint: optional(code),
  dupeFilterDebug: boolean,

  httpCache: choice('off', 'rfc9111', 'replay'),
  httpCacheDir: given(folder),
  httpCacheIgnoreStatuses: statuses,
  httpCacheIgnoreSchemes: list(text()),
  httpCacheAlwaysStore: boolean,
  httpCacheIgnoreResponseCacheControls: list(text()),
  httpCacheExpirationMs: milliseconds,
  httpCacheIgnoreMissing: boolean,
  incrementalDir: given(folder),
  incrementalRevisit: list(shape({ pattern, afterMs: milliseconds })),
  incrementalUnchanged: choice('deliver', 'drop'),
  incrementalItems: choice('all', 'changed'),

  maxPages: count,
  maxItems: count,
  maxErrors: count,
  maxDurationMs: milliseconds,
  maxDurationWithoutItemMs: milliseconds,
  maxPagesWithoutItem: count,
  memoryLimitBytes: either(choice('auto'), count),
  memoryWarnBytes: either(choice('auto'), count),
  failOn: list(text(FAIL_CONDITION_FORM, (value) => parseFailCondition(value) !== undefined)),
  closeTimeoutMs: milliseconds,
  maxActiveBytes: atLeastOne,
  concurrentItems: atLeastOne,
  onCallbackError: choice('keep', 'discard', 'retry'),

  feeds: table(feed),
  feedExporters: table(code),
  feedStorages: table(code),
  s3: secret(
    optional(
      shape({
        endpoint: optional(httpUrl),
        region: optional(text()),
        accessKeyId: optional(text()),
        secretAccessKey: optional(text()),
        sessionToken: optional(text()),
        acl: optional(text()),
        allowInsecure: optional(boolean),
        forcePathStyle: optional(boolean),
        maxConnections: optional(atLeastOne),
      }),
    ),
  ),
  warcFile: optional(warcName),
  warcIfExists: choice('append', 'overwrite', 'refuse'),
  warcDigest: choice('sha1', 'sha256'),
  warcMetadata: boolean,
  warcKeepSecrets: boolean,
  replayWarc: given(text('a WARC file', isNamed)),
  replayMissing: choice('network', 'fail'),

  downloaderMiddlewares: components,
  spiderMiddlewares: components,
  schedulerMiddlewares: components,
  pipelines: components,
  extensions: components,
  addons: list(addOn),

  seeds: given(text('a file, or - for standard input', isNamed)),

  jobDir: given(folder),
  durability: choice('process', 'fsync'),
  keepFailedPages: boolean,

  errorPagesDir: optional(text('a folder', (value) => value !== '')),
  controlFile: optional(text('a file', isNamed)),
  logLevel: choice('debug', 'info', 'warn', 'error', 'silent'),
  logFormat: choice('text', 'json', 'auto'),
  logFormatter: optional(
    shape({
      crawled: optional(code),
      scraped: optional(code),
      dropped: optional(code),
      itemError: optional(code),
      spiderError: optional(code),
      downloadError: optional(code),
    }),
  ),
  dropLogLevel: choice('debug', 'info', 'warn', 'error'),
  logFile: optional(text()),
  logFileAppend: boolean,
  logStatsIntervalMs: milliseconds,
  logStatsKeys: list(text()),
  statsDump: boolean,
  createStats: optional(code),
};

/** The settings that hold component lists. */
export const COMPONENT_SETTINGS: ReadonlySet<string> = new Set(
  Object.entries(SETTINGS_SCHEMA).flatMap(([name, type]) => (type === components ? [name] : [])),
);
