import { SettingsError } from '../errors/settings-error.ts';
import { checkSetting } from '../settings/check-setting.ts';
import { isSpiderBase } from '../spider/spider.ts';

/** Ours for members that spiders have in Scrapy. */
const SCRAPY_MEMBERS: Readonly<Record<string, string>> = {
  start_urls: 'startUrls',
  allowed_domains: 'allowedDomains',
  custom_settings: 'static settings',
  start_requests: 'start()',
  startRequests: 'start()',
  closed_spider: 'closed()',
  customSettings: 'static settings',
  parse_start_url: 'parseStartUrl()',
  process_results: 'processResults()',
  adapt_response: 'adaptResponse()',
  sitemap_urls: 'sitemapUrls',
  sitemap_rules: 'sitemapRules',
  sitemap_follow: 'sitemapFollow',
  sitemap_alternate_links: 'sitemapAlternateLinks',
  sitemap_filter: 'sitemapFilter()',
  itertag: 'iterTag',
  parse_node: 'parseNode()',
  parse_row: 'parseRow()',
};

/**
 * @throws SettingsError where a spider has members that only Scrapy knows, which would do nothing, or its class
 * lists pipelines in another way than settings do.
 */
export function checkSpider(spider: object, name: string): void {
  for (const [theirs, ours] of Object.entries(SCRAPY_MEMBERS)) {
    if (theirs in spider || theirs in spider.constructor) {
      throw new SettingsError(`spider ${name}: ${theirs} is ${ours} here`);
    }
  }
  if (setsName(spider)) {
    throw new SettingsError(
      `spider ${name}: a spider bears its file's name; for another one write static spiderName = '…' instead of name`,
    );
  }
  if (Object.hasOwn(spider, 'settings')) {
    throw new SettingsError(`spider ${name}: settings belong to the class: write static settings = { … }`);
  }
  if (Object.hasOwn(spider, 'pipelines')) {
    throw new SettingsError(`spider ${name}: pipelines belong to the class: write static pipelines = [ … ]`);
  }
  const { pipelines } = spider.constructor as { readonly pipelines?: unknown };
  if (pipelines !== undefined) checkSetting('pipelines', pipelines, `spider ${name}`);
}

/** Whether `name` is a field, a static one, or a getter of the spider's own. */
function setsName(spider: object): boolean {
  // The `name` that every class has by itself is not enumerable.
  if (Object.getOwnPropertyDescriptor(spider.constructor, 'name')?.enumerable === true) return true;
  let holder: object = spider;
  while (!Object.hasOwn(holder, 'name')) {
    const above: unknown = Object.getPrototypeOf(holder);
    if (typeof above !== 'object' || above === null) return false;
    holder = above;
  }
  return !isSpiderBase(holder.constructor);
}
