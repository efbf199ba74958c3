import type { Request } from '../values/request.ts';
import type { ThrottleScope } from '../values/throttle-group.ts';
import type { ComponentList } from './component-list.ts';
import type { FeedOptions } from './feed-options.ts';
import type { HostLimits } from './host-limits.ts';
import type { LogFormatter } from './log-formatter.ts';
import type { S3Options } from './s3-options.ts';
import type { SessionSettings } from './session-settings.ts';

/** The callbacks' failures: keep what was given before, throw it away, or try the page again. */
export type OnCallbackError = 'keep' | 'discard' | 'retry';

/**
 * Every setting of a crawl. Given in parts by project, spider and command line, checked where they enter, then
 * complete and frozen.
 */
export interface Settings {
  // Pace
  /** Most downloads at once in the whole crawl. @minimum `1` @defaultValue `16` */
  readonly concurrentRequests: number;
  /** Most downloads at once for one host; the adaptive number starts at 1 and rises to it. @minimum `1` @defaultValue `8` */
  readonly concurrentRequestsPerHost: number;
  /** Start with one download a host, one more after each 10 good answers, half as many on 429, 503 and time-out; off: always `concurrentRequestsPerHost`. @defaultValue `true` */
  readonly adaptivePace: boolean;
  /** Milliseconds between two downloads from one host; `auto`: none on loopback addresses, else the host's latency, at most 1 s. @minimum `0` @defaultValue `'auto'` */
  readonly downloadDelayMs: number | 'auto';
  /** Vary each delay by ± 50 %. @defaultValue `true` */
  readonly randomizeDownloadDelay: boolean;
  /** Which requests share one pace: those of a host and port, of a registrable domain (`domain`), all (`crawl`), or those for which a function of the request gives the same name; `meta.downloadSlot` wins. @defaultValue `'host'` */
  readonly throttleScope: ThrottleScope;
  /** Find the delay of each host from its latency, as Scrapy's AutoThrottle does, instead of the number of downloads at once (`adaptivePace`); never below `downloadDelayMs`. @defaultValue `false` */
  readonly autoThrottle: boolean;
  /** Delay that `autoThrottle` begins with, in milliseconds. @minimum `0` @defaultValue `5000` */
  readonly autoThrottleStartDelayMs: number;
  /** Longest delay that `autoThrottle` comes to, in milliseconds. @minimum `0` @defaultValue `60000` */
  readonly autoThrottleMaxDelayMs: number;
  /** Downloads of a host that `autoThrottle` keeps under way on the average; `concurrentRequestsPerHost` bounds them. @minimum `0.01` @defaultValue `1` */
  readonly autoThrottleTargetConcurrency: number;
  /** Log what `autoThrottle` makes of each answer. @defaultValue `false` */
  readonly autoThrottleDebug: boolean;
  /** Limits of single hosts by name: `host:port`, `host`, `*.domain` for all below it, `*` for all others; the closest entry holds as a whole. Where `throttleScope` or `meta.downloadSlot` names the groups: by those names. @defaultValue `{}` */
  readonly hostLimits: Readonly<Record<string, HostLimits>>;
  /** Milliseconds for which nothing is sent to a host after 429, 503, a time-out or a failed connection, ± 50 %; doubled with each failure that follows, halved again with each good answer. `auto`: 1,000, but not on loopback addresses; 0: never. @minimum `0` @defaultValue `'auto'` */
  readonly hostBackoffMs: number | 'auto';
  /** Longest wait of `hostBackoffMs`, in milliseconds. @minimum `0` @defaultValue `30000` */
  readonly maxHostBackoffMs: number;
  /** Downloads of a host that find nobody in a row (time-outs, failed connections) until its requests fail without being sent; with the waits of `hostBackoffMs` about 20 minutes; 0: never. @defaultValue `40` */
  readonly maxHostFailures: number;
  /** How long such a host is not asked, in milliseconds; then one download tries it. @defaultValue `600000` */
  readonly hostRestMs: number;
  /** Longest Retry-After that is obeyed, and longest back-off between retries (`retryBackoffMs`), in milliseconds; a longer one counts as this. @defaultValue `600000` */
  readonly maxRetryAfterMs: number;
  /** Longest Crawl-delay that is obeyed, in milliseconds. @defaultValue `60000` */
  readonly maxCrawlDelayMs: number;

