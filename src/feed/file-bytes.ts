import type { FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 65_536;

/** Writes all of some bytes, however many the system takes at once. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Some bytes of a file, fewer where it ends. */
export async function readSome(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** The first bytes of a file, in pieces. */
export async function* piecesOf(file: FileHandle, size: number): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < size; at += PIECE_BYTES)
    yield await readSome(file, at, Math.min(PIECE_BYTES, size - at));
}
