import { constants } from 'node:fs';
import { access, open, realpath, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OutputError } from '../errors/output-error.ts';
import { makeFolder } from '../values/make-folder.ts';
import { syncFolder } from '../values/sync-folder.ts';
import type { IfExists } from './feed-target.ts';
import { piecesOf, readSome, writeAll } from './file-bytes.ts';
import { type FeedDocument, isFileDocument } from './file-exporter.ts';
import { statIfThere } from './stat-if-there.ts';

/** A file that a job will make anew at the end of each of its runs. */
export interface FileToMake {
  readonly path: string;
  readonly ifExists: IfExists;
  readonly document: FeedDocument;
  /** Where the copy goes. */
  readonly basePath: string;
}

/**
 * Copies what is in the file before the job, whole or not at all, where items are to be appended to it; true:
 * there is a copy now.
 *
 * @throws what says that the file cannot be written, may not be, or cannot be appended to; it stays as it is.
 */
export async function keepBase({ path, ifExists, document, basePath }: FileToMake): Promise<boolean> {
  makeFolder(dirname(path));
  const stats = await statIfThere(path);
  if (stats?.isDirectory() === true) throw new OutputError(path, 'it is a folder');
  await access(dirname(stats === undefined ? path : await realpath(path)), constants.W_OK);
  if (stats === undefined) return false;
  if (ifExists === 'refuse') {
    throw new OutputError(path, 'the file exists; overwrite it with -O, or choose another name');
  }
  await access(path, constants.W_OK);
  if (ifExists !== 'append' || stats.size === 0) return false;
  await copyBase(path, document, basePath);
  return true;
}

async function copyBase(path: string, document: FeedDocument, basePath: string): Promise<void> {
  if (!isFileDocument(document)) throw new Error(`${document.format} cannot be appended to an existing file`);
  const temporary = `${basePath}.tmp`;
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    await document.resume({ size, read: (position, length) => readSome(file, position, length) });
    const copy = await open(temporary, 'w', 0o600);
    try {
      let at = 0;
      for await (const piece of piecesOf(file, size)) {
        await writeAll(copy, piece, at);
        at += piece.length;
      }
      await copy.sync();
    } finally {
      await copy.close();
    }
  } finally {
    await file.close();
  }
  await rename(temporary, basePath);
  await syncFolder(dirname(basePath));
}
