import { decodeEntities } from './decode-entities.ts';
import { END, END_TAG, START_TAG, TagScanner, TEXT } from './tag-scanner.ts';

/** Where a page sends its reader. */
export interface MetaRefresh {
  /** Seconds to wait. */
  readonly seconds: number;
  /** The absolute address. */
  readonly url: string;
}

/** Options of {@link metaRefresh}. */
export interface MetaRefreshOptions {
  /** Elements whose content does not count, lower case. @defaultValue `script` and `noscript`, as Scrapy */
  readonly ignoreTags?: readonly string[];
}

const HEAD_LENGTH = 65_536;

/**
 * The first `<meta http-equiv="refresh">` with an address, by the refresh steps of the HTML standard but for
 * fractions of seconds, which are kept. It may stand anywhere in the first 65,536 characters. Null: there is
 * none, or it names no address. The address may have any scheme: what follows it has to look.
 */
export function metaRefresh(
  html: string,
  pageUrl: string,
  { ignoreTags = ['script', 'noscript'] }: MetaRefreshOptions = {},
): MetaRefresh | null {
  return findRefresh(html.slice(0, HEAD_LENGTH), pageUrl, ignoreTags);
}

function findRefresh(html: string, pageUrl: string, ignoreTags: readonly string[]): MetaRefresh | null {
  const scanner = new TagScanner(html);
  let inside: string | undefined;
  for (let kind = scanner.next(); kind !== END; kind = scanner.next()) {
    let refresh: MetaRefresh | null = null;
    if (kind === START_TAG && inside === undefined) {
      if (ignoreTags.includes(scanner.name)) inside = scanner.name;
      else if (scanner.name === 'meta') refresh = refreshOf(scanner, pageUrl);
    } else if (kind === END_TAG && scanner.name === inside) {
      inside = undefined;
    } else if (kind === TEXT && scanner.literal && inside === undefined && !ignoreTags.includes('script')) {
      refresh = findRefresh(scanner.text(), pageUrl, ['script', ...ignoreTags]);
    }
    if (refresh !== null) return refresh;
  }
  return null;
}

function refreshOf(meta: TagScanner, pageUrl: string): MetaRefresh | null {
  if (meta.attribute('http-equiv')?.toLowerCase() !== 'refresh') return null;
  return parseRefresh(decodeEntities(meta.attribute('content') ?? '', 'attribute'), pageUrl);
}

const BLANK = '\t\n\f\r ';

/** https://html.spec.whatwg.org/#shared-declarative-refresh-steps */
function parseRefresh(content: string, pageUrl: string): MetaRefresh | null {
  const timeStart = skip(content, 0, BLANK);
  const timeEnd = skip(content, timeStart, '0123456789.');
  if (timeEnd === timeStart) return null;
  let at = skip(content, timeEnd, BLANK);
  if (content[at] === ';' || content[at] === ',') at = skip(content, at + 1, BLANK);
  else if (at === timeEnd) return null;
  if (at === content.length) return null;
  const url = addressIn(content, at);
  if (!URL.canParse(url, pageUrl)) return null;
  return {
    seconds: Number.parseFloat(`0${content.slice(timeStart, timeEnd)}`),
    url: new URL(url, pageUrl).href,
  };
}

function addressIn(content: string, start: number): string {
  let at = start;
  if (content.slice(at, at + 3).toLowerCase() === 'url') {
    const equals = skip(content, at + 3, BLANK);
    if (content[equals] !== '=') return content.slice(start);
    at = skip(content, equals + 1, BLANK);
  }
  const quote = content[at];
  if (quote !== '"' && quote !== "'") return content.slice(at);
  const close = content.indexOf(quote, at + 1);
  return content.slice(at + 1, close === -1 ? content.length : close);
}

/** The first place from `start` on that has none of the characters. */
function skip(text: string, start: number, characters: string): number {
  let at = start;
  while (at < text.length && characters.includes(text.charAt(at))) at += 1;
  return at;
}
