import { SiteSpider } from '../../api.ts';
import type { SitePlan } from './site-options.ts';

/** The spider of one site, with what the command line says of it: to be extended. */
export function plannedSpider(
  { url, scope, followDepth, include, exclude }: SitePlan,
  readSitemaps: boolean,
): typeof SiteSpider {
  abstract class PlannedSpider extends SiteSpider {
    override startUrls: readonly string[] = [url];
    override scope = scope;
    override followDepth = followDepth;
    override include = include;
    override exclude = exclude;
    override readSitemaps = readSitemaps;
  }
  return PlannedSpider as typeof SiteSpider;
}
