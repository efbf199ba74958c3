import { encodeText } from '../markup/encoding.ts';
import { normalizeEncodingLabel } from '../markup/encoding-labels.ts';
import { escapeByte } from './percent-bytes.ts';

/** How a URL was written. */
export interface SafeUrlOptions {
  /** Label of the encoding of the page that the URL stands on; its query is sent in it. @defaultValue `utf-8` */
  readonly encoding?: string | undefined;
  /** What a relative URL resolves against. @defaultValue none: the URL must be absolute */
  readonly base?: string | undefined;
}

/** What the URL Standard encodes as UTF-8 whatever the page's encoding. */
const ALWAYS_UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf-16le', 'utf-16be', 'replacement']);
const TAKES_ENCODING = /^[^a-z]*(?:https?|ftp|file):/i;
const HAS_SCHEME = /^[^a-z]*[a-z][a-z\d+.-]*:/i;
const NOT_ASCII = /[^\0-\x7f]/u;
const EACH_NOT_ASCII = /[^\0-\x7f]/gu;
const AMPERSAND = 0x26;

/**
 * A URL as a browser would send it: the WHATWG spelling, host in ASCII, unsafe characters escaped, existing
 * escapes left. The query goes out in the page's encoding, the rest in UTF-8. A character that the encoding
 * lacks is sent as its number (`&#8364;`), as the URL Standard says.
 *
 * @throws TypeError when the URL is not absolute, and there is no base, or not valid.
 */
export function safeUrl(url: string, options: SafeUrlOptions = {}): string {
  return new URL(inEncoding(url, options), options.base).href;
}

/** The same as a URL object; null where {@link safeUrl} throws. */
export function parseSafeUrl(url: string, options: SafeUrlOptions = {}): URL | null {
  return URL.parse(inEncoding(url, options), options.base);
}

function inEncoding(url: string, { encoding = 'utf-8', base }: SafeUrlOptions): string {
  const isPlain = encoding === 'utf-8' || !NOT_ASCII.test(url);
  return isPlain ? url : withQueryIn(encoding, url, base);
}

function withQueryIn(label: string, url: string, base: string | undefined): string {
  const encoding = normalizeEncodingLabel(label);
  const queryAt = url.indexOf('?');
  if (encoding === undefined || ALWAYS_UTF8.has(encoding) || queryAt < 0 || !takesEncoding(url, base))
    return url;
  const hashAt = url.indexOf('#');
  const end = hashAt < 0 ? url.length : hashAt;
  if (end < queryAt) return url;
  const query = url.slice(queryAt, end).replace(EACH_NOT_ASCII, (letter) => escapeIn(encoding, letter));
  return url.slice(0, queryAt) + query + url.slice(end);
}

function takesEncoding(url: string, base: string | undefined): boolean {
  return TAKES_ENCODING.test(base === undefined || HAS_SCHEME.test(url) ? url : base);
}

function escapeIn(encoding: string, letter: string): string {
  const bytes = encodeText(letter, encoding);
  if (bytes[0] === AMPERSAND) return `%26%23${letter.codePointAt(0)}%3B`;
  return Array.from(bytes, (byte) => escapeByte(String.fromCharCode(byte))).join('');
}
