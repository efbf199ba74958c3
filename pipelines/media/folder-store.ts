import { randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorMessage, OutputError } from '../../src/api.ts';
import type { FileStore, FileWriter, StoredFile } from './file-store.ts';
import { safePath } from './safe-path.ts';

/** Options of {@link FolderStore}. */
export interface FolderStoreOptions {
  /** Waits until each file is on the disk, so that it is there also after a power cut. @defaultValue `false` */
  readonly sync?: boolean;
}

const PART = /^\.[0-9a-f]{16}\.part$/;
/** Parts that are older are left over from a process that was killed. */
const STALE_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps files in a folder, made where there is none. A file is written under a name of its own, hidden and ending in
 * `.part`, and gets its path when it is whole. Links within the folder are not followed: nothing is written or read
 * outside of it.
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
    return this.#guarded(async () => {
      const { folders, full } = this.#place(path);
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
    await this.#guarded(() => utimes(this.#place(path).full, now, now));
  }

  async #keep(handle: FileHandle, part: string, path: string): Promise<void> {
    const { folders, full } = this.#place(path);
    if (this.#sync) await handle.sync();
    await handle.close();
    for (const folder of folders) await makeFolder(folder);
    await rename(part, full);
    if (this.#sync) await syncFolder(folders.at(-1) ?? this.#root);
  }

  /** The folders on the way to a file, and the file. */
  #place(path: string): { readonly folders: readonly string[]; readonly full: string } {
    if (path !== safePath(path)) {
      throw new OutputError(this.#root, `${JSON.stringify(path)} is no safe path within the folder`);
    }
    const names = path.split('/');
    const folders = names.slice(0, -1).map((_, at) => join(this.#root, ...names.slice(0, at + 1)));
    return { folders, full: join(this.#root, ...names) };
  }

  async #guarded<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OutputError) throw error;
      throw new OutputError(this.#root, errorMessage(error), { cause: error });
    }
  }
}

/** A link to elsewhere is no folder. */
async function makeFolder(folder: string): Promise<void> {
  const facts = await factsOf(folder);
  if (facts?.isDirectory() === true) return;
  if (facts !== undefined)
    throw new OutputError(folder, 'is no folder: links and files are not written through');
  await mkdir(folder).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code !== 'EEXIST') throw error;
  });
}

async function factsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
