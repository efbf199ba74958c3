// All that built-in and foreign plug-ins and spiders may see.
export type { BodySink, BodyWriter, ResponseHead } from './contracts/body-sink.ts';
export type { Clock } from './contracts/clock.ts';
export type {
  ComponentContext,
  Factory,
  FetchOptions,
  HostControl,
  InsideFetch,
} from './contracts/component.ts';
export type { DownloadWatch, StopDownload, StopOptions } from './contracts/download-watch.ts';
export type {
  Downloader,
  DownloadHandler,
  DownloadHandlerContext,
  DownloadHandlerFactory,
  SchemeHandler,
} from './contracts/downloader.ts';
export type { DownloaderMiddleware } from './contracts/downloader-middleware.ts';
export type { Exporter } from './contracts/exporter.ts';
export type { Extension } from './contracts/extension.ts';
export type { Feed, FeedCursor, FeedDurability, FeedResult, FeedSlotResult } from './contracts/feed.ts';
export type { FeedStorage } from './contracts/feed-storage.ts';
export type { CommittedItem, ItemOrigin, ItemPipeline } from './contracts/item-pipeline.ts';
export type { LogFields, Logger, LogLevel } from './contracts/logger.ts';
export type { Outcome } from './contracts/outcome.ts';
export type {
  ContractCheck,
  ContractCount,
  ContractOutcome,
  Contracts,
  ContractsOf,
  PageContract,
} from './contracts/page-contract.ts';
export type * from './contracts/scheduler.ts';
export type { RequestSource, SchedulerMiddleware } from './contracts/scheduler-middleware.ts';
export type { SignalHandler, SignalMap, SignalName, Signals } from './contracts/signal.ts';
export type {
  ArgumentSchema,
  ArgumentSpec,
  ArgumentsOf,
  Output,
  SpiderLike,
  SpiderOutput,
} from './contracts/spider.ts';
export type { SpiderMiddleware } from './contracts/spider-middleware.ts';
export type { Stats, StatsValue } from './contracts/stats.ts';
export type { RangeOptions, Store, StoreChange, StoreEntry } from './contracts/store.ts';
export type { Unit } from './contracts/unit.ts';
export type { Truncation, WireExchange } from './contracts/wire-exchange.ts';
export { type DecodedBody, type DecodeOptions, decodeBody } from './downloader/content-decoding.ts';
export { ArchiveError } from './errors/archive-error.ts';
export { BlockedAddressError } from './errors/blocked-address-error.ts';
export { BodyTooLargeError } from './errors/body-too-large-error.ts';
export { CallbackError } from './errors/callback-error.ts';
export { CloseCrawlError } from './errors/close-crawl-error.ts';
export { ComponentError } from './errors/component-error.ts';
export { ConnectionLostError } from './errors/connection-lost-error.ts';
export { ConnectionRefusedError } from './errors/connection-refused-error.ts';
export { CrawlError, errorMessage, errorName, isCrawlError } from './errors/crawl-error.ts';
export { CsvError } from './errors/csv-error.ts';
export { CurlCommandError } from './errors/curl-command-error.ts';
export { DataLossError } from './errors/data-loss-error.ts';
export { DnsError } from './errors/dns-error.ts';
export { DownloadCancelledError } from './errors/download-cancelled-error.ts';
export { DownloadStoppedError } from './errors/download-stopped-error.ts';
export { DownloadTimeoutError } from './errors/download-timeout-error.ts';
export { DroppedError } from './errors/dropped-error.ts';
export { FeedFileError, type FeedFileProblem } from './errors/feed-file-error.ts';
export { FormError, type FormProblem } from './errors/form-error.ts';
export { HeadersTooLargeError } from './errors/headers-too-large-error.ts';
export { type HostFault, hostFault } from './errors/host-fault.ts';
export { HostGivenUpError } from './errors/host-given-up-error.ts';
export { HttpError } from './errors/http-error.ts';
export { InvalidCallbackError } from './errors/invalid-callback-error.ts';
export { InvalidRequestError } from './errors/invalid-request-error.ts';
export { ItemFieldError } from './errors/item-field-error.ts';
export { ItemLoaderError } from './errors/item-loader-error.ts';
export { NoSavedPageError } from './errors/no-saved-page-error.ts';
export { NotTextError } from './errors/not-text-error.ts';
export { OutputError } from './errors/output-error.ts';
export { ProxyError } from './errors/proxy-error.ts';
export { SeedFileError } from './errors/seed-file-error.ts';
export { SettingsError } from './errors/settings-error.ts';
export { SpiderLoadError } from './errors/spider-load-error.ts';
export { StoreError, type StoreProblem } from './errors/store-error.ts';
export { TlsError } from './errors/tls-error.ts';
export { TooManyRedirectsError } from './errors/too-many-redirects-error.ts';
export { UnknownOptionError } from './errors/unknown-option-error.ts';
export { UnsupportedSchemeError } from './errors/unsupported-scheme-error.ts';
export {
  type CsvLimits,
  type CsvMisfit,
  type CsvRow,
  type CsvRowsOptions,
  csvRows,
} from './extract/csv-rows.ts';
export {
  defineItem,
  type ItemClass,
  type ItemField,
  type ItemFields,
  itemFields,
} from './extract/define-item.ts';
export type { FieldProcessors, LoaderFields } from './extract/field-processors.ts';
export { IGNORED_EXTENSIONS } from './extract/ignored-extensions.ts';
export { ItemLoader, type ItemLoaderOptions, type LoaderStep } from './extract/item-loader.ts';
export { LinkExtractor, type LinkExtractorOptions } from './extract/link-extractor.ts';
export {
  type ComposeOptions,
  compose,
  identity,
  join,
  type LoaderContext,
  mapCompose,
  type Processor,
  selectJmes,
  takeFirst,
} from './extract/processors.ts';
export { readSitemap, type Sitemap, type SitemapEntry } from './extract/read-sitemap.ts';
export { type RobotsRecord, robotsRecords } from './extract/robots-records.ts';
export { robotsSitemaps } from './extract/robots-sitemaps.ts';
export { exportedFields } from './feed/exported-fields.ts';
export { outputProblem } from './feed/output-problem.ts';
export { openS3, type S3Facts, type S3Object, type S3Objects, s3Place } from './feed/s3-objects.ts';
export { isSecretName, maskSecrets } from './logging/mask-secrets.ts';
export { baseUrl } from './markup/base-url.ts';
export { decodeText, encodeText, normalizeEncodingLabel, sniffEncoding } from './markup/encoding.ts';
export type { MarkdownOptions } from './markup/markdown/to-markdown.ts';
export { metaRefresh } from './markup/meta-refresh.ts';
export { MissingPackageError } from './markup/missing-package-error.ts';
export type { PacedIterable } from './markup/paced-iterable.ts';
export { type ResponseKind, responseKind } from './markup/response-kind.ts';
export { Selector, SelectorList } from './markup/selector.ts';
export { SelectorError } from './markup/selector-error.ts';
export { type XmlElementsOptions, xmlElements } from './markup/xml-elements.ts';
export { MemoryScheduler, type MemorySchedulerOptions } from './scheduler/memory-scheduler.ts';
export type { SchedulerFactory } from './scheduler/scheduler-factory.ts';
export type { ComponentList, ComponentListEditor } from './settings/component-list.ts';
export type { FeedOptions, FieldValue, ItemFilter, UriParams } from './settings/feed-options.ts';
export type { LogAnswer, LogFormatter, LogMessage } from './settings/log-formatter.ts';
export { type IdentitySettings, requestFingerprint } from './settings/request-fingerprint.ts';
export type { S3Options } from './settings/s3-options.ts';
export type { SessionSettings } from './settings/session-settings.ts';
export type { AddOn, OnCallbackError, PartialSettings, Settings } from './settings/settings.ts';
export { isSpiderClass, Spider, type SpiderClass } from './spider/spider.ts';
export { CrawlSpider, type ParseWithRulesOptions } from './spider-kinds/crawl-spider.ts';
export { CsvFeedSpider } from './spider-kinds/csv-feed-spider.ts';
export type { LinkSourceOfRule, Rule } from './spider-kinds/rule.ts';
export type { SiteScope } from './spider-kinds/site-scope.ts';
export { type SiteAddress, SiteSpider } from './spider-kinds/site-spider.ts';
export { type SitemapFacts, type SitemapRule, SitemapSpider } from './spider-kinds/sitemap-spider.ts';
export { type XmlFeedIterator, XmlFeedSpider } from './spider-kinds/xml-feed-spider.ts';
export { type LevelStoreOptions, openLevelStore } from './store/level-store.ts';
export { canonicalizeUrl } from './values/canonical-url.ts';
export { type CurlOptions, type CurlRequest, parseCurl } from './values/curl/parse-curl.ts';
export { type Drop, drop, isDrop } from './values/drop.ts';
export type { Failure } from './values/failure.ts';
export { fingerprint } from './values/fingerprint.ts';
export { forgetOldest } from './values/forget-oldest.ts';
export type { FormEncodingType, FormFile } from './values/form-body.ts';
export type { ButtonChoice, FormChoice } from './values/form-choice.ts';
export {
  type FormPage,
  type FormRequestOptions,
  type FormValue,
  type FormValues,
  formRequest,
} from './values/form-request.ts';
export { HeaderMap, type HeadersInit } from './values/header-map.ts';
export type { ItemRecord } from './values/item.ts';
export type { Link } from './values/link.ts';
export { named } from './values/named.ts';
export { type PlainRecord, type PlainValue, toPlainRecord } from './values/plain-value.ts';
export type { Redirect } from './values/redirect.ts';
export {
  type FormFields,
  isRequest,
  Request,
  type RequestCookie,
  type RequestCookies,
  type RequestOptions,
} from './values/request.ts';
export type { RequestMeta } from './values/request-meta.ts';
export {
  type DownloadTimings,
  isResponse,
  type LinkSource,
  Response,
  type ResponseInit,
} from './values/response.ts';
export { isRetryLater, type RetryLater, type RetryLaterOptions, retryLater } from './values/retry-later.ts';
export { type RetryWaitRules, retryWaitMs } from './values/retry-wait.ts';
export { safeFileName } from './values/safe-file-name.ts';
export { safeUrl } from './values/safe-url.ts';
export { syncFolder } from './values/sync-folder.ts';
export { type ThrottleScope, throttleGroup } from './values/throttle-group.ts';
export { urlHasAnyExtension, urlIsFromAnyDomain } from './values/url-domain.ts';
export { hostKey, originOf } from './values/url-origin.ts';
export { addOrReplaceParameters, cleanUrlQuery, urlQueryParameter } from './values/url-query.ts';
