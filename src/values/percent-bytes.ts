// A byte string is text whose every character stands for one byte: percent escapes of any encoding survive in it.

const ESCAPE = /%([0-9a-f]{2})/gi;
const NOT_UNRESERVED = /[^\w.~-]/g;

const ESCAPES: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** The `%XX` of a byte, upper case. */
export function escapeByte(byte: string): string {
  return ESCAPES[byte.charCodeAt(0)] ?? '';
}

/** Text as the byte string of its UTF-8 form. */
export function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The byte string that a name or value of a query stands for: `+` is a space, broken escapes are left. */
export function unquoteQueryPart(part: string): string {
  const text = part.includes('+') ? part.replaceAll('+', ' ') : part;
  return text.includes('%') ? text.replace(ESCAPE, unescapeByte) : text;
}

/** A byte string as a name or value of a query: a space is `+`, all but letters, digits and `_.-~` is escaped. */
export function quoteQueryPart(bytes: string): string {
  return bytes.replace(NOT_UNRESERVED, (byte) => (byte === ' ' ? '+' : escapeByte(byte)));
}

function unescapeByte(_escape: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
