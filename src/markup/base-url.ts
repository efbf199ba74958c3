import type { Document } from './node.ts';
import { END, START_TAG, TagScanner } from './tag-scanner.ts';
import { indexFor } from './tree-index.ts';

const HEAD_LENGTH = 65_536;

/**
 * The address that the relative links of a page resolve against: that of the first `<base>` with an `href`,
 * else the page's own. A base of another scheme than http and https counts as none. Given text, the first
 * 65,536 characters are looked through and character references are left as they are, as Scrapy does.
 */
export function baseUrl(page: string | Document, pageUrl: string): string {
  const href = typeof page === 'string' ? baseInText(page) : baseInTree(page);
  if (href === undefined || !URL.canParse(href, pageUrl)) return normalized(pageUrl);
  const base = new URL(href, pageUrl);
  return base.protocol === 'http:' || base.protocol === 'https:' ? base.href : normalized(pageUrl);
}

function baseInText(html: string): string | undefined {
  const scanner = new TagScanner(html.length > HEAD_LENGTH ? html.slice(0, HEAD_LENGTH) : html);
  for (let kind = scanner.next(); kind !== END; kind = scanner.next()) {
    if (kind !== START_TAG || scanner.name !== 'base') continue;
    const href = scanner.attribute('href');
    if (href !== undefined) return href;
  }
  return undefined;
}

function baseInTree(document: Document): string | undefined {
  const base = indexFor(document)
    .named('base')
    .find((element) => 'href' in element.attribs);
  return base?.attribs.href;
}

function normalized(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
