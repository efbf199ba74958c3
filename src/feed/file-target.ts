import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FeedCursor } from '../contracts/feed.ts';
import { FeedFileError } from '../errors/feed-file-error.ts';
import { OutputError } from '../errors/output-error.ts';
import { makeFolder } from '../values/make-folder.ts';
import { syncFolder } from '../values/sync-folder.ts';
import { bytesOf } from './bytes-of.ts';
import { expectSameFile } from './expect-same-file.ts';
import type { FeedMark, FeedTarget, IfExists } from './feed-target.ts';
import { readSome, writeAll } from './file-bytes.ts';
import { type FeedDocument, type FilePieces, isFileDocument } from './file-exporter.ts';
import { tailBefore, tailOf } from './file-tail.ts';
import { hasCode } from './has-code.ts';
import { keepBase } from './keep-base.ts';
import { reviseFile } from './revise-file.ts';

/** How a file is opened and kept. */
export interface FileTargetOptions {
  /** @defaultValue `'append'` */
  readonly ifExists?: IfExists | undefined;
  /** Write a file also when there are no items. @defaultValue `true` */
  readonly storeEmpty?: boolean | undefined;
  /** Where the file is revised. @defaultValue a new name beside it */
  readonly temporary?: string | undefined;
}

const NOTHING = new Uint8Array();

/**
 * A local file. After each append it is a whole document: what closes it is written along and overwritten by
 * the next records. A write that fails is taken back, so the file ends on a whole record.
 */
export class FileTarget implements FeedTarget {
  readonly location: string;
  readonly durability = 'cursor';
  readonly #path: string;
  readonly #ifExists: IfExists;
  readonly #storeEmpty: boolean;
  readonly #temporary: string | undefined;
  readonly #open: typeof open;
  #file: FileHandle | undefined;
  #id = '';
  #isCreated = false;
  #isDevice = false;
  #isSynced = false;
  /** What begins the document, where it is not written yet. */
  #start: Uint8Array | undefined;
  /** Where the records end. */
  #position = 0;
  /** The last bytes before that. */
  #tail: Buffer = Buffer.alloc(0);
  /** What stands there and closes the document. */
  #end: Uint8Array = NOTHING;
  #size = 0;
  #sizeBefore = 0;

  constructor(
    path: string,
    { ifExists = 'append', storeEmpty = true, temporary }: FileTargetOptions = {},
    openFile: typeof open = open,
  ) {
    this.location = path;
    this.#path = path;
    this.#ifExists = ifExists;
    this.#storeEmpty = storeEmpty;
    this.#temporary = temporary;
    this.#open = openFile;
  }

