import type { HeaderMap } from '../header-map.ts';
import type { RequestMeta } from '../request-meta.ts';
import { originOf } from '../url-origin.ts';

/** What of a request a curl command can say; a `Request` is one. */
export interface CurlSource {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderMap;
  readonly body: Uint8Array | undefined;
  readonly cookies: unknown;
  readonly meta: RequestMeta;
}

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;
const CONTROL = /\p{Cc}/u;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A request as a curl command for a Unix shell, by which others can make it again. **It holds the request's
 * secrets**: cookies, Authorization, the password of a proxy. What the crawl adds is not in it: the cookie jar,
 * default headers, the user agent. A body with zero bytes is piped in by `printf`, as no argument can hold them.
 */
export function toCurl({ url, method, headers, body, cookies, meta }: CurlSource): string {
  const words = ['curl', shellWord(url)];
  if (/[[\]{}]/.test(url)) words.push('--globoff');
  const data = body !== undefined && body.length > 0 ? body : undefined;
  if (method === 'HEAD') words.push('--head');
  else if (method !== (data === undefined ? 'GET' : 'POST')) words.push('-X', shellWord(method));
  for (const [name, values] of headers.toPairs()) {
    if (values === null) words.push('-H', shellWord(`${name}:`));
    for (const value of values ?? []) {
      words.push('-H', shellWord(Buffer.from(value === '' ? `${name};` : `${name}: ${value}`, 'latin1')));
    }
  }
  const pairs = cookiePairs(cookies);
  if (pairs !== '') words.push('-b', shellWord(pairs));
  const { httpUser, httpPass = '', httpAuthOrigin = originOf(url), proxy } = meta;
  if (httpUser !== undefined && httpAuthOrigin === originOf(url))
    words.push('-u', shellWord(`${httpUser}:${httpPass}`));
  if (typeof proxy === 'string') words.push('-x', shellWord(proxy));
  if (data === undefined) return words.join(' ');
  // Unless told so curl would call it a form.
  if (!headers.has('content-type')) words.push('-H', "'Content-Type:'");
  if (data.includes(0)) return `printf ${octal(data)} | ${[...words, '--data-binary', '@-'].join(' ')}`;
  return [...words, '--data-raw', shellWord(data)].join(' ');
}

function cookiePairs(cookies: unknown): string {
  if (typeof cookies !== 'object' || cookies === null) return '';
  const pairs: [string, unknown][] = Array.isArray(cookies)
    ? cookies.map(({ name, value }) => [name, value])
    : Object.entries(cookies);
  return pairs.map(([name, value]) => `${name}=${String(value)}`).join('; ');
}

/** Text or bytes as one word of a shell. */
function shellWord(content: string | Uint8Array): string {
  const bytes = Buffer.from(content as Uint8Array);
  const text = textOf(bytes);
  if (text === undefined || CONTROL.test(text)) return `$'${ansi(bytes)}'`;
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const ANSI_NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function ansi(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^\x20-\x7e]|[\\'!]/g, (char) => {
    if (char === '\\' || char === "'") return `\\${char}`;
    return ANSI_NAMES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function octal(bytes: Uint8Array): string {
  const escaped = Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9]/.test(char) ? char : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `'${escaped.join('')}'`;
}
