import { isAscii } from 'node:buffer';
import { normalizeEncodingLabel } from './encoding-labels.ts';
import { lazyPackage } from './lazy-package.ts';
import { decodeSingleByte, isSingleByte, singleByteOf } from './single-byte.ts';
import { byteOrderMark } from './sniff-encoding.ts';

export { normalizeEncodingLabel } from './encoding-labels.ts';
export { type SniffEncodingOptions, sniffEncoding } from './sniff-encoding.ts';

const iconv = lazyPackage<typeof import('iconv-lite')>('iconv-lite');
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

// TextDecoder of Node 20 is wrong for windows-1252 and EUC-KR; iconv-lite has the tables of the standard.
const ICONV_NAMES: Readonly<Record<string, string>> = {
  gbk: 'gb18030',
  gb18030: 'gb18030',
  big5: 'big5hkscs',
  'euc-jp': 'euc-jp',
  shift_jis: 'shift_jis',
  'euc-kr': 'cp949',
};

/**
 * Turns bytes into text, without the byte order mark of the encoding. Broken bytes become U+FFFD; nothing
 * makes it throw. An encoding the Encoding Standard does not have is read as UTF-8.
 */
export function decodeText(body: Uint8Array, encoding: string): string {
  const name = normalizeEncodingLabel(encoding) ?? 'utf-8';
  const bytes = byteOrderMark(body) === name ? body.subarray(name === 'utf-8' ? 3 : 2) : body;
  if (isAscii(bytes) && !NOT_ASCII.has(name)) return bufferOf(bytes).toString('latin1');
  if (name === 'utf-8') return utf8.decode(bytes);
  if (isSingleByte(name)) return decodeSingleByte(bytes, name);
  if (name === 'replacement') return bytes.length === 0 ? '' : '\ufffd';
  const iconvName = ICONV_NAMES[name];
  if (iconvName !== undefined) return iconv().decode(bufferOf(bytes), iconvName, { stripBOM: false });
  return new TextDecoder(name, { ignoreBOM: true }).decode(bytes);
}

// In these, bytes below 0x80 are not always the ASCII characters.
const NOT_ASCII: ReadonlySet<string> = new Set(['utf-16le', 'utf-16be', 'iso-2022-jp', 'replacement']);

/**
 * Turns text into bytes as a form is sent: a character the encoding lacks becomes a decimal reference such as
 * `&#8364;`. For UTF-16 and encodings that are only read it is UTF-8, as the Encoding Standard wants.
 */
export function encodeText(text: string, encoding: string): Uint8Array {
  const name = normalizeEncodingLabel(encoding) ?? 'utf-8';
  const iconvName = ICONV_NAMES[name];
  if (isSingleByte(name)) return encodeEach(text, (character) => singleByteOf(character, name));
  if (iconvName === undefined) return Buffer.from(text, 'utf8');
  const encoded = iconv().encode(text, iconvName);
  if (iconv().decode(encoded, iconvName) === text) return encoded;
  return encodeEach(text, (character) => {
    const bytes = iconv().encode(character, iconvName);
    return iconv().decode(bytes, iconvName) === character ? bytes : undefined;
  });
}

function encodeEach(text: string, encode: (character: string) => Uint8Array | undefined): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const character of text) {
    parts.push(encode(character) ?? Buffer.from(`&#${character.codePointAt(0)};`, 'latin1'));
  }
  return Buffer.concat(parts);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