  async prepare(document: FeedDocument, basePath: string): Promise<boolean> {
    return await keepBase({ path: this.#path, ifExists: this.#ifExists, document, basePath });
  }

  async open(document: FeedDocument, cursor?: FeedCursor): Promise<void> {
    this.#forget();
    makeFolder(dirname(this.#path));
    const file = cursor === undefined ? await this.#openFile() : await this.#reopenFile(cursor);
    this.#file = file;
    try {
      const found = await file.stat({ bigint: true });
      this.#id = `${found.dev}:${found.ino}`;
      this.#size = Number(found.size);
      this.#isDevice = !found.isFile();
      if (cursor === undefined) await this.#begin(file, document);
      else await this.#goOn(file, document, cursor);
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  async append(records: Uint8Array, end: Uint8Array): Promise<void> {
    const file = this.#handle();
    await this.#expectAlone(file);
    const head = this.#start ?? NOTHING;
    if (this.#isOld) await this.#empty(file);
    const length = head.length + records.length;
    const bytes = Buffer.concat([head, records, end]);
    try {
      await writeAll(file, bytes, this.#position);
      const size = this.#position + bytes.length;
      if (size < this.#size) await file.truncate(size);
      this.#size = size;
    } catch (error) {
      await this.#takeBack(file);
      throw error;
    }
    this.#start = undefined;
    this.#position += length;
    this.#end = end;
    if (length > 0) this.#tail = tailOf(this.#tail, bytes.subarray(0, length));
  }

  mark(): FeedMark {
    return {
      bytes: this.#position,
      base: this.#start === undefined ? this.#sizeBefore : this.#size,
      size: this.#size,
      file: this.#id,
      tail: this.#tail.toString('latin1'),
    };
  }

  /** Once asked for, the close does it too. */
  async sync(): Promise<void> {
    await this.#file?.datasync();
    if (!this.#isSynced) await syncFolder(dirname(this.#path));
    this.#isSynced = true;
  }

  /** Where items are missing, and none has come, what was there before the crawl stays. */
  async close(document: FeedDocument, failure?: Error): Promise<number> {
    const file = this.#handle();
    try {
      if (this.#isOld && this.#storeEmpty && failure === undefined)
        await this.append(NOTHING, bytesOf(document.end()));
      this.#file = undefined;
      const revision = isFileDocument(document) ? document.revision?.() : undefined;
      if (revision !== undefined) await this.#revise(file, revision);
      else if (this.#isSynced) await file.datasync();
    } finally {
      this.#file = undefined;
      await file.close();
    }
    if (this.#start !== undefined && this.#isCreated) await unlink(this.#path);
    return this.#start === undefined ? this.#size - this.#sizeBefore : 0;
  }

  /** Lets go of the file as it is. */
  async release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** An opening may follow one that failed. */
  #forget(): void {
    this.#isCreated = false;
    this.#start = undefined;
    this.#position = 0;
    this.#tail = Buffer.alloc(0);
    this.#sizeBefore = 0;
  }

  /** Before each write: two that write to one file would tear each other's records. */
  async #expectAlone(file: FileHandle): Promise<void> {
    if (this.#isDevice || (await file.stat()).size === this.#size) return;
    throw new FeedFileError(this.location, 'shared');
  }

  async #openFile(): Promise<FileHandle> {
    try {
      return await this.#createFile();
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    if (this.#ifExists === 'refuse') {
      throw new OutputError(this.location, 'the file exists; overwrite it with -O, or choose another name');
    }
    return await this.#open(this.#path, 'r+');
  }

  async #createFile(): Promise<FileHandle> {
    const file = await this.#open(this.#path, 'wx+');
    this.#isCreated = true;
    return file;
  }

  /** The file of a cursor; one that was taken away again because there were no items is made anew. */
  async #reopenFile(cursor: FeedCursor): Promise<FileHandle> {
    try {
      return await this.#open(this.#path, 'r+');
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      if (isUnwritten(cursor) && !this.#storeEmpty) return await this.#createFile();
      throw new FeedFileError(this.location, 'missing');
    }
  }

  async #begin(file: FileHandle, document: FeedDocument): Promise<void> {
    if (this.#ifExists !== 'append' || this.#size === 0) return await this.#startDocument(document);
    this.#position = await this.#resume(document, file);
    this.#tail = await tailBefore(file, this.#position);
    this.#sizeBefore = this.#size;
    this.#end = bytesOf(document.end());
  }

  /** What is there already stays until the first item comes: another output may fail to open, and nothing be crawled. */
  async #startDocument(document: FeedDocument): Promise<void> {
    this.#start = bytesOf(document.start());
    if (this.#storeEmpty && !this.#isOld) await this.append(NOTHING, bytesOf(document.end()));
  }

  /** Whether all that is in the file was there before, and will be overwritten. */
  get #isOld(): boolean {
    return this.#start !== undefined && this.#size > 0;
  }

  async #empty(file: FileHandle): Promise<void> {
    await file.truncate(0);
    this.#size = 0;
    this.#end = NOTHING;
  }

  async #goOn(file: FileHandle, document: FeedDocument, cursor: FeedCursor): Promise<void> {
    const found = { location: this.location, file, id: this.#id, size: this.#size };
    if (!this.#isCreated) await expectSameFile(found, cursor);
    document.restore?.(cursor.exporter);
    if (isUnwritten(cursor)) {
      // What was there before the job stays until the first item comes.
      if (this.#size !== cursor.base) await file.truncate(0);
      if (this.#size !== cursor.base) this.#size = 0;
      this.#isCreated = this.#size === 0;
      return await this.#startDocument(document);
    }
    this.#position = cursor.bytes;
    this.#sizeBefore = cursor.base;
    this.#tail = Buffer.from(cursor.tail ?? '', 'latin1');
    if (await this.#isUntouched(file, document, cursor)) {
      this.#end = bytesOf(document.end());
      return;
    }
    document.restore?.(cursor.exporter);
    this.#end = bytesOf(document.end());
    await writeAll(file, this.#end, this.#position);
    this.#size = this.#position + this.#end.length;
    await file.truncate(this.#size);
  }

  /** Whether nothing was added to the file that was there before: how another writer ended it stays then. */
  async #isUntouched(file: FileHandle, document: FeedDocument, cursor: FeedCursor): Promise<boolean> {
    if (itemsIn(cursor) > 0 || this.#size !== cursor.base) return false;
    return (await this.#resume(document, file).catch(() => undefined)) === cursor.bytes;
  }

  async #resume(document: FeedDocument, file: FileHandle): Promise<number> {
    if (!isFileDocument(document))
      throw new Error(`${document.format} cannot be appended to an existing file`);
    const read = (position: number, length: number): Promise<Buffer> => readSome(file, position, length);
    return await document.resume({ size: this.#size, read });
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

  async #revise(file: FileHandle, revision: (file: FilePieces) => FilePieces): Promise<void> {
    const path = await realpath(this.#path);
    const temporary = this.#temporary ?? `${path}.${randomBytes(6).toString('hex')}.tmp`;
    const place = { file, size: this.#size, path, temporary, openFile: this.#open };
    this.#size = await reviseFile(place, revision);
  }

  #handle(): FileHandle {
    if (this.#file === undefined) throw new OutputError(this.location, 'the feed is not open');
    return this.#file;
  }
}

/** Whether a feed had begun no document yet. */
function isUnwritten(cursor: FeedCursor): boolean {
  return itemsIn(cursor) === 0 && cursor.bytes === 0;
}

/** Items that are in the file, not those that a filter kept out of it. */
function itemsIn({ items, chosen = items }: FeedCursor): number {
  return chosen;
}
