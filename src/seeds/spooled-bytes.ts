import { createReadStream } from 'node:fs';
import { appendFile, type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { SeedBytes } from './seed-bytes.ts';

const LINE_FEED = 0x0a;
const CHUNK = 64 * 1024;

/**
 * Seeds out of a stream, kept in a file of the job before anybody sees them: what was read survives. A line that the
 * end of a process cut is taken back, for the stream of the next run begins with a line of its own.
 */
export class SpooledBytes implements SeedBytes {
  readonly name: string;
  readonly #path: string;
  readonly #stream: Readable;
  readonly #incoming: AsyncIterator<Uint8Array | string>;
  #size: number;
  #endsOnLine = true;
  #isEnded = false;
  #isSynced = true;

  private constructor(name: string, path: string, size: number, stream: Readable) {
    this.name = name;
    this.#path = path;
    this.#size = size;
    this.#stream = stream;
    this.#incoming = stream[Symbol.asyncIterator]();
  }

  /** Opens the file of a job, or makes it. */
  static async open(name: string, path: string, stream: Readable): Promise<SpooledBytes> {
    const file = await open(path, 'a+', 0o600);
    try {
      const size = await wholeLines(file);
      await file.truncate(size);
      return new SpooledBytes(name, path, size, stream);
    } finally {
      await file.close();
    }
  }

  size(): number {
    return this.#size;
  }

  async hasMoreThan(size: number): Promise<boolean> {
    while (this.#size <= size && (await this.#takeIn()) !== undefined);
    return this.#size > size;
  }

  async *read(offset: number): AsyncIterable<Buffer> {
    let at = offset;
    if (at < this.#size) {
      const kept = createReadStream(this.#path, { start: at, end: this.#size - 1 });
      for await (const chunk of kept as AsyncIterable<Buffer>) {
        at += chunk.length;
        yield chunk;
      }
    }
    for (let taken = await this.#takeIn(); taken !== undefined; taken = await this.#takeIn()) yield taken;
  }

  /** Makes what was read outlive a power cut. */
  async sync(): Promise<void> {
    if (this.#isSynced) return;
    this.#isSynced = true;
    const file = await open(this.#path, 'r+');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  /** Reads on in the stream and keeps what comes; undefined: it has ended, its last line with it. */
  async #takeIn(): Promise<Buffer | undefined> {
    if (this.#isEnded) return undefined;
    const { done, value } = await this.#incoming.next();
    this.#isEnded = done === true;
    if (done === true && this.#endsOnLine) return undefined;
    const bytes = done === true ? Buffer.from('\n') : Buffer.from(value);
    await appendFile(this.#path, bytes);
    this.#size += bytes.length;
    this.#isSynced = false;
    if (bytes.length > 0) this.#endsOnLine = bytes.at(-1) === LINE_FEED;
    return bytes;
  }
}

/** How many bytes of a file are whole lines. */
async function wholeLines(file: FileHandle): Promise<number> {
  const chunk = Buffer.alloc(CHUNK);
  for (let end = (await file.stat()).size; end > 0; ) {
    const start = Math.max(0, end - CHUNK);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const last = chunk.subarray(0, bytesRead).lastIndexOf(LINE_FEED);
    if (last >= 0) return start + last + 1;
    end = start;
  }
  return 0;
}
