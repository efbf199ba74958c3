import type { LoadedSpider } from '../crawler/load-spider.ts';
import { describeFault } from './answer-fault.ts';

/** Spiders for an address. */
export interface SpidersOfUrl {
  readonly fitting: readonly LoadedSpider[];
  /** What is wrong with spiders that cannot be made, and so are for no address. */
  readonly problems: readonly string[];
}

/** The spiders whose `allowedDomains` hold an address. One that names no domains is for none in particular. */
export async function spidersOfUrl(spiders: readonly LoadedSpider[], url: string): Promise<SpidersOfUrl> {
  const [{ urlIsFromAnyDomain }, { makeSpider }] = await Promise.all([
    import('../api.ts'),
    import('../crawler/make-spider.ts'),
  ]);
  const problems: string[] = [];
  const fitting = spiders.filter(({ spider, name }) => {
    try {
      return urlIsFromAnyDomain(url, makeSpider(spider, name).allowedDomains);
    } catch (fault) {
      problems.push(`${name}: ${describeFault(fault).problem}`);
      return false;
    }
  });
  return { fitting, problems };
}