  // Downloads
  /** Limit for one whole response, in milliseconds. @minimum `1` @defaultValue `60000` */
  readonly downloadTimeoutMs: number;
  /** Longest silence between two bytes, in milliseconds. @minimum `1` @defaultValue `20000` */
  readonly silenceTimeoutMs: number;
  /** Limit for a connection, in milliseconds. @minimum `1` @defaultValue `10000` */
  readonly connectTimeoutMs: number;
  /** Most bytes of a body, both on the wire and unpacked. @minimum `1` @defaultValue `33554432` */
  readonly maxBodyBytes: number;
  /** Log a warning for bodies above this many bytes; 0: never. @defaultValue `8388608` */
  readonly warnBodyBytes: number;
  /** Most bytes of a header block. @minimum `1024` @defaultValue `131072` */
  readonly maxHeaderBytes: number;
  /** A body that ends early is an error that is retried (true) or a response flagged `partial` (false). @defaultValue `true` */
  readonly failOnDataLoss: boolean;
  /** Ask for packed bodies and unpack them. @defaultValue `true` */
  readonly compression: boolean;
  /** Refuse bad certificates. @defaultValue `true` */
  readonly verifyTls: boolean;
  /** Oldest TLS version. @defaultValue `'TLSv1.2'` */
  readonly minTlsVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** Newest TLS version. @defaultValue `'TLSv1.3'` */
  readonly maxTlsVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** Ciphers that TLS connections offer, as a list of OpenSSL: names with colons between them. @defaultValue `undefined`: those of Node */
  readonly tlsCiphers: string | undefined;
  /** Refuse private, loopback and link-local addresses, at each hop and after name resolution. @defaultValue `false` */
  readonly blockPrivateAddresses: boolean;
  /** `host:port` pairs that `blockPrivateAddresses` lets through. @defaultValue `[]` */
  readonly privateAddressExceptions: readonly string[];
  /** Proxy URL (http, https, socks5) for every request that has none of its own. @defaultValue `undefined` */
  readonly proxy: string | undefined;
  /** Use HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment. @defaultValue `true` */
  readonly proxyFromEnvironment: boolean;
  /** Offer HTTP/2 on TLS connections. @defaultValue `false` */
  readonly http2: boolean;
  /** Milliseconds a name's addresses are kept; 0: ask each time. @defaultValue `60000` */
  readonly dnsCacheMs: number;
  /** Download handlers of your own: URL scheme, without the colon, to what makes one when its first request comes; `null` turns the scheme off. They go before the built-in ones. Scrapy's DOWNLOAD_HANDLERS. @defaultValue `{}` */
  readonly downloadHandlers: Readonly<Record<string, ((context: never) => object) | null>>;
  /** Read `file:` URLs of start requests. Never for links. @defaultValue `false` */
  readonly allowFileUrls: boolean;

  // Requests
  /** Sent as User-Agent. @defaultValue `Orbweaver/<version> (+https://…)` */
  readonly userAgent: string;
  /** Headers for every request that does not set them. @defaultValue Accept and Accept-Language */
  readonly defaultHeaders: Readonly<Record<string, string>>;
  /** Ask robots.txt before a host's pages. @defaultValue `true` */
  readonly obeyRobotsTxt: boolean;
  /** Product token to look for in robots.txt. @defaultValue the first word of the user agent */
  readonly robotsUserAgent: string | undefined;
  /** Keep a cookie jar. @defaultValue `true` */
  readonly cookies: boolean;
  /** Log every cookie sent and received (masked). @defaultValue `false` */
  readonly cookiesDebug: boolean;
  /** Cookies, proxy and headers as one unit: how many sessions there are and when one begins anew. @defaultValue `undefined`: only those that `meta.session` names */
  readonly sessions: SessionSettings | undefined;
  /** Try failed downloads again. @defaultValue `true` */
  readonly retry: boolean;
  /** Tries after the first one. @minimum `0` @defaultValue `2` */
  readonly retryTimes: number;
  /** Statuses that are tried again. @defaultValue `[408, 429, 500, 502, 503, 504, 522, 524]` */
  readonly retryStatuses: readonly number[];
  /** Errors that are tried again, by the name of their class or by their code: faults of the network that pass, and what your own handlers and middlewares throw. Scrapy's RETRY_EXCEPTIONS. @defaultValue `['DownloadTimeoutError', 'DnsError', 'ConnectionRefusedError', 'ConnectionLostError', 'DataLossError', 'ProxyError']` */
  readonly retryErrors: readonly string[];
  /** Level of the log line when retries run out; `meta.giveUpLogLevel` wins. @defaultValue `'error'` */
  readonly retryGiveUpLogLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Added to the priority of a retry. @defaultValue `-1` */
  readonly retryPriorityAdjust: number;
  /** Wait before the first retry, in milliseconds; doubled for each further one up to `maxRetryAfterMs`, ± 50 %. @defaultValue `1000` */
  readonly retryBackoffMs: number;
  /** Follow redirects. @defaultValue `true` */
  readonly redirect: boolean;
  /** Most hops of one request. @minimum `0` @defaultValue `20` */
  readonly maxRedirects: number;
  /** Added to the priority of a redirect's target. @defaultValue `2` */
  readonly redirectPriorityAdjust: number;
  /** Follow `<meta http-equiv=refresh>`. @defaultValue `true` */
  readonly metaRefresh: boolean;
  /** Longest delay of a meta refresh that is followed, in seconds. @defaultValue `100` */
  readonly metaRefreshMaxDelaySeconds: number;
  /** Basic authentication for one origin. @defaultValue `undefined` */
  readonly httpAuth:
    | { readonly user: string; readonly password: string; readonly origin: string }
    | undefined;
  /** Referrer policy name, as of the W3C. @defaultValue `'default'` */
  readonly referrerPolicy: string;
  /** Send Referer. @defaultValue `true` */
  readonly referer: boolean;
  /** Statuses besides 2xx that go to callbacks. @defaultValue `[]` */
  readonly handleStatuses: readonly number[];
  /** Every status goes to callbacks. @defaultValue `false` */
  readonly handleAllStatuses: boolean;

