import { hash } from 'node:crypto';
import { encodeText } from '../markup/encoding.ts';
import { escapeByte } from './percent-bytes.ts';

/** A file to send with a form. */
export interface FormFile {
  readonly fileName: string;
  /** Bytes, or text that is sent as UTF-8. */
  readonly content: Uint8Array | string;
  /** @defaultValue `application/octet-stream` */
  readonly contentType?: string;
}

/** A name and what is sent under it. */
export type FormPart = readonly [name: string, value: string | FormFile];

/** The three ways in which a form's body is written. */
export type FormEncodingType = 'application/x-www-form-urlencoded' | 'multipart/form-data' | 'text/plain';

/** A body and the Content-Type that goes with it. */
export interface FormBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

const URL_ENCODED = 'application/x-www-form-urlencoded';
const IN_QUOTES = /["\r\n]/g;
const NOT_PLAIN = /[^\w.*-]/g;
const LONGEST_SEARCH = 100;

/** Writes a form's parts as a body. */
export function formBody(type: FormEncodingType, parts: readonly FormPart[], encoding: string): FormBody {
  if (type === 'multipart/form-data') return multipartBody(parts, encoding);
  if (type === 'text/plain') return { contentType: type, body: encodeText(plainText(parts), encoding) };
  return { contentType: URL_ENCODED, body: Buffer.from(urlEncoded(parts, encoding), 'latin1') };
}

/** Parts as the query of a URL or a url-encoded body. Of a file only the name is sent. */
export function urlEncoded(parts: readonly FormPart[], encoding: string): string {
  return parts
    .map(([name, value]) => `${escaped(name, encoding)}=${escaped(textOf(value), encoding)}`)
    .join('&');
}

function escaped(text: string, encoding: string): string {
  const bytes = Buffer.from(encodeText(text, encoding)).toString('latin1');
  return bytes.replace(NOT_PLAIN, (byte) => (byte === ' ' ? '+' : escapeByte(byte)));
}

function plainText(parts: readonly FormPart[]): string {
  return parts.map(([name, value]) => `${name}=${textOf(value)}\r\n`).join('');
}

function textOf(value: string | FormFile): string {
  return typeof value === 'string' ? value : value.fileName;
}

/** The boundary is made of what it divides: the same form is the same request for filter and cache. */
function multipartBody(parts: readonly FormPart[], encoding: string): FormBody {
  const pieces = parts.map((part) => multipartPiece(part, encoding));
  const all = Buffer.concat(pieces);
  let boundary = '';
  for (let trial = 0; trial < LONGEST_SEARCH; trial += 1) {
    boundary = `----OrbweaverForm${hash('sha256', `${trial} ${all.toString('latin1')}`).slice(0, 24)}`;
    if (!all.includes(boundary)) break;
  }
  const body = [
    ...pieces.flatMap((piece) => [Buffer.from(`--${boundary}\r\n`), piece, Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(body) };
}

function multipartPiece([name, value]: FormPart, encoding: string): Uint8Array {
  const disposition = `Content-Disposition: form-data; name="${quoted(name)}"`;
  if (typeof value === 'string') {
    return Buffer.concat([encodeText(`${disposition}\r\n\r\n`, encoding), encodeText(value, encoding)]);
  }
  const { fileName, content, contentType = 'application/octet-stream' } = value;
  const type = contentType.replace(/[\r\n]/g, '');
  return Buffer.concat([
    encodeText(`${disposition}; filename="${quoted(fileName)}"\r\nContent-Type: ${type}\r\n\r\n`, encoding),
    typeof content === 'string' ? Buffer.from(content, 'utf8') : content,
  ]);
}

function quoted(text: string): string {
  return text.replace(IN_QUOTES, escapeByte);
}
