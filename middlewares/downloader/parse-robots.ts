import robotsParser from 'robots-parser';
import { robotsRecords } from '../../src/api.ts';

/** How often the pages of a site may be asked: so many in so many seconds. */
export interface RequestRate {
  readonly requests: number;
  readonly seconds: number;
}

/** What a robots.txt says to one agent. */
export interface RobotsRules {
  /** Whether the agent may fetch a URL of this origin. */
  isAllowed(url: string): boolean;
  /** Seconds between two requests; undefined: it says nothing. */
  readonly crawlDelay: number | undefined;
  readonly requestRate: RequestRate | undefined;
  /** As they are written, in the order of the file; they belong to no agent. */
  readonly sitemaps: readonly string[];
}

/** What the answer to a request for robots.txt means for the rest of the site. */
export type RobotsAvailability = 'rules' | 'allow-all' | 'deny-all';

/** RFC 9309 2.5: a crawler reads at least so much. */
export const ROBOTS_BYTES: number = 500 * 1024;

type Key = 'user-agent' | 'allow' | 'disallow' | 'crawl-delay' | 'request-rate' | 'sitemap';

const KEYS: ReadonlyMap<string, Key> = new Map([
  ['user-agent', 'user-agent'],
  ['useragent', 'user-agent'],
  ['user agent', 'user-agent'],
  ['allow', 'allow'],
  ['disallow', 'disallow'],
  ['dissallow', 'disallow'],
  ['dissalow', 'disallow'],
  ['disalow', 'disallow'],
  ['diasllow', 'disallow'],
  ['disallaw', 'disallow'],
  ['crawl-delay', 'crawl-delay'],
  ['request-rate', 'request-rate'],
  ['sitemap', 'sitemap'],
  ['site-map', 'sitemap'],
]);
const RATE = /^(\d+)\/(\d+)([smhd]?)\b/i;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** Matching a pattern costs the length of the path for each character behind its first wildcard. */
const MOST_WILDCARD_CHARACTERS = 65_536;

// The package's types declare an ES module's default export; at run time it is CommonJS.
const parse = robotsParser as unknown as (
  url: string,
  content: string,
) => { isAllowed(url: string): boolean | undefined };

/** What is said to one agent. */
interface Group {
  readonly rules: { readonly isAllow: boolean; readonly path: string }[];
  crawlDelay: number | undefined;
  requestRate: RequestRate | undefined;
}

/**
 * Reads a robots.txt for one agent as RFC 9309 and Google's parser do: all groups of its name count together, else
 * those of `*`; misspelt keys, lines without a colon and bytes of any encoding are read. robots-parser decides on
 * the rules; it gets them in the one spelling that it compares rightly.
 *
 * @param agent product token, or a whole User-Agent that begins with it.
 * @param origin scheme, host and port that the rules are for.
 */
export function parseRobots(body: Uint8Array | string, agent: string, origin: string): RobotsRules {
  const { groups, sitemaps } = readGroups(textOf(body));
  const group = groups.get(productToken(agent)) ?? groups.get('*');
  const lines = boundedRules(group?.rules ?? []);
  const parser = parse(`${origin}/robots.txt`, ['User-agent: *', ...lines].join('\n'));
  return {
    // robots-parser forgets an empty query; no rule can name the byte that keeps it.
    isAllowed(url) {
      const path = normalPath(latin1(pathOf(url)));
      return (
        lines.length === 0 || (parser.isAllowed(`${origin}${path}${path.endsWith('?') ? '%00' : ''}`) ?? true)
      );
    },
    crawlDelay: group?.crawlDelay,
    requestRate: group?.requestRate,
    sitemaps,
  };
}

/**
 * What an answer means, after redirects: 4xx says that there are no rules; 5xx and no answer at all (undefined)
 * close the site (RFC 9309 2.3.1). A redirect that was not followed any further counts as 4xx.
 */
export function robotsAvailability(status: number | undefined, body: Uint8Array): RobotsAvailability {
  if (status === undefined || status < 200 || status >= 500) return 'deny-all';
  return status < 300 && body.byteLength > 0 ? 'rules' : 'allow-all';
}

