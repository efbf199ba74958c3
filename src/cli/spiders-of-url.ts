import type { LoadedSpider } from '../crawler/load-spider.ts';

/** The spiders whose `allowedDomains` hold an address. One that names no domains is for none in particular. */
export async function spidersOfUrl(spiders: readonly LoadedSpider[], url: string): Promise<LoadedSpider[]> {
  const { urlIsFromAnyDomain } = await import('../api.ts');
  return spiders.filter(({ spider: Candidate }) => urlIsFromAnyDomain(url, new Candidate().allowedDomains));
}
