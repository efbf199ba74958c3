import type { DownloadHandler } from '../contracts/downloader.ts';
import type { Unit } from '../contracts/unit.ts';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { InvalidRequestError } from '../errors/invalid-request-error.ts';
import type { Request } from '../values/request.ts';
import { Response } from '../values/response.ts';

const SCHEME = 'data:';
const BASE64_MARK = /; *base64 *$/i;
const DEFAULT_TYPE = 'text/plain;charset=US-ASCII';
const NOT_BASE64 = /[^A-Za-z0-9+/]/;
const PERCENT = 0x25;

/** Answers `data:` URLs (RFC 2397) from the URL itself, with the forgiving base64 of browsers. */
export class DataHandler implements DownloadHandler {
  readonly schemes: readonly string[] = ['data'];

  /**
   * @throws InvalidRequestError when the URL has no comma or is no base64 although it says so.
   * @throws BodyTooLargeError when the content is above `unit.maxBodyBytes`.
   */
  async download(request: Request, unit: Unit): Promise<Response> {
    const [url = ''] = request.url.split('#', 1);
    const comma = url.indexOf(',');
    if (comma < 0) throw new InvalidRequestError(`${shortened(url)} is not a data URL: it has no comma`);
    const declared = url.slice(SCHEME.length, comma).trim();
    const content = percentDecoded(url.slice(comma + 1));
    const isBase64 = BASE64_MARK.test(declared);
    const body = isBase64 ? fromBase64(content, url) : content;
    if (body.length > unit.maxBodyBytes) throw new BodyTooLargeError(shortened(url), unit.maxBodyBytes);
    const type = declared.replace(BASE64_MARK, '') || DEFAULT_TYPE;
    const contentType = type.startsWith(';') ? `text/plain${type}` : type;
    return new Response(request.url, { headers: { 'Content-Type': contentType }, body, request });
  }
}

function fromBase64(content: Buffer, url: string): Buffer {
  const text = content.toString('latin1').replaceAll(/[\t\n\f\r ]/g, '');
  const bare = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (bare.length % 4 === 1 || NOT_BASE64.test(bare)) {
    throw new InvalidRequestError(`${shortened(url)} says that it is base64, but is not`);
  }
  return Buffer.from(bare, 'base64');
}

/** The bytes of a text: escapes as what they stand for, broken ones as they are. */
function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const escaped = bytes[at] === PERCENT ? hexPair(bytes, at + 1) : undefined;
    bytes[length++] = escaped ?? bytes[at] ?? 0;
    if (escaped !== undefined) at += 2;
  }
  return bytes.subarray(0, length);
}

function hexPair(bytes: Buffer, at: number): number | undefined {
  const high = hexDigit(bytes[at]);
  const low = hexDigit(bytes[at + 1]);
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function hexDigit(byte = 0): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

function shortened(url: string): string {
  return url.length > 100 ? `${url.slice(0, 100)}…` : url;
}