function readGroups(text: string): { groups: Map<string, Group>; sitemaps: string[] } {
  const groups = new Map<string, Group>();
  const sitemaps: string[] = [];
  let named: Group[] = [];
  let isNaming = false;
  for (const { key: written, value } of robotsRecords(text)) {
    const key = KEYS.get(written);
    if (key === undefined) continue;
    if (key === 'sitemap') {
      if (value !== '') sitemaps.push(Buffer.from(value, 'latin1').toString('utf8'));
    } else if (key === 'user-agent') {
      if (!isNaming) named = [];
      isNaming = true;
      named.push(groupOf(groups, productToken(value)));
    } else {
      for (const group of named) addTo(group, key, value);
      // Other records must not come between the names of a group and its rules (RFC 9309 2.2.4).
      if (key === 'allow' || key === 'disallow') isNaming = false;
    }
  }
  return { groups, sitemaps };
}

function groupOf(groups: Map<string, Group>, token: string): Group {
  let group = groups.get(token);
  if (group === undefined) {
    group = { rules: [], crawlDelay: undefined, requestRate: undefined };
    groups.set(token, group);
  }
  return group;
}

function addTo(group: Group, key: Exclude<Key, 'sitemap' | 'user-agent'>, value: string): void {
  if (value === '') return;
  if (key === 'crawl-delay') {
    const seconds = Number(value);
    if (seconds >= 0 && Number.isFinite(seconds)) group.crawlDelay = seconds;
  } else if (key === 'request-rate') {
    const [, requests, count, unit = ''] = RATE.exec(value) ?? [];
    const seconds = Number(count) * (UNITS[unit.toLowerCase()] ?? 1);
    if (Number(requests) > 0 && seconds > 0) group.requestRate = { requests: Number(requests), seconds };
  } else {
    const path = value.replaceAll(/\*{2,}/g, '*');
    const isAllow = key === 'allow';
    group.rules.push({ isAllow, path: normalPath(path) });
    // Google's parser: who allows the index page of a folder allows the folder.
    const index = isAllow ? path.search(/\/index\.html?$/) : -1;
    if (index !== -1) group.rules.push({ isAllow, path: `${normalPath(path.slice(0, index + 1))}$` });
  }
}

/** Beyond the bound a rule gets stricter, never laxer: cut behind its wildcard, or left out if it allows. */
function boundedRules(rules: Group['rules']): string[] {
  let left = MOST_WILDCARD_CHARACTERS;
  return rules.flatMap(({ isAllow, path }) => {
    const wildcard = path.indexOf('*');
    if (wildcard !== -1) left -= path.length;
    if (wildcard === -1 || left >= 0) return [`${isAllow ? 'Allow' : 'Disallow'}: ${path}`];
    return isAllow ? [] : [`Disallow: ${path.slice(0, wildcard + 1)}`];
  });
}

/** The part of a User-Agent by which robots.txt names it: `Orbweaver/1.0 (+…)` is `orbweaver`. */
function productToken(agent: string): string {
  const value = agent.trim();
  return /^\*(?:\s|$)/.test(value) ? '*' : (/^[a-z_-]*/i.exec(value)?.[0] ?? '').toLowerCase();
}

/** The file's bytes, one character each. */
function textOf(body: Uint8Array | string): string {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  const kept = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, ROBOTS_BYTES));
  return kept.toString('latin1');
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Path and query of an absolute URL. */
function pathOf(url: string): string {
  const { href } = new URL(url);
  const fragment = href.indexOf('#');
  const start = href.indexOf('/', href.indexOf('//') + 2);
  return href.slice(start, fragment === -1 ? href.length : fragment);
}

/**
 * One spelling of the same path: digits and letters plain, bytes beyond ASCII and what URLs do not hold as escapes,
 * escapes in upper case.
 */
function normalPath(path: string): string {
  return path
    .replaceAll(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return /[\w.~-]/.test(character) ? character : code.toUpperCase();
    })
    .replaceAll(
      /[^\x21-\x7e]|["<>[\\\]^`{|}]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
