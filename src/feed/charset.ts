import { SettingsError } from '../errors/settings-error.ts';
import { lazyPackage } from '../markup/lazy-package.ts';

const iconv = lazyPackage<typeof import('iconv-lite')>('iconv-lite');

/** The encoding of an output. */
export interface Charset {
  /** Its label as given. */
  readonly label: string;
  /** Byte-order mark that the file begins with, as text. */
  readonly mark: string;
  /** Whether an ASCII character is one byte, and such a byte is nothing else: bytes can be searched. */
  readonly hasPlainAscii: boolean;
  /** Text as bytes, or as it is where it is UTF-8. `substitute` writes a character that the encoding lacks. */
  encode(text: string, substitute: (character: string) => string): string | Uint8Array;
  decode(bytes: Buffer): string;
}

const BYTE_ORDER_MARK = '\ufeff';
const UTF8 = /^utf-?8$/i;
const MARKED_UTF8 = /^utf-?8-(?:sig|bom)$/i;
const UTF16 = /^(?:utf-?16|ucs-?2)$/i;
const WIDE = /^(?:utf-?(?:16|32)|ucs)/i;
const NOT_ASCII = /[^\0-\x7f]/u;
const EACH_NOT_ASCII = /[^\0-\x7f]/gu;

/**
 * The encoding of a label: `utf-8`, `utf-8-sig` (with a byte-order mark, for spreadsheets), `utf-16`, `latin1`,
 * `windows-1251`, `shift_jis`, … Labels mean what they say: `latin1` has no euro sign.
 *
 * @throws SettingsError for a label that is not known.
 */
export function charset(label = 'utf-8'): Charset {
  if (UTF8.test(label)) return utf8(label, '');
  if (MARKED_UTF8.test(label)) return utf8(label, BYTE_ORDER_MARK);
  const name = UTF16.test(label) ? 'utf-16le' : label;
  if (!iconv().encodingExists(name)) {
    throw new SettingsError(`${JSON.stringify(label)} is no encoding that a feed can be written in`);
  }
  const isWide = WIDE.test(label);
  return {
    label,
    mark: isWide ? BYTE_ORDER_MARK : '',
    hasPlainAscii: !isWide,
    encode: (text, substitute) => iconv().encode(isWide ? text : substituted(text, name, substitute), name),
    decode: (bytes) => iconv().decode(bytes, name),
  };
}

function utf8(label: string, mark: string): Charset {
  return {
    label,
    mark,
    hasPlainAscii: true,
    encode: (text) => text,
    decode: (bytes) => bytes.toString('utf8'),
  };
}

function substituted(text: string, name: string, substitute: (character: string) => string): string {
  if (!NOT_ASCII.test(text)) return text;
  return text.replace(EACH_NOT_ASCII, (character) => {
    const isThere = iconv().decode(iconv().encode(character, name), name) === character;
    return isThere ? character : substitute(character);
  });
}
