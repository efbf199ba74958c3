import { type FileHandle, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { OutputError, outputProblem, syncFolder } from '../../src/api.ts';

/** What a writer is made with. */
export interface WarcWriterOptions {
  readonly path: string;
  /** Whether each record is a gzip member of its own. */
  readonly isPacked: boolean;
  readonly ifExists: 'append' | 'overwrite' | 'refuse';
  /** @defaultValue `open` of node:fs/promises */
  readonly open?: typeof open | undefined;
}

/** Makes the records that are written together; called in the order of `write`. */
export type MakeRecords = () => readonly Buffer[];

interface Waiting {
  readonly make: MakeRecords;
  readonly bytes: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Nothing more is let in while this much waits. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;
/** Above this a record is packed in a thread. */
const SYNC_BYTES = 64 * 1024;
const gzipLater = promisify(gzip);

/**
 * Appends records to a file, in order. What `write` resolved for is in the file. The first fault is final; the
 * file then ends on the last whole record, if the system lets it be cut.
 */
export class WarcWriter {
  readonly path: string;
  readonly #options: WarcWriterOptions;
  #file: FileHandle | undefined;
  #isCreated = false;
  /** Bytes of the file that is overwritten; they stay until the first record comes. */
  #oldBytes = 0;
  #start = 0;
  #end = 0;
  /** What stands before this would survive a power cut. */
  #syncedEnd = 0;
  #records = 0;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(options: WarcWriterOptions) {
    this.path = options.path;
    this.#options = options;
  }

  /** Records written by this writer. */
  get records(): number {
    return this.#records;
  }

  /** Bytes added by this writer. */
  get bytes(): number {
    return this.#end - this.#start;
  }

  /** What ended the writing. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * Opens the file; the owner alone may read a new one. `endOf` says where the whole records of an existing file
   * end: what follows is cut off. What is to be overwritten stays until the first record is written.
   *
   * @throws OutputError where it cannot be written, ArchiveError from `endOf`.
   */
  async open(endOf: (size: number) => Promise<number>): Promise<void> {
    const { ifExists, open: openFile = open } = this.#options;
    try {
      this.#isCreated = true;
      this.#file = await openFile(this.path, 'wx', 0o600).catch(async (error: NodeJS.ErrnoException) => {
        this.#isCreated = false;
        if (error.code !== 'EEXIST') throw error;
        if (ifExists === 'refuse')
          throw new OutputError(this.path, 'the file exists; overwrite it with -O, or choose another name');
        return openFile(this.path, 'r+');
      });
      const { size } = await this.#file.stat();
      if (ifExists === 'overwrite') {
        this.#oldBytes = size;
        return;
      }
      const end = size === 0 ? 0 : await endOf(size);
      if (end < size) await this.#file.truncate(end);
      this.#start = end;
      this.#end = end;
      this.#syncedEnd = end;
    } catch (error) {
      await this.#file?.close().catch(() => undefined);
      this.#file = undefined;
      throw outputProblem(this.path, error);
    }
  }

  /** Resolves when the records are in the file. `bytes` is about how much memory they take until then. */
  write(bytes: number, make: MakeRecords): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((done, failed) => {
      this.#waiting.push({ make, bytes, done, failed });
      this.#waitingBytes += bytes;
      this.#writing ??= this.#writeWaiting();
    });
  }

  /** A promise while much waits to be written: begin nothing that would add to it. Never rejects. */
  room(): Promise<void> | undefined {
    return this.#waitingBytes > MOST_WAITING_BYTES ? this.#writing : undefined;
  }

  /** Resolves when all that `write` resolved for would survive a power cut. A fault is one of writing, too. */
  async sync(): Promise<void> {
    const end = this.#end;
    if (this.#file === undefined || this.#syncedEnd === end) return;
    try {
      await this.#file.datasync();
      if (this.#syncedEnd === this.#start) await syncFolder(dirname(this.path));
      this.#syncedEnd = end;
    } catch (error) {
      this.#failure ??= outputProblem(this.path, error);
      throw this.#failure;
    }
  }

  /** Writes what waits and closes the file; a new one without a record is taken away. @throws the first fault of writing. */
  async close(): Promise<void> {
    await this.#writing;
    try {
      await this.#file?.close();
      if (this.#file !== undefined && this.#isCreated && this.#end === 0) await unlink(this.path);
    } catch (error) {
      this.#failure ??= outputProblem(this.path, error);
    }
    this.#file = undefined;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #writeWaiting(): Promise<void> {
    // Not within the call that brought the first record: its maker may not be ready.
    await undefined;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        if (this.#failure !== undefined) throw this.#failure;
        await this.#append(next.make());
        next.done();
      } catch (error) {
        this.#failure ??= outputProblem(this.path, error);
        next.failed(this.#failure);
      }
      this.#waitingBytes -= next.bytes;
    }
    this.#writing = undefined;
  }

  async #append(records: readonly Buffer[]): Promise<void> {
    const file = this.#file;
    if (file === undefined) throw new OutputError(this.path, 'the archive is not open');
    const parts: Buffer[] = [];
    for (const record of records) parts.push(this.#options.isPacked ? await packed(record) : record);
    const bytes = Buffer.concat(parts);
    const found = await file.stat();
    if (found.isFile() && found.size !== this.#end + this.#oldBytes)
      throw new OutputError(
        this.path,
        'something else writes to this archive: give each crawl an archive of its own',
      );
    try {
      if (this.#oldBytes > 0) await file.truncate(0);
      this.#oldBytes = 0;
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.#end + done);
        done += bytesWritten;
      }
    } catch (error) {
      await file.truncate(this.#end).catch(() => undefined);
      throw error;
    }
    this.#end += bytes.length;
    this.#records += records.length;
  }
}

function packed(record: Buffer): Buffer | Promise<Buffer> {
  return record.length > SYNC_BYTES ? gzipLater(record) : gzipSync(record);
}
