import { type FileHandle, type open, rename, rm } from 'node:fs/promises';
import { createLike } from './create-like.ts';
import { piecesOf, writeAll } from './file-bytes.ts';
import type { FilePieces } from './file-exporter.ts';

/** A file that is replaced by another form of it. */
export interface FileToRevise {
  /** The file, open, and how much of it counts. */
  readonly file: FileHandle;
  readonly size: number;
  /** Its own path, no link to it. */
  readonly path: string;
  /** Where the new form is written, on the same disk; what is there is overwritten. */
  readonly temporary: string;
  readonly openFile: typeof open;
}

/** Writes the new form and puts it in the place of the file, in one step; gives its bytes. After a fault the file stays. */
export async function reviseFile(
  { file, size, path, temporary, openFile }: FileToRevise,
  revision: (file: FilePieces) => FilePieces,
): Promise<number> {
  const { mode } = await file.stat();
  try {
    await rm(temporary, { force: true });
    const revised = await createLike(temporary, mode, openFile);
    let bytes = 0;
    try {
      for await (const piece of revision(piecesOf(file, size))) {
        await writeAll(revised, piece, bytes);
        bytes += piece.length;
      }
      await revised.sync();
    } finally {
      await revised.close();
    }
    await rename(temporary, path);
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
