import { CurlCommandError } from '../../errors/curl-command-error.ts';

// A command is cut into words as byte strings (a character a byte), as $'\xff' may stand for any byte.

const BLANK = /[ \t\r\n]/;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const NUMBERED = /(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c([\s\S]))/y;
const LOW_SURROGATE = /\\u([dD][c-fC-F][0-9a-fA-F]{2})/y;

/**
 * The words of a command as bash reads it: quotes of each kind, `$'…'` with its escapes, backslashes and lines
 * that go on. Nothing is expanded or run: a `$NAME` stays as it is.
 */
export function shellWords(command: string): string[] {
  const text = Buffer.from(command, 'utf8').toString('latin1');
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (BLANK.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    const lineEnd = char === '\\' ? continuation(text, at) : 0;
    if (lineEnd > 0) {
      at += lineEnd;
      continue;
    }
    const [part, next] = partAt(text, at);
    word = (word ?? '') + part;
    at = next;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** How long a backslash with the line end behind it is; 0 where there is none. */
function continuation(text: string, at: number): number {
  if (text.startsWith('\r\n', at + 1)) return 3;
  return text.charAt(at + 1) === '\n' ? 2 : 0;
}

function partAt(text: string, at: number): [part: string, next: number] {
  const char = text.charAt(at);
  if (char === "'") {
    const end = text.indexOf("'", at + 1);
    if (end < 0) throw unclosed(char);
    return [text.slice(at + 1, end), end + 1];
  }
  if (char === '"') return doubleQuoted(text, at + 1);
  if (char === '$' && text.charAt(at + 1) === "'") return ansiQuoted(text, at + 2);
  if (char === '$' && text.charAt(at + 1) === '"') return doubleQuoted(text, at + 2);
  if (char === '\\') return [text.charAt(at + 1), at + 2];
  return [char, at + 1];
}

function doubleQuoted(text: string, from: number): [string, number] {
  let part = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return [part, at + 1];
    const lineEnd = char === '\\' ? continuation(text, at) : 0;
    if (lineEnd > 0) at += lineEnd - 1;
    else if (char === '\\' && '$`"\\'.includes(text.charAt(at + 1) || ' ')) part += text.charAt(++at);
    else part += char;
  }
  throw unclosed('"');
}

function ansiQuoted(text: string, from: number): [string, number] {
  let part = '';
  let at = from;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === "'") return [part, at + 1];
    if (char !== '\\') {
      part += char;
      at += 1;
      continue;
    }
    const [escaped, next] = ansiEscape(text, at + 1);
    part += escaped;
    at = next;
  }
  throw unclosed("$'");
}

function ansiEscape(text: string, at: number): [string, number] {
  const name = text.charAt(at);
  const simple = Object.hasOwn(SIMPLE_ESCAPES, name) ? SIMPLE_ESCAPES[name] : undefined;
  if (simple !== undefined) return [simple, at + 1];
  NUMBERED.lastIndex = at;
  const match = NUMBERED.exec(text);
  // Of any other character the backslash is kept, but for quotes, question marks and itself.
  if (match === null) return ['\\\'"?'.includes(name) && name !== '' ? name : `\\${name}`, at + 1];
  const [all, octal, hex, short, long, control] = match;
  const next = at + all.length;
  if (octal !== undefined) return [String.fromCharCode(Number.parseInt(octal, 8) & 0xff), next];
  if (hex !== undefined) return [String.fromCharCode(Number.parseInt(hex, 16)), next];
  if (control !== undefined) return [String.fromCharCode(control.charCodeAt(0) & 0x1f), next];
  return codePoint(text, Number.parseInt(short ?? long ?? '', 16), next);
}

/** Browsers write a character beyond U+FFFF as two escapes. */
function codePoint(text: string, code: number, next: number): [string, number] {
  LOW_SURROGATE.lastIndex = next;
  const low = code >= 0xd800 && code <= 0xdbff ? LOW_SURROGATE.exec(text) : null;
  if (low !== null) {
    const pair = String.fromCharCode(code, Number.parseInt(low[1] ?? '', 16));
    return [Buffer.from(pair, 'utf8').toString('latin1'), next + low[0].length];
  }
  const char = code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  return [Buffer.from(char, 'utf8').toString('latin1'), next];
}

function unclosed(quote: string): CurlCommandError {
  return new CurlCommandError(`a quote (${quote}) is not closed: was the whole command copied?`);
}
