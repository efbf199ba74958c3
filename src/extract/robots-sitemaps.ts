import { safeUrl } from '../values/safe-url.ts';

const SITEMAP_LINE = /^[\t ]*sitemap[\t ]*:(.*)$/i;
const COMMENT = /[\t ]#.*$/;
/** RFC 9309 2.5: a crawler reads at least so much. */
const LONGEST_ROBOTS = 500 * 1024;

/**
 * The sitemaps that a robots.txt names, absolute and in its order. `Sitemap:` lines belong to no group; those that
 * are no http(s) address are left out, and so is all behind the first 500 KiB.
 *
 * @param url - address of the robots.txt.
 */
export function robotsSitemaps(text: string, url: string): string[] {
  return text
    .slice(0, LONGEST_ROBOTS)
    .split(/\r\n|\r|\n/)
    .flatMap((line) => {
      const written = SITEMAP_LINE.exec(line.replace('\ufeff', ''))?.[1]?.replace(COMMENT, '').trim() ?? '';
      return written === '' ? [] : absolute(written, url);
    });
}

function absolute(written: string, base: string): string[] {
  try {
    const url = safeUrl(written, { base });
    return /^https?:/.test(url) ? [url] : [];
  } catch {
    // What is no URL leads nowhere.
    return [];
  }
}
