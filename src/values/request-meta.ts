import type { Redirect } from './redirect.ts';

/**
 * Per-request options for components and the history that they keep. Scrapy's `meta`: copied when a request
 * is made, kept over retries and redirects; add keys of your own freely.
 */
export interface RequestMeta {
  /** Which cookie jar to use; requests made from the response do not inherit it. @defaultValue the one jar of the crawl */
  cookieJar?: string;
  /** Which session to use (cookies, proxy and headers as one unit); requests made from the response inherit it. `null`: none. @defaultValue one of the pool of `settings.sessions` */
  session?: string | null;
  /** Proxy URL with its credentials for this request, or `null` for none; wins over environment and settings. */
  proxy?: string | null;
  /** Limit for one whole response, in milliseconds. */
  downloadTimeoutMs?: number;
  /** Statuses besides 2xx that go to the callback. */
  handleStatuses?: readonly number[];
  /** Every status goes to the callback. */
  handleAllStatuses?: boolean;
  /** Never try again. */
  dontRetry?: boolean;
  /** Tries after the first one. */
  maxRetryTimes?: number;
  /** Added to the priority of a retry. */
  priorityAdjust?: number;
  /** Level of the log line when retries run out. */
  giveUpLogLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** Hand a redirecting answer to the callback. */
  dontRedirect?: boolean;
  /** Throttling group. @defaultValue what `settings.throttleScope` says: host name and port of the URL */
  downloadSlot?: string;
  /** The answer says nothing about the pace of its host: `settings.autoThrottle` leaves the delay alone. */
  autothrottleDontAdjustDelay?: boolean;
  /** Distance from the start requests; set by the depth middleware. */
  depth?: number;
  /** Start again at depth 0. */
  depthReset?: boolean;
  /** The redirects that led here, oldest first; set on redirected requests. */
  redirects?: readonly Redirect[];
  /** Neither send stored cookies nor store received ones. */
  dontMergeCookies?: boolean;
  /** Do not ask robots.txt about this request. */
  dontObeyRobotsTxt?: boolean;
  /** Skip the offsite rule. */
  allowOffsite?: boolean;
  /** Neither take the answer from the HTTP cache nor store it there. */
  dontCache?: boolean;
  /** A mark of the page's state that is known before it is fetched, such as a date in a list: in an incremental crawl the page is left alone while it stays the same. */
  itag?: string | number;
  /** In an incremental crawl: milliseconds for which the page is left alone once it was fetched; wins over `incrementalRevisit`. */
  revisitAfterMs?: number;
  /** Most bytes of the body, unpacked. */
  maxBodyBytes?: number;
  /** Take only the first bytes of the body as it is sent; what follows is no error, the response is flagged `partial`. */
  cutBodyAt?: number;
  /** Most redirects of this request. */
  maxRedirects?: number;
  /** Log a warning above this many bytes. */
  warnBodyBytes?: number;
  /** A body that ends early is an error (true) or a response flagged `partial` (false). */
  failOnDataLoss?: boolean;
  /** Basic authentication, sent to `httpAuthOrigin` alone. */
  httpUser?: string;
  /** The password that goes with `httpUser`. */
  httpPass?: string;
  /** Scheme, host and port that `httpUser` and `httpPass` are for; stays where `meta` is handed on to other requests. @defaultValue the origin of the URL of the request that they were first given to */
  httpAuthOrigin?: string;
  /** How much this request tells of the page that it was found on: a policy of the W3C; wins over the page's header and `settings.referrerPolicy`. Its redirects keep it, unless their answer names another. */
  referrerPolicy?: string;
  /** True for requests that `start()` gave. */
  isStartRequest?: boolean;
  /** Which run of `start()` gave it, where `crawl job restart-seeds` asked for more than one; set by jobs. */
  startGeneration?: number;
  /** Which of a `CrawlSpider`'s rules took the link: its place in `rules`, from 0. */
  rule?: number;
  /** The text of the link that a `CrawlSpider` followed, its first 1,000 characters. */
  linkText?: string;
  /** Local address to connect from. */
  bindAddress?: string;
  /** Whatever your own components need. */
  [key: string]: unknown;
}
