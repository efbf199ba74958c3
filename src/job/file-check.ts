import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';

/** What tells whether a file is what was written. */
export interface FileCheck {
  readonly bytes: number;
  /** CRC-32 of all of it. */
  readonly check: number;
}

/** Length and checksum of a file. */
export async function checkOfFile(path: string): Promise<FileCheck> {
  let bytes = 0;
  let check = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    check = crc32(piece, check);
  }
  return { bytes, check };
}
