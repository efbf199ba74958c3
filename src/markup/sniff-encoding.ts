import { isAscii, isUtf8 } from 'node:buffer';
import { normalizeEncodingLabel } from './encoding-labels.ts';

/** What is known of a body besides its bytes. */
export interface SniffEncodingOptions {
  /** The Content-Type header. */
  readonly contentType?: string | null;
  /** What the body is: it says which declarations to look for. @defaultValue `html` */
  readonly kind?: 'html' | 'xml' | 'text';
  /** The encoding of undeclared bytes that are not UTF-8. @defaultValue `windows-1252` */
  readonly fallback?: string;
}

// The HTML standard looks no further.
const PRESCAN_BYTES = 1024;

/**
 * The encoding of a body, by its WHATWG name in lower case: from the byte order mark, else the `charset` of
 * the Content-Type, else the declaration in the first 1,024 bytes (`<meta>`, XML declaration), else UTF-8
 * where the bytes beyond ASCII are that, else the fallback. Labels nobody knows are passed over.
 */
export function sniffEncoding(body: Uint8Array, options: SniffEncodingOptions = {}): string {
  const { contentType, kind = 'html', fallback = 'windows-1252' } = options;
  return (
    byteOrderMark(body) ??
    charsetOf(contentType ?? '') ??
    (kind === 'text' ? undefined : declaredIn(body, kind)) ??
    (looksLikeUtf8(body, kind) ? 'utf-8' : (normalizeEncodingLabel(fallback) ?? 'windows-1252'))
  );
}

/** Undeclared ASCII is UTF-8 in XML, and the fallback's in HTML, as in browsers. */
function looksLikeUtf8(body: Uint8Array, kind: 'html' | 'xml' | 'text'): boolean {
  if (isAscii(body)) return kind === 'xml';
  return isUtf8(body) || endsInsideUtf8(body);
}

/** The encoding a byte order mark names. */
export function byteOrderMark(body: Uint8Array): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  return undefined;
}

/** Is a body UTF-8 but for its last character, which was cut off? */
function endsInsideUtf8(body: Uint8Array): boolean {
  for (let cut = 1; cut <= 3 && cut < body.length; cut += 1) {
    const lead = body[body.length - cut] ?? 0;
    if (lead >= 0xc2) return lead < 0xf5 && cut < sequenceLength(lead) && hasHighBytes(body, cut);
    if (lead < 0x80) return false;
  }
  return false;
}

function sequenceLength(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

// One lone high byte at the end says nothing: there must be UTF-8 before it.
function hasHighBytes(body: Uint8Array, cut: number): boolean {
  const whole = body.subarray(0, body.length - cut);
  return whole.some((byte) => byte >= 0x80) && isUtf8(whole);
}

const CHARSET = 'charset';

/** The encoding that a Content-Type, or the `content` of a meta element, names. */
function charsetOf(contentType: string): string | undefined {
  const lower = contentType.toLowerCase();
  for (let at = lower.indexOf(CHARSET); at !== -1; at = lower.indexOf(CHARSET, at)) {
    at = skipBlanks(lower, at + CHARSET.length);
    if (lower[at] !== '=') continue;
    at = skipBlanks(lower, at + 1);
    const quote = lower[at];
    const isQuoted = quote === '"' || quote === "'";
    const start = isQuoted ? at + 1 : at;
    let end = isQuoted ? lower.indexOf(quote, start) : start;
    if (end === -1) end = lower.length;
    if (!isQuoted) while (end < lower.length && !BLANK_OR_SEMICOLON.includes(lower.charAt(end))) end += 1;
    return normalizeEncodingLabel(lower.slice(start, end));
  }
  return undefined;
}

const BLANKS = ' \t\n\f\r';
const BLANK_OR_SEMICOLON = `${BLANKS};,`;

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANKS.includes(text.charAt(at))) at += 1;
  return at;
}

function declaredIn(body: Uint8Array, kind: 'html' | 'xml'): string | undefined {
  if (startsWith(body, [0x3c, 0, 0x3f, 0, 0x78, 0])) return 'utf-16le';
  if (startsWith(body, [0, 0x3c, 0, 0x3f, 0, 0x78])) return 'utf-16be';
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, PRESCAN_BYTES)).toString(
    'latin1',
  );
  const declared = (kind === 'html' ? prescan(head) : undefined) ?? xmlDeclaration(head);
  // What could be read as ASCII to find the declaration is not UTF-16, whatever it says.
  if (declared === 'utf-16le' || declared === 'utf-16be') return 'utf-8';
  return declared === 'x-user-defined' ? 'windows-1252' : declared;
}

