import { createReadStream } from 'node:fs';
import { appendFile, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { SeedFileError } from '../errors/seed-file-error.ts';
import { syncFolder } from '../values/sync-folder.ts';
import type { SeedBytes } from './seed-bytes.ts';

const LINE_FEED = 0x0a;
const CHUNK = 64 * 1024;

/** How the file is opened. */
export interface SpoolOptions {
  readonly name: string;
  readonly path: string;
  readonly stream: Readable;
  /** What the job keeps of the seeds, changed in place. */
  readonly state: { spool?: SpoolMark };
  /** Makes the names in a folder survive a power cut. @defaultValue that of the file system */
  readonly syncNames?: (folder: string) => Promise<void>;
}

/** What a job keeps of the file: its whole lines are known again by their checksum. */
export interface SpoolMark {
  readonly bytes: number;
  readonly check: number;
}

/** Whole lines of a file, and what belongs to none yet. */
interface Lines {
  whole: SpoolMark;
  /** Checksum of all there is. */
  check: number;
}

/**
 * Seeds out of a stream, kept in a file of the job before anybody sees them: what was read survives. A line that the
 * end of a process cut is taken back, for the stream of the next run begins with a line of its own. Where that gives
 * the kept lines once more, it is kept from the first other line on.
 */
export class SpooledBytes implements SeedBytes {
  readonly name: string;
  readonly #path: string;
  readonly #stream: Readable;
  readonly #incoming: AsyncIterator<Buffer>;
  readonly #state: { spool?: SpoolMark };
  readonly #lines: Lines;
  #size: number;
  #isEnded = false;
  #isSynced = true;
  readonly #syncNames: (folder: string) => Promise<void>;
  #isNameSynced = false;

  private constructor({ name, path, stream, state, syncNames = syncFolder }: SpoolOptions, whole: SpoolMark) {
    this.#syncNames = syncNames;
    this.name = name;
    this.#path = path;
    this.#state = state;
    this.#lines = { whole, check: whole.check };
    this.#size = whole.bytes;
    this.#stream = stream;
    this.#incoming = newBytes(stream, path, whole.bytes);
  }

  /** Opens the file of a job, or makes it. @throws SeedFileError when it is not what was written. */
  static async open(options: SpoolOptions): Promise<SpooledBytes> {
    const { name, path, state } = options;
    const file = await open(path, 'a+', 0o600);
    try {
      const whole = await wholeLines(file, state.spool);
      if (whole === undefined) {
        const advice =
          'put it back from a copy, or have `crawl job restart-seeds` read what stands there now from its beginning: what the job knows is left out';
        throw new SeedFileError(name, `${path}, where they are kept, is not what was written: ${advice}`);
      }
      await file.truncate(whole.bytes);
      state.spool = whole;
      return new SpooledBytes(options, whole);
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
      for await (const chunk of kept(this.#path, at, this.#size)) {
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
    if (!this.#isNameSynced) await this.#syncNames(dirname(this.#path));
    this.#isNameSynced = true;
  }

  close(): void {
    this.#stream.destroy();
  }

  /** Reads on in the stream and keeps what comes; undefined: it has ended, its last line with it. */
  async #takeIn(): Promise<Buffer | undefined> {
    if (this.#isEnded) return undefined;
    const { done, value } = await this.#incoming.next();
    this.#isEnded = done === true;
    if (done === true && this.#lines.whole.bytes === this.#size) return undefined;
    const bytes = done === true ? Buffer.from('\n') : value;
    await appendFile(this.#path, bytes);
    this.#size += bytes.length;
    this.#isSynced = false;
    goOn(this.#lines, bytes, this.#size);
    this.#state.spool = this.#lines.whole;
    return bytes;
  }
}

/** What a stream gives from its first line on that is not the one of the file: its whole lines end at `size`. */
async function* newBytes(stream: Readable, path: string, size: number): AsyncGenerator<Buffer> {
  let isKnown = size > 0;
  let at = 0;
  let line = 0;
  for await (const value of stream as AsyncIterable<Uint8Array | string>) {
    const bytes = Buffer.from(value);
    if (!isKnown) {
      yield bytes;
      continue;
    }
    const known = equalBytes(bytes, await bytesOf(path, at, Math.min(size, at + bytes.length)));
    const end = bytes.subarray(0, known).lastIndexOf(LINE_FEED) + 1;
    if (end > 0) line = at + end;
    at += known;
    if (known === bytes.length) continue;
    isKnown = false;
    // Maybe a long line, and not in memory any more.
    yield* kept(path, line, at);
    yield bytes.subarray(known);
  }
  // A last line without line feed is the one of the file where that ends there, too.
  if (isKnown && at > line && (await bytesOf(path, at, at + 1))[0] !== LINE_FEED) yield* kept(path, line, at);
}

/** Bytes of a file, from one place up to another. */
async function* kept(path: string, from: number, to: number): AsyncGenerator<Buffer> {
  if (from < to) yield* createReadStream(path, { start: from, end: to - 1 }) as AsyncIterable<Buffer>;
}

async function bytesOf(path: string, from: number, to: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of kept(path, from, to)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** How many bytes two buffers have in common at their beginnings. */
function equalBytes(one: Buffer, other: Buffer): number {
  const most = Math.min(one.length, other.length);
  if (one.compare(other, 0, most, 0, most) === 0) return most;
  let at = 0;
  while (one[at] === other[at]) at += 1;
  return at;
}

/** The whole lines of a file; undefined: they are not those that a job has kept a mark of. */
async function wholeLines(file: FileHandle, kept: SpoolMark | undefined): Promise<SpoolMark | undefined> {
  const lines: Lines = { whole: { bytes: 0, check: 0 }, check: 0 };
  const chunk = Buffer.alloc(CHUNK);
  const marked = kept?.bytes ?? 0;
  for (let end = 0; ; ) {
    // No read goes over the mark: the checksum up to there is looked at.
    const most = end < marked ? Math.min(CHUNK, marked - end) : CHUNK;
    const { bytesRead } = await file.read(chunk, 0, most, end);
    if (bytesRead === 0) return end < marked ? undefined : lines.whole;
    end += bytesRead;
    goOn(lines, chunk.subarray(0, bytesRead), end);
    if (end === marked && lines.check !== kept?.check) return undefined;
  }
}

/** Counts the bytes that come next, which end at `end`. */
function goOn(lines: Lines, bytes: Uint8Array, end: number): void {
  const line = bytes.lastIndexOf(LINE_FEED) + 1;
  if (line > 0)
    lines.whole = {
      bytes: end - bytes.length + line,
      check: crc32(bytes.subarray(0, line), lines.check),
    };
  lines.check = crc32(bytes, lines.check);
}
