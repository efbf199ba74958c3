import { MissingPackageError, type Response, type SpiderClass } from '../../api.ts';
import { pageText, pageTitle } from './page-facts.ts';
import { plannedSpider } from './planned-spider.ts';
import { type Selection, selected } from './selections.ts';
import type { SitePlan } from './site-options.ts';

/** A spider that gives an item for every page of a site: chosen fields, else its content. */
export function pageSpider(
  plan: SitePlan,
  { fields, readSitemaps }: { readonly fields: readonly Selection[]; readonly readSitemaps: boolean },
): SpiderClass {
  const spider = class PageSpider extends plannedSpider(plan, readSitemaps) {
    #hasMarkdown = true;

    override parsePage(response: Response): Record<string, unknown> {
      const page = { url: response.url, title: pageTitle(response) };
      if (fields.length === 0) return { ...page, ...this.#content(response) };
      const { url: address } = page;
      return {
        url: address,
        ...Object.fromEntries(fields.map((field) => [field.name, selected(response, field)])),
      };
    }

    #content(response: Response): { readonly markdown: string } | { readonly text: string } {
      if (!this.#hasMarkdown) return { text: pageText(response) };
      try {
        return { markdown: response.markdown() };
      } catch (error) {
        if (!(error instanceof MissingPackageError)) throw error;
        this.#hasMarkdown = false;
        this.logger.warn(`pages are given as plain text: ${error.message}`);
        return { text: pageText(response) };
      }
    }
  };
  return spider as unknown as SpiderClass;
}
