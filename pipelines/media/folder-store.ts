import { randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorMessage, OutputError, syncFolder } from '../../src/api.ts';
import type { FileStore, FileWriter, StoredFile } from './file-store.ts';
import { MediaError } from './media-error.ts';
import { safePath } from './safe-path.ts';

/** Options of {@link FolderStore}. */
export interface FolderStoreOptions {
  /** Waits until each file is on the disk, so that it is there also after a power cut. @defaultValue `false` */
  readonly sync?: boolean;
}

const PART = /^\.[0-9a-f]{16}\.part$/;
/** The folders on the way to a file, and the file. */
interface Place {
  readonly folders: readonly string[];
  readonly full: string;
}

/** Parts that are older are left over from a process that was killed. */
const STALE_MS = 24 * 60 * 60 * 1000;
/** What a file system says of one path, where others can still be written. */
const PATH_FAULTS: ReadonlySet<unknown> = new Set([
  'EEXIST',
  'EILSEQ',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'EMLINK',
  'ENAMETOOLONG',
  'ENOTDIR',
  'ENOTEMPTY',
]);

/**
 * Keeps files in a folder, made where there is none. A file is written under a name of its own, hidden and ending in
 * `.part`, and gets its path when it is whole. Links within the folder are not followed: nothing is written or read
 * outside of it. A path that cannot be had fails its own file; a folder that cannot be written ends the crawl.
 */
export class FolderStore implements FileStore {
  readonly #root: string;
  readonly #sync: boolean;

  constructor(folder: string, { sync = false }: FolderStoreOptions = {}) {
    this.#root = resolve(folder);
    this.#sync = sync;
  }

  /** Makes the folder and removes parts that are a day old. @throws OutputError when it cannot be written. */
  async open(): Promise<void> {
    await this.#guarded(async () => {
      await mkdir(this.#root, { recursive: true });
      for (const name of await readdir(this.#root)) {
        if (!PART.test(name)) continue;
        const path = join(this.#root, name);
        const facts = await factsOf(path);
        if (facts !== undefined && facts.mtimeMs < Date.now() - STALE_MS) await rm(path, { force: true });
      }
    });
  }

  async stat(path: string): Promise<StoredFile | undefined> {
    return this.#at(path, async ({ folders, full }) => {
      for (const folder of folders) {
        if ((await factsOf(folder))?.isDirectory() !== true) return undefined;
      }
      const facts = await factsOf(full);
      return facts?.isFile() === true ? { storedAtMs: facts.mtimeMs, bytes: facts.size } : undefined;
    });
  }

  read(path: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.#place(path).full);
  }

  async create(): Promise<FileWriter> {
    const part = join(this.#root, `.${randomBytes(8).toString('hex')}.part`);
    const handle = await this.#guarded(() => open(part, 'wx'));
    return {
      write: (chunk) => this.#guarded(() => writeAll(handle, chunk)),
      keep: (path) => this.#guarded(() => this.#keep(handle, part, path)),
      discard: async () => {
        await handle.close().catch(() => {});
        await rm(part, { force: true }).catch(() => {});
      },
    };
  }

  async confirm(path: string): Promise<void> {
    const now = new Date();
    await this.#at(path, ({ full }) => utimes(full, now, now));
  }

  async #keep(handle: FileHandle, part: string, path: string): Promise<void> {
    if (this.#sync) await handle.sync();
    await handle.close();
    const folder = await this.#at(path, async ({ folders, full }) => {
      for (const one of folders) await makeFolder(one);
      await rename(part, full);
      return folders.at(-1) ?? this.#root;
    });
    if (this.#sync) await syncFolder(folder);
  }

  /** Works on one path: what is wrong with it is not wrong with the others. */
  #at<Value>(path: string, work: (place: Place) => Promise<Value>): Promise<Value> {
    return this.#guarded(async () => {
      try {
        return await work(this.#place(path));
      } catch (error) {
        if (!PATH_FAULTS.has(codeOf(error))) throw error;
        throw pathError(path, errorMessage(error), error);
      }
    });
  }

  #place(path: string): Place {
    if (path !== safePath(path)) throw pathError(path, 'is no safe path within the folder');
    const names = path.split('/');
    const folders = names.slice(0, -1).map((_, at) => join(this.#root, ...names.slice(0, at + 1)));
    return { folders, full: join(this.#root, ...names) };
  }

  async #guarded<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OutputError || error instanceof MediaError) throw error;
      throw new OutputError(this.#root, errorMessage(error), { cause: error });
    }
  }
}

/** A link to elsewhere is no folder. */
async function makeFolder(folder: string): Promise<void> {
  const facts = await factsOf(folder);
  if (facts?.isDirectory() === true) return;
  if (facts !== undefined) throw pathError(folder, 'is no folder: links and files are not written through');
  await mkdir(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

function pathError(path: string, problem: string, cause?: unknown): MediaError {
  return new MediaError('bad path', `${JSON.stringify(path)}: ${problem}`, { cause });
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code;
}

async function factsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}
