import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError } from '../errors/output-error.ts';
import { makeFolder } from '../values/make-folder.ts';
import { syncFolder } from '../values/sync-folder.ts';
import { createLike } from './create-like.ts';
import type { FeedTarget } from './feed-target.ts';
import { piecesOf, writeAll } from './file-bytes.ts';
import type { FeedDocument } from './file-exporter.ts';
import { FileTarget, type FileTargetOptions } from './file-target.ts';
import { hasCode } from './has-code.ts';
import { keepBase } from './keep-base.ts';
import { statIfThere } from './stat-if-there.ts';

/** How a file is made anew. */
export interface WholeFileOptions extends FileTargetOptions {
  /** A file whose bytes come first: what was there before the job. */
  readonly basePath?: string | undefined;
  /** Where items are appended, what is in the file itself comes first. @defaultValue `false` */
  readonly keepsContent?: boolean;
}

/**
 * A local file that is made anew beside its place and takes it at the close, in one step: until then, and after
 * a failure, what was there stays. One process at a time makes it; what a killed one left is overwritten.
 */
export class WholeFileTarget implements FeedTarget {
  readonly location: string;
  readonly durability = 'whole';
  readonly #path: string;
  readonly #options: WholeFileOptions;
  readonly #open: typeof open;
  #place = '';
  #file: FileTarget | undefined;

  constructor(path: string, options: WholeFileOptions = {}, openFile: typeof open = open) {
    this.location = path;
    this.#path = path;
    this.#options = options;
    this.#open = openFile;
  }

  async prepare(document: FeedDocument, basePath: string): Promise<boolean> {
    const { ifExists = 'append' } = this.#options;
    return await keepBase({ path: this.#path, ifExists, document, basePath });
  }

  async open(document: FeedDocument): Promise<void> {
    makeFolder(dirname(this.#path));
    this.#place = await realPathOf(this.#path);
    try {
      await this.#create();
      const { storeEmpty } = this.#options;
      const options = { ifExists: 'append', storeEmpty, temporary: this.#revised } as const;
      const file = new FileTarget(this.#temporary, options, this.#open);
      await file.open(document);
      this.#file = file;
    } catch (error) {
      await this.#remove();
      throw error;
    }
  }

  async append(records: Uint8Array, end: Uint8Array): Promise<void> {
    await this.#handle().append(records, end);
  }

  async close(document: FeedDocument, failure?: Error): Promise<number> {
    const file = this.#handle();
    this.#file = undefined;
    try {
      if (failure !== undefined) return await this.#discard(file);
      const bytes = await file.close(document);
      const isWanted = bytes > 0 || (this.#options.storeEmpty ?? true);
      if (isWanted) await this.#takePlace();
      else await this.#remove();
      return bytes;
    } catch (error) {
      await this.#remove();
      throw error;
    }
  }

  get #temporary(): string {
    return `${this.#place}.orbweaver.tmp`;
  }

  get #revised(): string {
    return `${this.#place}.orbweaver-revised.tmp`;
  }

  /** The temporary file, with the rights of the one it replaces and the bytes that come first. */
  async #create(): Promise<void> {
    const before = await statIfThere(this.#place);
    if (before?.isDirectory() === true) throw new OutputError(this.location, 'it is a folder');
    await rm(this.#temporary, { force: true });
    const file = await createLike(this.#temporary, before?.mode, this.#open);
    try {
      const { ifExists = 'append', keepsContent = false } = this.#options;
      const isKept = keepsContent && ifExists === 'append' && before !== undefined;
      const { basePath = isKept ? this.#place : undefined } = this.#options;
      if (basePath !== undefined) await copyInto(file, basePath);
    } finally {
      await file.close();
    }
  }

  async #takePlace(): Promise<void> {
    const file = await this.#open(this.#temporary, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(this.#temporary, this.#place);
    await syncFolder(dirname(this.#place));
  }

  async #discard(file: FileTarget): Promise<number> {
    await file.release();
    await this.#remove();
    return 0;
  }

  async #remove(): Promise<void> {
    for (const path of [this.#temporary, this.#revised]) await rm(path, { force: true });
  }

  #handle(): FileTarget {
    if (this.#file === undefined) throw new OutputError(this.location, 'the feed is not open');
    return this.#file;
  }
}

async function copyInto(file: FileHandle, path: string): Promise<void> {
  const base = await open(path, 'r');
  try {
    const { size } = await base.stat();
    let at = 0;
    for await (const piece of piecesOf(base, size)) {
      await writeAll(file, piece, at);
      at += piece.length;
    }
  } finally {
    await base.close();
  }
}

/** Where a link leads; the path itself where nothing is. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return path;
    throw error;
  }
}
