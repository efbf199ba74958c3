import type { HeaderMap } from '../../src/api.ts';
import { endOfHead } from './byte-reader.ts';
import { ORIGINAL_PREFIX } from './exchange-records.ts';
import { parseHead } from './header-lines.ts';

/** An archived answer. */
export interface ArchivedAnswer {
  readonly status: number;
  /** As the server sent them. */
  readonly headers: HeaderMap;
  /** Chunks joined, codings of Content-Encoding still on it. */
  readonly body: Buffer;
  /** Whether the chunks end before their end. */
  readonly isCut: boolean;
}

/** An archived question. */
export interface ArchivedQuestion {
  readonly method: string;
  readonly body: Buffer;
}

const STATUS_LINE = /^HTTP\/\d(?:\.\d)?[ \t]+(\d{3})(?:[ \t]|$)/i;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+\S/;
const CHUNK_SIZE = /^[ \t]*([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n/i;
const MOST_CHUNK_HEAD = 1024;
const CR = 0x0d;
const LF = 0x0a;
const TRANSFER_ENCODING = 'transfer-encoding';

/** The status of an archived answer; undefined where the content is no HTTP answer. */
export function statusOf(content: Buffer): number | undefined {
  const status = Number(STATUS_LINE.exec(content.toString('latin1', 0, 64).split(/\r?\n/)[0] ?? '')?.[1]);
  return status >= 200 && status <= 999 ? status : undefined;
}

/** Reads an archived answer; undefined where the content is none. */
export function parseAnswer(content: Buffer): ArchivedAnswer | undefined {
  const status = statusOf(content);
  if (status === undefined) return undefined;
  const end = endOfHead(content);
  const { headers } = parseHead(content.toString('latin1', 0, end < 0 ? content.length : end));
  const raw = end < 0 ? content.subarray(content.length) : content.subarray(end);
  const original = headers.get(ORIGINAL_PREFIX + TRANSFER_ENCODING);
  if (original !== undefined) {
    headers.delete(ORIGINAL_PREFIX + TRANSFER_ENCODING);
    headers.delete('content-length');
    headers.set('Transfer-Encoding', original);
    return { status, headers, body: raw, isCut: false };
  }
  const isChunked = /(^|,)\s*chunked\s*$/i.test(headers.get(TRANSFER_ENCODING) ?? '');
  return { status, headers, ...(isChunked ? joinChunks(raw) : { body: raw, isCut: false }) };
}

/** Reads an archived question; undefined where the content is none. */
export function parseQuestion(content: Buffer): ArchivedQuestion | undefined {
  const end = endOfHead(content);
  const head = content.toString('latin1', 0, Math.min(1024, end < 0 ? content.length : end));
  const method = REQUEST_LINE.exec(head)?.[1]?.toUpperCase();
  if (method === undefined) return undefined;
  return { method, body: end < 0 ? content.subarray(content.length) : content.subarray(end) };
}

/** Some archivers join chunks and leave the header: what is not chunked is taken as it is. */
function joinChunks(raw: Buffer): { readonly body: Buffer; readonly isCut: boolean } {
  const joined = Buffer.allocUnsafe(raw.length);
  let length = 0;
  for (let at = 0; ; ) {
    const line = raw.toString('latin1', at, Math.min(raw.indexOf(LF, at) + 1, at + MOST_CHUNK_HEAD));
    const found = CHUNK_SIZE.exec(line);
    if (found === null && at === 0) return { body: raw, isCut: false };
    const size = Number.parseInt(found?.[1] ?? '', 16);
    at += line.length;
    if (found !== null && size > 0) {
      length += raw.copy(joined, length, at, Math.min(at + size, raw.length));
      at += size;
    }
    // Without a size, or beyond the end, the chunks were cut off.
    const isCut = found === null || at > raw.length;
    if (isCut || size === 0) return { body: joined.subarray(0, length), isCut };
    if (raw[at] === CR) at++;
    if (raw[at] === LF) at++;
  }
}
