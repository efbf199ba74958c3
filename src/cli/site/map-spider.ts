import { type SiteAddress, SiteSpider, type SpiderClass } from '../../api.ts';
import type { SitePlan } from './site-options.ts';

/** A spider that gives every address of a site once, as it is found. */
export function mapSpider(
  { url, scope, followDepth, include, exclude }: SitePlan,
  readSitemaps: boolean,
): SpiderClass {
  const spider = class MapSpider extends SiteSpider {
    override startUrls: readonly string[] = [url];
    override scope = scope;
    override followDepth = followDepth;
    override include = include;
    override exclude = exclude;
    override readSitemaps = readSitemaps;
    readonly #given = new Set<string>();

    override parsePage(): void {}

    override addressFound(address: SiteAddress): (SiteAddress & Record<string, unknown>) | undefined {
      if (this.#given.has(address.url)) return undefined;
      this.#given.add(address.url);
      return { ...address };
    }
  };
  return spider as unknown as SpiderClass;
}
