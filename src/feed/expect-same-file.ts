import type { FileHandle } from 'node:fs/promises';
import type { FeedCursor } from '../contracts/feed.ts';
import { FeedFileError } from '../errors/feed-file-error.ts';
import { readSome } from './file-bytes.ts';

/** A file that was found in the place of a cursor's. */
export interface FoundFile {
  readonly location: string;
  readonly file: FileHandle;
  /** `device:inode`. */
  readonly id: string;
  readonly size: number;
}

/**
 * Makes sure that a file is the one of a cursor. Device numbers of some file systems change when the machine
 * starts again, so the inode and the content tell.
 *
 * @throws FeedFileError where it is not.
 */
export async function expectSameFile(
  { location, file, id, size }: FoundFile,
  { bytes, file: expectedId, tail = '', size: expectedSize = size, isClosed = false }: FeedCursor,
): Promise<void> {
  if (inodeOf(expectedId) !== inodeOf(id)) throw new FeedFileError(location, 'replaced');
  if (size < bytes) throw new FeedFileError(location, 'short');
  if (isClosed && size > expectedSize) throw new FeedFileError(location, 'longer');
  const expected = Buffer.from(tail, 'latin1');
  const found = await readSome(file, bytes - expected.length, expected.length);
  if (!found.equals(expected)) throw new FeedFileError(location, 'changed');
}

function inodeOf(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}
