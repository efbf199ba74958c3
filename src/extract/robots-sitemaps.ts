import { safeUrl } from '../values/safe-url.ts';
import { robotsRecords } from './robots-records.ts';

const KEYS: ReadonlySet<string> = new Set(['sitemap', 'site-map']);
/** RFC 9309 2.5: a crawler reads at least so much. */
const LONGEST_ROBOTS = 500 * 1024;

/**
 * The sitemaps that a robots.txt names, absolute and in its order. `Sitemap:` lines belong to no group; those that
 * are no http(s) address are left out, and so is all behind the first 500 KiB.
 *
 * @param url - address of the robots.txt.
 */
export function robotsSitemaps(text: string, url: string): string[] {
  return robotsRecords(text.slice(0, LONGEST_ROBOTS)).flatMap(({ key, value }) =>
    KEYS.has(key) && value !== '' ? absolute(value, url) : [],
  );
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
