import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, realpath, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Exporter } from '../contracts/exporter.ts';
import { OutputError } from '../errors/output-error.ts';
import { bytesOf } from './bytes-of.ts';
import type { FeedTarget, IfExists } from './feed-target.ts';
import { type FilePieces, isFileExporter } from './file-exporter.ts';

/** How a file is opened and kept. */
export interface FileTargetOptions {
  /** @defaultValue `'append'` */
  readonly ifExists?: IfExists | undefined;
  /** Write a file also when there are no items. @defaultValue `true` */
  readonly storeEmpty?: boolean | undefined;
}

const PIECE_BYTES = 65_536;
const NOTHING = new Uint8Array();

/**
 * A local file. After each append it is a whole document: what closes it is written along and overwritten by
 * the next records. A write that fails is taken back, so the file ends on a whole record.
 */
export class FileTarget implements FeedTarget {
  readonly location: string;
  readonly #path: string;
  readonly #ifExists: IfExists;
  readonly #storeEmpty: boolean;
  readonly #open: typeof open;
  #file: FileHandle | undefined;
  #isCreated = false;
  /** What begins the document, where it is not written yet. */
  #start: Uint8Array | undefined;
  /** Where the records end. */
  #position = 0;
  /** What stands there and closes the document. */
  #end: Uint8Array = NOTHING;
  #size = 0;
  #sizeBefore = 0;

  constructor(
    path: string,
    { ifExists = 'append', storeEmpty = true }: FileTargetOptions = {},
    openFile: typeof open = open,
  ) {
    this.location = path;
    this.#path = path;
    this.#ifExists = ifExists;
    this.#storeEmpty = storeEmpty;
    this.#open = openFile;
  }

  async open(exporter: Exporter): Promise<void> {
    await makeFolder(dirname(this.#path));
    this.#file = await this.#openFile();
    try {
      await this.#begin(this.#file, exporter);
    } catch (error) {
      await this.#file.close();
      throw error;
    }
  }

  async append(records: Uint8Array, end: Uint8Array): Promise<void> {
    const file = this.#handle();
    const head = this.#start ?? NOTHING;
    try {
      await writeAll(file, Buffer.concat([head, records, end]), this.#position);
      const size = this.#position + head.length + records.length + end.length;
      if (size < this.#size) await file.truncate(size);
      this.#size = size;
    } catch (error) {
      await this.#takeBack(file);
      throw error;
    }
    this.#start = undefined;
    this.#position += head.length + records.length;
    this.#end = end;
  }

  async close(exporter: Exporter): Promise<number> {
    const file = this.#handle();
    this.#file = undefined;
    try {
      const revision = isFileExporter(exporter) ? exporter.revision?.() : undefined;
      if (revision !== undefined) await this.#rewrite(file, revision);
    } finally {
      await file.close();
    }
    if (this.#start !== undefined && this.#isCreated) await unlink(this.#path);
    return this.#start === undefined ? this.#size - this.#sizeBefore : 0;
  }

  async #openFile(): Promise<FileHandle> {
    try {
      const file = await this.#open(this.#path, 'wx+');
      this.#isCreated = true;
      return file;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (this.#ifExists === 'refuse') {
      throw new OutputError(this.location, 'the file exists; overwrite it with -O, or choose another name');
    }
    return await this.#open(this.#path, 'r+');
  }

  async #begin(file: FileHandle, exporter: Exporter): Promise<void> {
    this.#size = (await file.stat()).size;
    if (this.#ifExists === 'append' && this.#size > 0) {
      this.#position = await this.#resume(exporter, file);
      this.#sizeBefore = this.#size;
      this.#end = bytesOf(exporter.end());
      return;
    }
    this.#start = bytesOf(exporter.start());
    if (this.#storeEmpty) await this.append(NOTHING, bytesOf(exporter.end()));
  }

  async #resume(exporter: Exporter, file: FileHandle): Promise<number> {
    if (!isFileExporter(exporter))
      throw new Error(`${exporter.format} cannot be appended to an existing file`);
    const read = (position: number, length: number): Promise<Buffer> => readSome(file, position, length);
    return await exporter.resume({ size: this.#size, read });
  }

  /** What the failed write overwrote, whole as it was; its room is still there on a full disk. */
  async #takeBack(file: FileHandle): Promise<void> {
    try {
      if (this.#start === undefined) await writeAll(file, this.#end, this.#position);
      await file.truncate(this.#position + this.#end.length);
      this.#size = this.#position + this.#end.length;
    } catch {
      // The first error says why nothing can be written.
    }
  }

  async #rewrite(file: FileHandle, revision: (file: FilePieces) => FilePieces): Promise<void> {
    const path = await realpath(this.#path);
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    const { mode } = await file.stat();
    try {
      const revised = await this.#open(temporary, 'wx', mode & 0o777);
      let size = 0;
      try {
        for await (const piece of revision(piecesOf(file, this.#size))) {
          await writeAll(revised, piece, size);
          size += piece.length;
        }
        await revised.sync();
      } finally {
        await revised.close();
      }
      await rename(temporary, path);
      this.#size = size;
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  #handle(): FileHandle {
    if (this.#file === undefined) throw new OutputError(this.location, 'the feed is not open');
    return this.#file;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readSome(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

async function* piecesOf(file: FileHandle, size: number): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < size; at += PIECE_BYTES)
    yield await readSome(file, at, Math.min(PIECE_BYTES, size - at));
}

/** Makes a folder and those above it. Node's own recursion never ends below /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'EEXIST') throw fault;
    });
  }
}
