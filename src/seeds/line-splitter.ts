/** One line. */
export interface SplitLine {
  /** Without line feed; empty where it was too long. */
  readonly bytes: Buffer;
  /** Bytes that it takes, line feed included. */
  readonly length: number;
  readonly isTooLong: boolean;
}

const LINE_FEED = 0x0a;
/** Bytes before a place that are kept to recognise it by. */
const WINDOW = 64 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/** Cuts bytes into lines; holds one chunk and the beginning of one line, of a line that is too long nothing. */
export class LineSplitter {
  readonly #mostBytes: number;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** What stood before the chunk. */
  #before: Buffer;
  /** Bytes of the line so far that were thrown away, because it is too long. */
  #dropped = 0;

  /** @param before - what stands before the first byte. */
  constructor(mostBytes: number, before: Buffer = Buffer.alloc(0)) {
    this.#mostBytes = mostBytes;
    this.#before = before.subarray(-WINDOW);
  }

  /** The last bytes before the line that comes next, in pieces: no copy is made for a line. */
  get window(): readonly Buffer[] {
    const here = this.#chunk.subarray(Math.max(0, this.#at - WINDOW), this.#at);
    const room = WINDOW - here.length;
    return [room === 0 ? NOTHING : this.#before.subarray(-room), here];
  }

  push(bytes: Buffer): void {
    const rest = this.#chunk.subarray(this.#at);
    this.#before = Buffer.concat(this.window);
    this.#chunk = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    this.#at = 0;
  }

  /** The next whole line; undefined: more bytes are needed. */
  take(): SplitLine | undefined {
    const end = this.#chunk.indexOf(LINE_FEED, this.#at);
    if (end >= 0) return this.#line(end, end + 1);
    if (this.#dropped > 0 || this.#chunk.length - this.#at > this.#mostBytes) {
      this.#dropped += this.#chunk.length - this.#at;
      this.#at = this.#chunk.length;
    }
    return undefined;
  }

  /** The last line, which no line feed ends; undefined: there is none. */
  takeRest(): SplitLine | undefined {
    const end = this.#chunk.length;
    return end > this.#at || this.#dropped > 0 ? this.#line(end, end) : undefined;
  }

  #line(end: number, next: number): SplitLine {
    const bytes = this.#chunk.subarray(this.#at, end);
    const length = this.#dropped + next - this.#at;
    const isTooLong = this.#dropped > 0 || bytes.length > this.#mostBytes;
    this.#at = next;
    this.#dropped = 0;
    return { bytes: isTooLong ? bytes.subarray(0, 0) : bytes, length, isTooLong };
  }
}
