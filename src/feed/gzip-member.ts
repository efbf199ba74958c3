import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
const { Z_SYNC_FLUSH } = constants;

/** RFC 1952: no name, no time, so that the same items give the same bytes; 255: made on no certain system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const MAX_STORED_BYTES = 65_535;
/** How far deflate looks back. */
const WINDOW_BYTES = 32_768;

/**
 * One gzip member (RFC 1952) that is complete after each part: parts end on a byte, and what ends the member can
 * be written behind any of them and overwritten by the next.
 */
export class GzipMember {
  readonly #level: number;
  #isBegun = false;
  #crc = 0;
  #size = 0;
  #window: Buffer = Buffer.alloc(0);

  /** @param level - 0 (stored) to 9 (smallest). */
  constructor(level: number) {
    this.#level = level;
  }

  /** The header, and text that comes first. */
  begin(text: Buffer): Buffer {
    this.#isBegun = true;
    this.#crc = crc32(text);
    this.#size = text.length;
    this.#window = text.subarray(-WINDOW_BYTES);
    return Buffer.concat([HEADER, ...(text.length > 0 ? storedBlocks(text, false) : [])]);
  }

  /** Adds a part, with the header where nothing has begun the member. */
  async add(text: Buffer): Promise<Buffer> {
    if (text.length === 0) return text;
    const header = this.#isBegun ? Buffer.alloc(0) : this.begin(Buffer.alloc(0));
    const dictionary = this.#window.length > 0 ? { dictionary: this.#window } : {};
    const packed = await deflate(text, { level: this.#level, finishFlush: Z_SYNC_FLUSH, ...dictionary });
    this.#crc = crc32(text, this.#crc);
    this.#size = (this.#size + text.length) % 2 ** 32;
    this.#window = Buffer.concat([this.#window, text.subarray(-WINDOW_BYTES)]).subarray(-WINDOW_BYTES);
    return Buffer.concat([header, packed]);
  }

  /** What ends the member after all parts, with text that comes last; nothing where it has not begun. */
  end(text: Buffer): Buffer {
    if (!this.#isBegun) return Buffer.alloc(0);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(crc32(text, this.#crc), 0);
    trailer.writeUInt32LE((this.#size + text.length) % 2 ** 32, 4);
    return Buffer.concat([...storedBlocks(text, true), trailer]);
  }
}

/** Text as deflate blocks that are not packed (RFC 1951, 3.2.4). */
function storedBlocks(text: Buffer, isFinal: boolean): Buffer[] {
  const blocks: Buffer[] = [];
  let from = 0;
  do {
    const block = text.subarray(from, from + MAX_STORED_BYTES);
    from += block.length;
    const head = Buffer.alloc(5);
    head.writeUInt8(isFinal && from >= text.length ? 1 : 0, 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    blocks.push(head, block);
  } while (from < text.length);
  return blocks;
}
