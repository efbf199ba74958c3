/** What {@link TagScanner.next} came upon. */
export const END: 0 = 0;
export const TEXT: 1 = 1;
export const START_TAG: 2 = 2;
export const END_TAG: 3 = 3;
export const COMMENT: 4 = 4;

/** One of the kinds of token. */
export type TokenKind = typeof END | typeof TEXT | typeof START_TAG | typeof END_TAG | typeof COMMENT;

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const BANG = 33;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const DASH = 45;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
const BRACKET = 91;
const UNDERSCORE = 95;

// Attributes after this many are left out; parse5's tree is held to the same.
const MAX_ATTRIBUTES = 500;

/** The elements whose content is text up to their end tag, or to the end of the page, when scripting is off. */
const RAW_TEXT: ReadonlySet<string> = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
]);

/** Does the content of this element hold character references? */
export function isEscapableRawText(name: string): boolean {
  return name === 'textarea' || name === 'title';
}

/**
 * Cuts HTML into tags and text, as the tokenizer of the HTML standard does, in one pass and with no more state
 * than the current token. It knows no tree: {@link TagScanner.foreign} says when the caller is inside of SVG
 * or MathML, where the rules differ. XML is cut as patiently as HTML.
 */
export class TagScanner {
  readonly html: string;
  /** Set by the caller: inside SVG or MathML there are CDATA sections and no raw text elements. */
  foreign: boolean;
  /** Set by the caller: inside a select most tags count for nothing, and so does what they say of their content. */
  inSelect = false;
  /** The current token's place in the text. For text without its markup, for tags with it. */
  start = 0;
  end = 0;
  /** The current tag's name, lower case. */
  name = '';
  /** Does the current tag end with a slash? */
  selfClosing = false;
  /** Is the current text free of character references, as in a script or a CDATA section? */
  literal = false;
  attributeCount = 0;
  readonly #spans: number[] = [];
  #at = 0;
  #rawTextName = '';
  readonly #hasOddCharacters: boolean;
  readonly #isXml: boolean;

  constructor(html: string, syntax: 'html' | 'xml' = 'html') {
    this.html = html;
    this.#isXml = syntax === 'xml';
    this.foreign = this.#isXml;
    this.#hasOddCharacters = html.includes('\0') || html.includes('\r');
  }

