import type { PartialSettings, Settings, SiteAddress, SpiderClass } from '../../api.ts';
import { SeenAddresses } from '../../crawler/seen-addresses.ts';
import { addressLines } from './address-lines.ts';
import { plannedSpider } from './planned-spider.ts';
import type { SitePlan } from './site-options.ts';

/** A spider that gives every address of a site once, as it is found; it can write them as `lines`, too. */
export function mapSpider(plan: SitePlan, readSitemaps: boolean): SpiderClass {
  const spider = class MapSpider extends plannedSpider(plan, readSitemaps) {
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
