// The public entry: all that plug-ins and spiders may see, the crawler, and the built-ins.
export * from './api.ts';
export type { Components } from './crawler/build-components.ts';
export { type Crawl, crawl } from './crawler/crawl.ts';
export { Crawler, type CrawlOptions, type CrawlProgress, type CrawlResult } from './crawler/crawler.ts';
export type { ErrorGroup, GroupedErrors } from './crawler/watch/error-groups.ts';