function startsWith(body: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => body[at] === byte);
}

function xmlDeclaration(head: string): string | undefined {
  const start = head.search(/[^\t\n\r ]/);
  if (start === -1 || !head.startsWith('<?xml', start)) return undefined;
  const declaration = head.slice(start, head.indexOf('?>', start));
  const match = /\sencoding[\t\n\r ]*=[\t\n\r ]*(?:"([^"]*)"|'([^']*)')/.exec(declaration);
  return match === null ? undefined : normalizeEncodingLabel(match[1] ?? match[2] ?? '');
}

/** https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding */
function prescan(head: string): string | undefined {
  let at = 0;
  while (at < head.length) {
    const open = head.indexOf('<', at);
    if (open === -1) return undefined;
    if (head.startsWith('<!--', open)) {
      const close = head.indexOf('-->', open + 2);
      if (close === -1) return undefined;
      at = close + 3;
    } else if (/^<\/?[a-z]/i.test(head.slice(open, open + 3))) {
      const tag = new TagReader(head, open);
      const encoding = tag.isMeta ? metaEncoding(tag) : undefined;
      if (encoding !== undefined) return encoding;
      at = tag.skipToEnd();
    } else if (/^<[!/?]/.test(head.slice(open, open + 2))) {
      const close = head.indexOf('>', open);
      if (close === -1) return undefined;
      at = close + 1;
    } else {
      at = open + 1;
    }
  }
  return undefined;
}

function metaEncoding(tag: TagReader): string | undefined {
  const attributes = new Map<string, string>();
  for (let next = tag.attribute(); next !== undefined; next = tag.attribute()) {
    if (!attributes.has(next.name)) attributes.set(next.name, next.value);
  }
  const charset = attributes.get('charset');
  if (charset !== undefined) return normalizeEncodingLabel(charset);
  if (attributes.get('http-equiv') !== 'content-type') return undefined;
  return charsetOf(attributes.get('content') ?? '');
}

/** Reads a tag as the prescan does: what is cut off at the end of the head is no attribute. */
class TagReader {
  readonly isMeta: boolean;
  readonly #head: string;
  #at: number;

  constructor(head: string, open: number) {
    this.#head = head;
    this.isMeta = /^<meta[\t\n\f\r /]/i.test(head.slice(open, open + 6));
    this.#at = open + 1;
    while (this.#at < head.length && !' \t\n\f\r>'.includes(head.charAt(this.#at))) {
      if (this.isMeta && head[this.#at] === '/') break;
      this.#at += 1;
    }
  }

  skipToEnd(): number {
    while (this.attribute() !== undefined);
    return this.#at + 1;
  }

  attribute(): { name: string; value: string } | undefined {
    const head = this.#head;
    while (this.#at < head.length && ' \t\n\f\r/'.includes(head.charAt(this.#at))) this.#at += 1;
    if (this.#at >= head.length || head[this.#at] === '>') return undefined;
    const nameStart = this.#at;
    this.#at += 1;
    while (this.#at < head.length && !' \t\n\f\r/>='.includes(head.charAt(this.#at))) this.#at += 1;
    const name = head.slice(nameStart, this.#at).toLowerCase();
    const equals = skipBlanks(head, this.#at);
    if (head[equals] !== '=') return this.#at >= head.length ? undefined : { name, value: '' };
    this.#at = skipBlanks(head, equals + 1);
    const quote = head[this.#at];
    if (quote === '"' || quote === "'") {
      const close = head.indexOf(quote, this.#at + 1);
      if (close === -1) {
        this.#at = head.length;
        return undefined;
      }
      const value = head.slice(this.#at + 1, close).toLowerCase();
      this.#at = close + 1;
      return { name, value };
    }
    const valueStart = this.#at;
    while (this.#at < head.length && !' \t\n\f\r>'.includes(head.charAt(this.#at))) this.#at += 1;
    return this.#at >= head.length
      ? undefined
      : { name, value: head.slice(valueStart, this.#at).toLowerCase() };
  }
}
