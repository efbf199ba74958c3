import type { FileHandle } from 'node:fs/promises';
import { readSome } from './file-bytes.ts';

/** A cursor keeps so many bytes to know its file by. */
const TAIL_BYTES = 32;

/** The last bytes of a file before a position. */
export async function tailBefore(file: FileHandle, position: number): Promise<Buffer> {
  const from = Math.max(0, position - TAIL_BYTES);
  return await readSome(file, from, position - from);
}

/** The last bytes of what was there and what was added. */
export function tailOf(before: Buffer, added: Buffer): Buffer {
  const all = added.length < TAIL_BYTES ? Buffer.concat([before, added]) : added;
  // A copy: a part would keep the whole of a big batch in memory.
  return Buffer.from(all.subarray(-TAIL_BYTES));
}