  // Scope
  /** Most hops from a start request; 0: no limit. @defaultValue `0` */
  readonly maxDepth: number;
  /** Taken from the priority for each level of depth; negative: deeper first. @defaultValue `0` */
  readonly depthPriority: number;
  /** Count requests of each depth in the stats. @defaultValue `false` */
  readonly depthStatsVerbose: boolean;
  /** Longest URL that is queued; 0: no limit. @defaultValue `2083` */
  readonly maxUrlLength: number;
  /** Makes the scheduler: queue, duplicate filter and host slots in one. `MemoryScheduler` is there to be extended, whatever fulfils the contract `Scheduler` will do. Not with `jobDir`, which keeps its own. Scrapy's SCHEDULER and DUPEFILTER_CLASS. @defaultValue `undefined`: the built-in one */
  readonly scheduler: ((options: never) => object) | undefined;
  /** Order of requests of equal priority within a host. @defaultValue `'lifo'` */
  readonly order: 'lifo' | 'fifo';
  /** Header names that are part of a request's identity. @defaultValue `[]` */
  readonly fingerprintHeaders: readonly string[];
  /** Fragments are part of a request's identity. @defaultValue `false` */
  readonly fingerprintFragments: boolean;
  /** Gives a text that is the same for requests that are one, for the duplicate filter, caches and jobs; for what it gives `undefined` the built-in identity holds: method, URL, body and what `fingerprintHeaders` and `fingerprintFragments` add. A job cannot tell that the function has changed. Scrapy's REQUEST_FINGERPRINTER_CLASS. @defaultValue `undefined`: the built-in identity */
  readonly fingerprint: ((request: Request) => string | undefined) | undefined;
  /** Log each request that the duplicate filter refuses, not only the first. @defaultValue `false` */
  readonly dupeFilterDebug: boolean;

  // Stored answers
  /** Keep answers on disk: `rfc9111` by the rules of HTTP, `replay` for good, so that later runs need no network. @defaultValue `'off'` */
  readonly httpCache: 'off' | 'rfc9111' | 'replay';
  /** Folder of the stored answers. @defaultValue .orbweaver/httpcache in the working folder */
  readonly httpCacheDir: string | undefined;
  /** Statuses that are not stored. @defaultValue `[]` */
  readonly httpCacheIgnoreStatuses: readonly number[];
  /** Schemes of URLs that are not cached. @defaultValue `['file', 'data']` */
  readonly httpCacheIgnoreSchemes: readonly string[];
  /** `rfc9111`: store every answer that may be stored, also those without validators and lifetimes. @defaultValue `false` */
  readonly httpCacheAlwaysStore: boolean;
  /** `rfc9111`: directives in the Cache-Control of answers that count as not there. @defaultValue `[]` */
  readonly httpCacheIgnoreResponseCacheControls: readonly string[];
  /** `replay`: milliseconds after which a stored answer is fetched anew; 0: never. @defaultValue `0` */
  readonly httpCacheExpirationMs: number;
  /** Drop requests whose answer is not stored. @defaultValue `false` */
  readonly httpCacheIgnoreMissing: boolean;
  /** Folder that remembers pages over crawls: what is new, changed, unchanged, gone. One of its own: what holds something else is refused. @defaultValue `undefined`: nothing is remembered */
  readonly incrementalDir: string | undefined;
  /** How long pages are left alone once they were fetched: the first rule whose pattern (a regular expression) is found in the URL. Pages without a rule are asked for each time. @defaultValue `[]` */
  readonly incrementalRevisit: readonly { readonly pattern: string; readonly afterMs: number }[];
  /** Whether pages that have not changed go to their callback, with the flag `unchanged`. @defaultValue `'deliver'` */
  readonly incrementalUnchanged: 'deliver' | 'drop';
  /** Keep all items, or only those of new and changed pages. @defaultValue `'all'` */
  readonly incrementalItems: 'all' | 'changed';

