import { decodeEntities } from './decode-entities.ts';
import { regularExpression } from './regular-expression.ts';

/**
 * What a regular expression finds in a text: the whole matches, or where it has groups those, flattened; with a
 * group named `extract` only that of the first match. Character references in them are replaced but for `&lt;`
 * and `&amp;`. As Scrapy's `re()`.
 */
export function extractRegex(regex: RegExp | string, text: string): string[] {
  return matchesOf(globalVersion(regex), text).map(replaceReferences);
}

function globalVersion(regex: RegExp | string): RegExp {
  if (typeof regex === 'string') return regularExpression(regex, 'g');
  const flags = regex.flags.replace('y', '');
  return new RegExp(regex, flags.includes('g') ? flags : `${flags}g`);
}

function matchesOf(regex: RegExp, text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(regex)) {
    if (match.groups !== undefined && 'extract' in match.groups) {
      const { extract } = match.groups;
      return extract === undefined ? [] : [extract];
    }
    if (match.length === 1) found.push(match[0]);
    else for (let at = 1; at < match.length; at += 1) found.push(match[at] ?? '');
  }
  return found;
}

const REFERENCE = /&(#x?[0-9a-f]{1,8}|[a-z][a-z0-9]{0,31});?/gi;

function replaceReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (reference, name: string) => {
    const isKept = name.toLowerCase() === 'lt' || name.toLowerCase() === 'amp';
    return isKept ? reference : decodeEntities(reference, 'text');
  });
}
