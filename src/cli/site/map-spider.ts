import {
  type PartialSettings,
  type Settings,
  type SiteAddress,
  SiteSpider,
  type SpiderClass,
} from '../../api.ts';
import { SeenAddresses } from '../../crawler/seen-addresses.ts';
import { addressLines } from './address-lines.ts';
import type { SitePlan } from './site-options.ts';

/** A spider that gives every address of a site once, as it is found; it can write them as `lines`, too. */
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
    readonly #given = new SeenAddresses();

    static override updateSettings({ feedExporters }: Settings): PartialSettings {
      return { feedExporters: { ...feedExporters, lines: addressLines } };
    }

    override parsePage(): void {}

    override addressFound(address: SiteAddress): (SiteAddress & Record<string, unknown>) | undefined {
      return this.#given.add(address.url) ? { ...address } : undefined;
    }
  };
  return spider as unknown as SpiderClass;
}