  // Limits
  /** Pages to deliver to callbacks, exactly; 0: no limit. @defaultValue `0` */
  readonly maxPages: number;
  /** Items to scrape, exactly; 0: no limit. @defaultValue `0` */
  readonly maxItems: number;
  /** Errors after which the crawl closes; 0: no limit. @defaultValue `0` */
  readonly maxErrors: number;
  /** Milliseconds after which the crawl closes; 0: no limit. @defaultValue `0` */
  readonly maxDurationMs: number;
  /** Milliseconds without an item after which the crawl closes, in a job counted in each run; 0: no limit. @defaultValue `0` */
  readonly maxDurationWithoutItemMs: number;
  /** Pages one after the other, in the order they are done, that give no item, after which the crawl closes, in a job counted in each run; 0: no limit. @defaultValue `0` */
  readonly maxPagesWithoutItem: number;
  /** Bytes of memory, without pages of files, at which the crawl closes in order; 0: no limit. @defaultValue `'auto'`: 90 % of the container's limit (cgroup), none without one */
  readonly memoryLimitBytes: number | 'auto';
  /** Bytes of memory at which the crawl warns, once; 0: never. @defaultValue `'auto'`: 90 % of `memoryLimitBytes` */
  readonly memoryWarnBytes: number | 'auto';
  /** Conditions that fail the crawl at its end: `errors>1%` of the pages, `items<100`; of errors, failed, dead, dropped, items, pages. Exit code 3. @defaultValue `[]` */
  readonly failOn: readonly string[];
  /** Milliseconds that running pages have to end once the crawl closes. @defaultValue `30000` */
  readonly closeTimeoutMs: number;
  /** Most bytes of responses in work; no new page is taken above it. @defaultValue `67108864` */
  readonly maxActiveBytes: number;
  /** Most items in pipelines at once. @minimum `1` @defaultValue `100` */
  readonly concurrentItems: number;
  /** What happens to a page whose callback throws. @defaultValue `'keep'` */
  readonly onCallbackError: OnCallbackError;

  // Output
  /** Outputs: URI to options. @defaultValue `{}` */
  readonly feeds: Readonly<Record<string, FeedOptions>>;
  /** Formats of your own: name to what makes an `Exporter`. @defaultValue `{}` */
  readonly feedExporters: Readonly<Record<string, (options: FeedOptions) => object>>;
  /** Destinations of your own: scheme of their URIs to what makes a `FeedStorage`. @defaultValue `{}` */
  readonly feedStorages: Readonly<Record<string, (uri: string, options: FeedOptions) => object>>;
  /** How `s3://bucket/key` is reached; secret. @defaultValue `undefined`: by the AWS environment variables and profiles */
  readonly s3: S3Options | undefined;
  /** Archive every HTTP exchange into this file, `.warc` or `.warc.gz`. @defaultValue `undefined` */
  readonly warcFile: string | undefined;
  /** An archive that is there already: append to it, overwrite it, or refuse to start. @defaultValue `'append'`; with `-O` overwrite */
  readonly warcIfExists: 'append' | 'overwrite' | 'refuse';
  /** Digests of an archive's records. @defaultValue `'sha1'`, which every reader knows */
  readonly warcDigest: 'sha1' | 'sha256';
  /** Add a record with timings, depth and referrer to each exchange of an archive. @defaultValue `false` */
  readonly warcMetadata: boolean;
  /** Keep Authorization, Cookie and other secret headers of archived requests, which are masked otherwise. @defaultValue `false` */
  readonly warcKeepSecrets: boolean;
  /** Answer requests from this WARC file. @defaultValue `undefined` */
  readonly replayWarc: string | undefined;
  /** What a replay lacks: fetch it, or drop the request. @defaultValue `'network'` */
  readonly replayMissing: 'network' | 'fail';

