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
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const found = CHUNK_SIZE.exec(raw.toString('latin1', at, at + MOST_CHUNK_HEAD));
    if (found === null) return chunks.length === 0 ? { body: raw, isCut: false } : joined(true);
    const size = Number.parseInt(found[1] ?? '', 16);
    at += found[0].length;
    if (size === 0) return joined(false);
    chunks.push(raw.subarray(at, at + size));
    if (at + size > raw.length) return joined(true);
    at += size;
    if (raw[at] === 0x0d) at++;
    if (raw[at] === 0x0a) at++;
  }

  function joined(isCut: boolean): { readonly body: Buffer; readonly isCut: boolean } {
    return { body: Buffer.concat(chunks), isCut };
  }
}
