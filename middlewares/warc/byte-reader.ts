const NOTHING = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;

/** Reads heads and bodies from pieces as they come; holds no more than it was asked for and one piece. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Buffer, unknown>;
  #held: Buffer = NOTHING;
  #consumed = 0;

  constructor(pieces: AsyncIterator<Buffer, unknown>) {
    this.#pieces = pieces;
  }

  /** Bytes that were taken so far. */
  get consumed(): number {
    return this.#consumed;
  }

  /** The next bytes without taking them; fewer than asked for only at the end. */
  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length && (await this.#more()));
    return this.#held.subarray(0, length);
  }

  /** The next bytes; fewer than asked for only at the end. */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      if (this.#held.length === 0 && !(await this.#more())) break;
      const part = this.#shift(missing);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? (parts[0] ?? NOTHING) : Buffer.concat(parts);
  }

  /** Passes over bytes; how many there were. */
  async skip(length: number): Promise<number> {
    let missing = length;
    while (missing > 0 && (this.#held.length > 0 || (await this.#more()))) {
      missing -= this.#shift(missing).length;
    }
    return length - missing;
  }

  /**
   * All up to and with the next blank line, whose lines may end in LF alone; undefined when there is none within
   * the limit or before the end.
   */
  async takeHead(limit: number): Promise<Buffer | undefined> {
    for (let from = 0; ; ) {
      const end = endOfHead(this.#held, from);
      if (end > limit) return undefined;
      if (end >= 0) return this.#shift(end);
      if (this.#held.length > limit) return undefined;
      from = Math.max(0, this.#held.length - 3);
      if (!(await this.#more())) return undefined;
    }
  }

  #shift(length: number): Buffer {
    const part = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(part.length);
    this.#consumed += part.length;
    return part;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done === true) return false;
    const piece = value as Buffer;
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    return true;
  }
}

/** Where what follows a blank line begins; -1 where there is no blank line. */
export function endOfHead(bytes: Buffer, from = 0): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}
