import { hash } from 'node:crypto';
import { canonicalizeUrl } from './canonical-url.ts';

/**
 * The identity of a request: the first 132 bits of a SHA-256 as 22 characters of base64url. The same text in
 * memory, in records and in logs; equal over processes, machines and releases. Tables that want numbers take
 * 128 of the bits with `fingerprintWords`.
 */
export type Fingerprint = string;

/** What a fingerprint is made from. */
export interface FingerprintSource {
  readonly method: string;
  readonly url: string;
  readonly body?: Uint8Array | undefined;
  readonly headers?: { getAll(name: string): readonly string[] };
}

/** What counts in a fingerprint besides method, canonical URL and body. */
export interface FingerprintOptions {
  /** Names of headers that count. @defaultValue `[]` */
  readonly includeHeaders?: readonly string[];
  /** The URL's fragment counts. @defaultValue `false` */
  readonly keepFragments?: boolean;
}

const TEXT_LENGTH = 22;

/**
 * The identity of a request for duplicate filter and cache, as Scrapy's fingerprint: method, canonical URL,
 * body, chosen headers. Nobody can make two requests that share one.
 *
 * @throws TypeError when the URL is not absolute.
 */
export function fingerprint(
  { method, url, body, headers }: FingerprintSource,
  { includeHeaders = [], keepFragments = false }: FingerprintOptions = {},
): Fingerprint {
  // Neither a method nor a canonical URL holds a line end; headers say their length; the body comes last.
  let head = `${method}\n${canonicalizeUrl(url, { keepFragments })}\n`;
  if (includeHeaders.length > 0) {
    for (const name of includeHeaders.map((given) => given.toLowerCase()).sort()) {
      for (const value of headers?.getAll(name) ?? [])
        head += `${name}:${Buffer.byteLength(value)}:${value}\n`;
    }
  }
  head += '\n';
  const framed = body === undefined || body.length === 0 ? head : Buffer.concat([Buffer.from(head), body]);
  return hash('sha256', framed, 'base64url').slice(0, TEXT_LENGTH);
}

/** The fingerprint that stands for a text of the user's: whatever it is made from, it has the form of all others. */
export function fingerprintOf(identity: string): Fingerprint {
  return derivedFingerprint(identity, 'identity');
}

/** A fingerprint of its own for the same request in a certain role. */
export function derivedFingerprint(text: Fingerprint, role: string): Fingerprint {
  return hash('sha256', `${role}\n${text}`, 'base64url').slice(0, TEXT_LENGTH);
}

const SIX_BITS = new Uint8Array(128);
for (const [value, letter] of Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
).entries()) {
  SIX_BITS[letter.charCodeAt(0)] = value;
}

/** The first 128 bits of a fingerprint as four words, written into an array that the caller uses again. */
export function fingerprintWords(text: Fingerprint, into: Uint32Array): void {
  // Five characters are 30 bits, the last two of the 22 hold the two missing bits of each word, and four spare.
  const rest = (six(text, 20) << 6) | six(text, 21);
  for (let word = 0; word < 4; word++) {
    const at = word * 5;
    into[word] =
      ((six(text, at) << 26) |
        (six(text, at + 1) << 20) |
        (six(text, at + 2) << 14) |
        (six(text, at + 3) << 8) |
        (six(text, at + 4) << 2) |
        ((rest >>> (10 - word * 2)) & 3)) >>>
      0;
  }
}

function six(text: string, at: number): number {
  return SIX_BITS[text.charCodeAt(at)] ?? 0;
}
