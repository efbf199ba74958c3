import { trimCharacters } from '../markup/trim-characters.ts';

/** One line of a robots.txt that says something. */
export interface RobotsRecord {
  /** In lower case. */
  readonly key: string;
  readonly value: string;
}

/** ASCII only: beyond it a byte of the file may be a part of a letter. */
const BLANKS = '\t\v\f ';
const BLANKS_BETWEEN = /[\t\v\f ]+/;
/** As a character, and as the bytes of UTF-8 one by one; files are put together from others that begin with one. */
const BYTE_ORDER_MARK = /^(?:\ufeff|\u00ef\u00bb\u00bf)/;

/**
 * The records of a robots.txt, in its order. Lines end in CR LF, LF or CR, a `#` begins a comment, blanks around key
 * and value do not count, and a line of two words may lack the colon, all as Google's parser reads them. The text
 * may also be the file's bytes, one character each.
 */
export function robotsRecords(text: string): RobotsRecord[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => recordOf(line.replace(BYTE_ORDER_MARK, '')) ?? []);
}

function recordOf(line: string): RobotsRecord | undefined {
  const plain = trimmed(line.split('#', 1)[0] ?? '');
  const colon = plain.indexOf(':');
  if (colon !== -1) {
    return { key: trimmed(plain.slice(0, colon)).toLowerCase(), value: trimmed(plain.slice(colon + 1)) };
  }
  const [key = '', value = '', ...more] = plain.split(BLANKS_BETWEEN);
  return more.length === 0 && value !== '' ? { key: key.toLowerCase(), value } : undefined;
}

function trimmed(text: string): string {
  return trimCharacters(text, BLANKS);
}