  /** Goes on to the next token. */
  next(): TokenKind {
    const { html } = this;
    if (this.#rawTextName !== '') {
      const name = this.#rawTextName;
      this.#rawTextName = '';
      const end = name === 'plaintext' ? html.length : endOfRawText(html, this.#at, name);
      if (end > this.#at) return this.#text(this.#at, end, !isEscapableRawText(name));
    }
    for (;;) {
      const from = this.#at;
      if (from >= html.length) return END;
      let open = html.indexOf('<', from);
      while (open !== -1 && !this.#opensMarkup(open)) open = html.indexOf('<', open + 1);
      if (open === -1) return this.#text(from, html.length, false);
      if (open > from) return this.#text(from, open, false);
      const kind = this.#markup(open);
      if (kind !== undefined) return kind;
    }
  }

  /** The name of an attribute of the current tag, lower case in HTML. */
  attributeName(at: number): string {
    return this.#nameIn(this.#spans[at * 4] ?? 0, this.#spans[at * 4 + 1] ?? 0);
  }

  /** The value of an attribute of the current tag as it stands in the page. */
  attributeValue(at: number): string {
    return this.#clean(this.html.slice(this.#spans[at * 4 + 2], this.#spans[at * 4 + 3]));
  }

  /** The value of the first attribute of this name, as it stands in the page. */
  attribute(name: string): string | undefined {
    for (let at = 0; at < this.attributeCount; at += 1) {
      const length = (this.#spans[at * 4 + 1] ?? 0) - (this.#spans[at * 4] ?? 0);
      if (length === name.length && this.attributeName(at) === name) return this.attributeValue(at);
    }
    return undefined;
  }

  /** The current text as it stands in the page. */
  text(): string {
    return this.#clean(this.html.slice(this.start, this.end));
  }

  #nameIn(start: number, end: number): string {
    const name = this.#clean(this.html.slice(start, end));
    return this.#isXml ? name : name.toLowerCase();
  }

  #clean(text: string): string {
    if (!this.#hasOddCharacters) return text;
    const unified = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
    return unified.includes('\0') ? unified.replaceAll('\0', '\ufffd') : unified;
  }

  #text(start: number, end: number, literal: boolean): TokenKind {
    this.start = start;
    this.end = end;
    this.literal = literal;
    this.#at = end;
    return TEXT;
  }

  #comment(start: number, end: number, next: number): TokenKind {
    this.start = start;
    this.end = end;
    this.#at = next;
    return COMMENT;
  }

  /** Reads what begins with the `<` at `open`. Undefined: nothing that leaves a token. */
  #markup(open: number): TokenKind | undefined {
    const { html } = this;
    const first = html.charCodeAt(open + 1);
    if (first === BANG) return this.#declaration(open);
    if (first === QUESTION) return this.#bogusComment(open + 1);
    if (first !== SLASH) return this.#tag(open, open + 1, START_TAG);
    if (this.#startsName(html.charCodeAt(open + 2))) return this.#tag(open, open + 2, END_TAG);
    if (html.charCodeAt(open + 2) !== GREATER) return this.#bogusComment(open + 2);
    this.#at = open + 3;
    return undefined;
  }

  /** Does the `<` at this place begin a tag or a comment? Else it is text. */
  #opensMarkup(open: number): boolean {
    const next = this.html.charCodeAt(open + 1);
    if (this.#startsName(next) || next === BANG || next === QUESTION) return true;
    return next === SLASH && open + 2 < this.html.length;
  }

  #startsName(code: number): boolean {
    return isLetter(code) || (this.#isXml && (code === UNDERSCORE || code === COLON || code >= 0x80));
  }

  #bogusComment(start: number): TokenKind {
    const { html } = this;
    let close = html.indexOf('>', start);
    // XML has processing instructions, which may hold a `>`, and declarations inside of the doctype.
    if (this.#isXml && html.charCodeAt(start) === QUESTION) close = html.indexOf('?>', start) + 1 || -1;
    else if (this.#isXml) close = endOfDoctype(html, start, close);
    const end = close === -1 ? html.length : close;
    return this.#comment(start, end, end + 1);
  }

  #declaration(open: number): TokenKind | undefined {
    const { html } = this;
    if (html.startsWith('--', open + 2)) {
      const start = open + 4;
      const close = endOfComment(html, start);
      return this.#comment(start, Math.max(start, close.end), close.next);
    }
    if (this.foreign && html.startsWith('[CDATA[', open + 2)) {
      const start = open + 9;
      const close = html.indexOf(']]>', start);
      const end = close === -1 ? html.length : close;
      const kind = this.#text(start, end, true);
      this.#at = end + 3;
      return kind;
    }
    return this.#bogusComment(open + (this.#isXml ? 1 : 2));
  }

  #tag(open: number, nameStart: number, kind: typeof START_TAG | typeof END_TAG): TokenKind {
    const { html } = this;
    let at = nameStart;
    while (at < html.length && !endsName(html.charCodeAt(at))) at += 1;
    this.name = this.#nameIn(nameStart, at);
    const end = this.#readAttributes(at);
    if (end === -1) {
      this.#at = html.length;
      return END;
    }
    this.start = open;
    this.end = end;
    this.#at = end;
    if (kind === START_TAG && !this.foreign && RAW_TEXT.has(this.name)) {
      const counts = !this.inSelect || this.name === 'script' || this.name === 'textarea';
      if (counts) this.#rawTextName = this.name;
    }
    return kind;
  }

  /** Reads up to the tag's end and gives the place after it, or -1 when the page ends first. */
  #readAttributes(from: number): number {
    const { html } = this;
    const spans = this.#spans;
    let count = 0;
    let at = from;
    this.selfClosing = false;
    for (;;) {
      let code = html.charCodeAt(at);
      while (isSpace(code) || code === SLASH) {
        this.selfClosing = code === SLASH;
        at += 1;
        code = html.charCodeAt(at);
      }
      if (at >= html.length) return -1;
      if (code === GREATER) break;
      this.selfClosing = false;
      const nameStart = at;
      at += 1;
      code = html.charCodeAt(at);
      while (at < html.length && code !== EQUALS && !endsName(code)) {
        at += 1;
        code = html.charCodeAt(at);
      }
      const nameEnd = at;
      while (isSpace(code)) {
        at += 1;
        code = html.charCodeAt(at);
      }
      let valueStart = at;
      let valueEnd = at;
      if (code === EQUALS) {
        do {
          at += 1;
          code = html.charCodeAt(at);
        } while (isSpace(code));
        valueStart = at;
        if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
          valueStart += 1;
          valueEnd = html.indexOf(code === DOUBLE_QUOTE ? '"' : "'", valueStart);
          if (valueEnd === -1) return -1;
          at = valueEnd + 1;
        } else {
          while (at < html.length && code !== GREATER && !isSpace(code)) {
            at += 1;
            code = html.charCodeAt(at);
          }
          valueEnd = at;
        }
      }
      if (count < MAX_ATTRIBUTES) {
        spans[count * 4] = nameStart;
        spans[count * 4 + 1] = nameEnd;
        spans[count * 4 + 2] = valueStart;
        spans[count * 4 + 3] = valueEnd;
        count += 1;
      }
    }
    this.attributeCount = count;
    return at + 1;
  }
}

function isSpace(code: number): boolean {
  return (
    code === SPACE || code === LINE_FEED || code === TAB || code === FORM_FEED || code === CARRIAGE_RETURN
  );
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

function endsName(code: number): boolean {
  return code === GREATER || code === SLASH || isSpace(code);
}

/** Where a doctype ends that may hold declarations in brackets. */
function endOfDoctype(html: string, start: number, firstClose: number): number {
  // Not looked for behind the first `>`: a text of many declarations without a bracket would be read anew for each.
  let bracket = start;
  while (bracket < firstClose && html.charCodeAt(bracket) !== BRACKET) bracket += 1;
  if (bracket >= firstClose) return firstClose;
  const end = html.indexOf(']', bracket);
  return end === -1 ? -1 : html.indexOf('>', end);
}

function endOfComment(html: string, start: number): { end: number; next: number } {
  if (html.charCodeAt(start) === GREATER) return { end: start, next: start + 1 };
  if (html.startsWith('->', start)) return { end: start, next: start + 2 };
  let dashes = html.indexOf('--', start);
  while (dashes !== -1) {
    const after = html.charCodeAt(dashes + 2);
    if (after === GREATER) return { end: dashes, next: dashes + 3 };
    if (after === BANG && html.charCodeAt(dashes + 3) === GREATER) return { end: dashes, next: dashes + 4 };
    dashes = after === DASH ? dashes + 1 : html.indexOf('--', dashes + 2);
  }
  return { end: html.length, next: html.length };
}

/** Where the content of a raw text element that begins at `from` ends: at its end tag, or with the page. */
function endOfRawText(html: string, from: number, name: string): number {
  if (name === 'script') return endOfScript(html, from);
  let at = html.indexOf('</', from);
  while (at !== -1 && !isTagAt(html, at + 2, name)) at = html.indexOf('</', at + 2);
  return at === -1 ? html.length : at;
}

/** Scripts may hold `<!-- <script> </script> -->`: there the inner end tag ends nothing. */
function endOfScript(html: string, from: number): number {
  let escapeEnd = -1;
  let doubled = false;
  for (let at = html.indexOf('<', from); at !== -1; at = html.indexOf('<', at + 1)) {
    if (escapeEnd !== -1 && at >= escapeEnd) {
      escapeEnd = -1;
      doubled = false;
    }
    if (html.charCodeAt(at + 1) === SLASH) {
      if (!isTagAt(html, at + 2, 'script')) continue;
      if (!doubled) return at;
      doubled = false;
    } else if (escapeEnd === -1 && html.startsWith('!--', at + 1)) {
      const close = html.indexOf('-->', at + 2);
      escapeEnd = close === -1 ? html.length : close + 3;
    } else if (escapeEnd !== -1 && isTagAt(html, at + 1, 'script')) {
      doubled = true;
    }
  }
  return html.length;
}

function isTagAt(html: string, at: number, name: string): boolean {
  const end = at + name.length;
  return endsName(html.charCodeAt(end)) && html.slice(at, end).toLowerCase() === name;
}
