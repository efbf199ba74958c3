import type { Token, Tokenizer } from 'parse5';
import { lazyPackage } from './lazy-package.ts';

const parse5 = lazyPackage<typeof import('parse5')>('parse5');

// The longest name of the HTML standard has 32 characters.
const MAX_NAME = 33;
const MAX_REMEMBERED = 4096;

/** Where the text stands: `&copy=` is a reference in text, none in an attribute. */
export type ReferencePlace = 'text' | 'attribute';

const remembered: Readonly<Record<ReferencePlace, Map<string, string>>> = {
  text: new Map([
    ['&amp;', '&'],
    ['&lt;', '<'],
    ['&gt;', '>'],
    ['&quot;', '"'],
    ['&nbsp;', '\u00a0'],
  ]),
  attribute: new Map([
    ['&amp;', '&'],
    ['&quot;', '"'],
  ]),
};

/** Replaces the character references of HTML by what they stand for. */
export function decodeEntities(text: string, place: ReferencePlace): string {
  let at = text.indexOf('&');
  if (at === -1) return text;
  let decoded = '';
  let copied = 0;
  while (at !== -1) {
    const end = endOfReference(text, at + 1);
    if (end > at + 1 && !(place === 'attribute' && text.charCodeAt(end) === 61)) {
      decoded += text.slice(copied, at) + decodeReference(text.slice(at, end), place);
      copied = end;
    }
    at = text.indexOf('&', Math.max(end, at + 1));
  }
  return copied === 0 ? text : decoded + text.slice(copied);
}

function endOfReference(text: string, start: number): number {
  const isNumber = text.charCodeAt(start) === 35;
  const limit = isNumber ? text.length : Math.min(text.length, start + MAX_NAME);
  let at = isNumber ? start + 1 : start;
  while (at < limit && isLetterOrDigit(text.charCodeAt(at))) at += 1;
  return text.charCodeAt(at) === 59 ? at + 1 : at;
}

function isLetterOrDigit(code: number): boolean {
  const lower = code | 32;
  return (code >= 48 && code <= 57) || (lower >= 97 && lower <= 122);
}

function decodeReference(reference: string, place: ReferencePlace): string {
  const known = remembered[place];
  const found = known.get(reference);
  if (found !== undefined) return found;
  const decoded = place === 'text' ? tokenizeText(reference) : tokenizeAttribute(reference);
  if (reference.length > MAX_NAME) return decoded;
  if (known.size >= MAX_REMEMBERED) known.clear();
  known.set(reference, decoded);
  return decoded;
}

// parse5 has the table of names; asking its tokenizer once per name saves a copy of it.
function tokenizeText(text: string): string {
  let decoded = '';
  const take = ({ chars }: Token.CharacterToken) => {
    decoded += chars;
  };
  newTokenizer({ onCharacter: take, onWhitespaceCharacter: take }).write(text, true);
  return decoded;
}

function tokenizeAttribute(text: string): string {
  let decoded = text;
  newTokenizer({
    onStartTag: (token) => {
      decoded = token.attrs[0]?.value ?? text;
    },
  }).write(`<a a="${text}">`, true);
  return decoded;
}

type TokenHandler = ConstructorParameters<typeof Tokenizer>[1];

function newTokenizer(handler: Partial<TokenHandler>): Tokenizer {
  const ignore = () => {};
  return new (parse5().Tokenizer)(
    { sourceCodeLocationInfo: false },
    {
      onComment: ignore,
      onDoctype: ignore,
      onStartTag: ignore,
      onEndTag: ignore,
      onEof: ignore,
      onCharacter: ignore,
      onNullCharacter: ignore,
      onWhitespaceCharacter: ignore,
      ...handler,
    },
  );
}