  // Components
  /** Steps between engine and downloader, outermost first. */
  readonly downloaderMiddlewares: ComponentList;
  /** Steps between engine and spider. */
  readonly spiderMiddlewares: ComponentList;
  /** Steps between engine and scheduler. */
  readonly schedulerMiddlewares: ComponentList;
  /** Steps of an item, first to last. */
  readonly pipelines: ComponentList;
  /** Components that listen to signals. */
  readonly extensions: ComponentList;

  /** File of start URLs, `-` standard input: one URL or JSON object a line, `.gz` unpacked. They take the place of `startUrls`. @defaultValue none */
  readonly seeds: string | undefined;

  /** Parts that bring settings of their own, below the project's; later ones win. Scrapy's ADDONS. @defaultValue `[]` */
  readonly addons: readonly AddOn[];

  // Jobs
  /** Folder of the job: the crawl is kept there and goes on after any end. Scrapy's JOBDIR. @defaultValue none: the crawl lives in memory */
  readonly jobDir: string | undefined;
  /** What a job survives: the end of its process, or with `fsync` a power cut too, at the price of a disk sync every 20 ms. @defaultValue `'process'` */
  readonly durability: 'process' | 'fsync';
  /** Keep the answers of requests that a job gives up, 1 GiB at most, in `failed/` of its folder; `crawl job requests` names them. @defaultValue `false` */
  readonly keepFailedPages: boolean;

  // Operation
  /** Folder for the first page of each group of errors. @defaultValue `undefined`: they are not saved */
  readonly errorPagesDir: string | undefined;
  /** File that says, while the crawl runs, at which loopback address and with which token it can be asked what it does, stopped, paused and slowed; crawls that run at once need one each. Scrapy's RemoteControl. @defaultValue `undefined`: nothing listens */
  readonly controlFile: string | undefined;
  /** Least level of log lines. @defaultValue `'info'` */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Log lines as JSON objects: always, never, or where standard error is no terminal. @defaultValue `'auto'` */
  readonly logFormat: 'text' | 'json' | 'auto';
  /** Words the lines about single pages and items: crawled, scraped, dropped, failed. Scrapy's LOG_FORMATTER. @defaultValue `undefined`: the built-in lines */
  readonly logFormatter: LogFormatter | undefined;
  /** Level of the lines about items that pipelines drop, where the drop does not say its own: `drop(reason, { logLevel })`. @defaultValue `'debug'` */
  readonly dropLogLevel: 'debug' | 'info' | 'warn' | 'error';
  /** File for log lines. @defaultValue standard error */
  readonly logFile: string | undefined;
  /** Keep the lines that are in `logFile`; off: the first line of a run takes their place. @defaultValue `true` */
  readonly logFileAppend: boolean;
  /** Milliseconds between two lines with pages and items a minute; 0: none. @defaultValue `60000` */
  readonly logStatsIntervalMs: number;
  /** Stats that go with those lines, as they are and by how much they grew: keys, or their beginnings with `*`: `downloader/*`; `!` in front leaves out. @defaultValue `[]` */
  readonly logStatsKeys: readonly string[];
  /** Log all stats at the end. @defaultValue `false` */
  readonly statsDump: boolean;
  /** Makes what keeps the stats of a crawl, a `Stats`. Limits and the result read from it: what it forgets they do not count. Scrapy's STATS_CLASS. @defaultValue `undefined`: they are kept in memory */
  readonly createStats: (() => object) | undefined;
}

/** A part that others install: it brings settings, and with them components, for the project that lists it. */
export interface AddOn {
  /** Stands for it in messages and as the origin of its settings: `crawl settings` prints `add-on NAME`. */
  readonly name: string;
  /**
   * Gives settings that stand above the defaults and below those of project, spider and command line. Component
   * lists are edited by name, before the project edits them.
   *
   * @param settings - what holds without it, complete and frozen: those of the project, the spider, the command line
   * and of the add-ons before it.
   * @returns settings; no `addons`, and no promise of some.
   */
  updateSettings(settings: Settings): PartialSettings | undefined;
}

/** Settings as they are given: any of them. */
export type PartialSettings = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };
