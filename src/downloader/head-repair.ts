const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;
const HTTP = Buffer.from('HTTP/');
const STATUS_AT = 'HTTP/1.1 '.length;
const MAX_INTERIM = 20;

/** RFC 9110 5.6.2 and 5.5: what may stand in a name and in a value. */
const NAME_BYTES = byteTable(/[!#$%&'*+.^_`|~0-9A-Za-z-]/);
const VALUE_BYTES = byteTable(/[\t\x20-\x7e\x80-\xff]/);

/**
 * Makes the head of an answer one that a strict parser takes, the way browsers read it: lines that end in LF
 * alone or are folded, lines that are no header (left out), control characters in values (blanks), a repeated
 * Content-Length, one beside chunked, and one on an answer that has no body (left out). Interim answers (1xx)
 * are swallowed. What is not HTTP at all, and bodies, go through untouched.
 */
export class HeadRepair {
  readonly #maxBytes: number;
  #isHead = false;
  #held: Buffer | undefined;
  #searchFrom = 0;
  #interim = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The next bytes are the head of an answer. */
  expect(): void {
    this.#isHead = true;
    this.#held = undefined;
    this.#searchFrom = 0;
    this.#interim = 0;
  }

  /**
   * What the parser is to see now; undefined while the head is not whole.
   *
   * @throws Error with undici's code when the head is longer than the limit.
   */
  push(chunk: Buffer): Buffer | undefined {
    if (!this.#isHead) return chunk;
    let bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    for (;;) {
      bytes = withoutBlankLines(bytes);
      if (!mayBeHttp(bytes)) return this.#letThrough(bytes);
      const end = endOfHead(bytes, this.#searchFrom);
      if (end < 0 || end > this.#maxBytes) {
        if (bytes.length > this.#maxBytes) throw headersOverflow();
        this.#searchFrom = Math.max(0, bytes.length - 2);
        this.#held = bytes;
        return undefined;
      }
      this.#searchFrom = 0;
      if (bytes[STATUS_AT] !== ZERO + 1 || isSwitching(bytes)) {
        return this.#letThrough(isClean(bytes, end) ? bytes : repaired(bytes, end));
      }
      if (++this.#interim > MAX_INTERIM) throw new Error('interim answers without end');
      bytes = bytes.subarray(end);
    }
  }

  #letThrough(bytes: Buffer): Buffer {
    this.#isHead = false;
    this.#held = undefined;
    return bytes;
  }
}

/** Blank lines before the status line, as some servers send behind a body. */
function withoutBlankLines(bytes: Buffer): Buffer {
  let from = 0;
  while (bytes[from] === CR || bytes[from] === LF) from++;
  return from === 0 ? bytes : bytes.subarray(from);
}

function mayBeHttp(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, HTTP.length);
  return bytes.compare(HTTP, 0, length, 0, length) === 0;
}

/** Where the body begins; -1 where the head is not whole. */
function endOfHead(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

function isSwitching(bytes: Buffer): boolean {
  return bytes[STATUS_AT + 1] === ZERO && bytes[STATUS_AT + 2] === ZERO + 1;
}

/** Whether a head can go to the parser as it is: every line is one, and nothing contradicts itself about length. */
function isClean(bytes: Buffer, end: number): boolean {
  let at = bytes.indexOf(LF) + 1;
  if (bytes[at - 2] !== CR) return false;
  let lengths = hasNoBody(bytes) ? 1 : 0;
  const last = end - 2;
  while (at < last) {
    const start = at;
    while (NAME_BYTES[bytes[at] ?? 0] === 1) at++;
    if (bytes[at] !== COLON || at === start) return false;
    const framing = framingOf(bytes, start, at);
    if (framing !== undefined && ++lengths > 1) return false;
    const value = ++at;
    while (VALUE_BYTES[bytes[at] ?? 0] === 1) at++;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return false;
    if (framing === 'content-length' && !isNumber(bytes, value, at)) return false;
    at += 2;
  }
  return bytes[last] === CR && at === last;
}

type Framing = 'content-length' | 'transfer-encoding';

/** Only the lengths of names are looked at for nearly all of them. */
function framingOf(bytes: Buffer, start: number, end: number): Framing | undefined {
  const name = end - start === 14 ? 'content-length' : end - start === 17 ? 'transfer-encoding' : undefined;
  return name !== undefined && bytes.toString('latin1', start, end).toLowerCase() === name ? name : undefined;
}

function isNumber(bytes: Buffer, start: number, end: number): boolean {
  let at = bytes[start] === 0x20 ? start + 1 : start;
  const first = at;
  while (at < end && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= NINE) at++;
  return at === end && at > first;
}

/** Status 204 and 304 (RFC 9112 6.3); the length of a 304 is that of another answer. */
function hasNoBody(bytes: Buffer): boolean {
  const status = bytes.toString('latin1', STATUS_AT, STATUS_AT + 3);
  return status === '204' || status === '304';
}

function repaired(bytes: Buffer, end: number): Buffer {
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split(/\r?\n/);
  const headers = withOneLength(unfolded(lines), hasNoBody(bytes));
  const head = [visible(statusLine), ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(end)]);
}

/** The lines that are headers, each whole. */
function unfolded(lines: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  let isHeader = false;
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      if (isHeader && last !== undefined) last[1] = `${last[1]} ${visible(line)}`.trim();
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trimEnd();
    isHeader = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
    if (isHeader) headers.push([name, visible(line.slice(colon + 1))]);
  }
  return headers;
}

/** Chunked wins over a length, equal lengths are one, empty ones none; different ones are left for the parser to refuse. */
function withOneLength(headers: readonly [string, string][], isBodyless: boolean): [string, string][] {
  const is = ([name]: readonly [string, string], wanted: Framing): boolean => name.toLowerCase() === wanted;
  const isChunked = headers.some(
    (header) => is(header, 'transfer-encoding') && /chunked\s*$/i.test(header[1]),
  );
  const lengths = new Set<string>();
  for (const header of headers) {
    if (is(header, 'content-length')) for (const one of header[1].split(',')) lengths.add(one.trim());
  }
  lengths.delete('');
  const rest = headers.filter(
    (header) =>
      !is(header, 'content-length') &&
      !(is(header, 'transfer-encoding') && header[1].trim().toLowerCase() === 'identity'),
  );
  if (isBodyless || isChunked) return rest;
  return [...rest, ...Array.from(lengths, (length): [string, string] => ['Content-Length', length])];
}

function visible(text: string): string {
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ' ').trim();
}

function headersOverflow(): Error {
  return Object.assign(new Error('the headers are too large'), { code: 'UND_ERR_HEADERS_OVERFLOW' });
}

function byteTable(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0));
}
