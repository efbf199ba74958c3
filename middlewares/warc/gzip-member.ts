import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { ArchiveError, errorMessage } from '../../src/api.ts';
import type { ArchiveFile } from './archive-file.ts';

/** Members that unpack to no more than this are unpacked in one go, which is several times faster. */
const SMALL_BYTES = 512 * 1024;
const PACKED_BYTES = 64 * 1024;
const HEAD_BYTES = 10;
const TRAILER_BYTES = 8;
/** RFC 1952 2.3.1. */
const FLAG_CHECKSUM = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
const MOST_HEAD_BYTES = 128 * 1024;

/** Whether a gzip member stands at these bytes, as far as they go. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && (bytes.length === 1 || bytes[1] === 0x8b);
}

/**
 * Unpacks one gzip member (RFC 1952) and checks its checksum and length; nothing of the next one is touched.
 * Returns where the next one begins.
 *
 * @throws ArchiveError when it is cut or damaged.
 */
export async function* gzipMember(
  file: ArchiveFile,
  offset: number,
): AsyncGenerator<Buffer, number, undefined> {
  const dataAt = await endOfHead(file, offset);
  const packed = await file.at(dataAt, PACKED_BYTES);
  let checksum = 0;
  let size = 0;
  let end = 0;
  const whole = inflateSmall(packed);
  if (whole !== undefined) {
    yield whole.bytes;
    checksum = crc32(whole.bytes);
    size = whole.bytes.length;
    end = dataAt + whole.packedBytes;
  } else {
    const inflate = createInflateRaw();
    const source = Readable.from(pieces(file, dataAt, () => inflate.readableEnded || inflate.destroyed));
    source.on('error', (error) => inflate.destroy(error)).pipe(inflate);
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) {
        checksum = crc32(chunk, checksum);
        size = (size + chunk.length) % 2 ** 32;
        yield chunk;
      }
    } catch (cause) {
      throw unpackingError(file, offset, cause);
    } finally {
      source.destroy();
      inflate.destroy();
    }
    end = dataAt + inflate.bytesWritten;
  }
  const trailer = await file.at(end, TRAILER_BYTES);
  if (trailer.length < TRAILER_BYTES) throw cut(file, offset);
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== size) {
    throw new ArchiveError(file.path, 'the checksum of this record is wrong: it is damaged', { offset });
  }
  return end + TRAILER_BYTES;
}

/** Where the packed data begins. */
async function endOfHead(file: ArchiveFile, offset: number): Promise<number> {
  const head = await file.at(offset, HEAD_BYTES);
  if (head.length >= 2 && !isGzip(head)) {
    throw new ArchiveError(file.path, 'no gzip member begins here', { offset });
  }
  if (head.length < HEAD_BYTES) throw cut(file, offset);
  const flags = head[3] ?? 0;
  if (head[2] !== 8) throw new ArchiveError(file.path, 'a packing that is not known', { offset });
  let at = HEAD_BYTES;
  const bytes = flags === 0 ? head : await file.at(offset, MOST_HEAD_BYTES);
  if (flags & FLAG_EXTRA) at += 2 + (bytes.length < at + 2 ? 0 : bytes.readUInt16LE(at));
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) throw cut(file, offset);
    at = end + 1;
  }
  if (flags & FLAG_CHECKSUM) at += 2;
  return offset + at;
}

function inflateSmall(packed: Buffer): { bytes: Buffer; packedBytes: number } | undefined {
  try {
    const { buffer, engine } = inflateRawSync(packed, {
      info: true,
      maxOutputLength: SMALL_BYTES,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { bytes: buffer, packedBytes: engine.bytesWritten };
  } catch {
    // Too large, not all there, or damaged: the slow way tells which.
    return undefined;
  }
}

async function* pieces(file: ArchiveFile, from: number, isDone: () => boolean): AsyncGenerator<Buffer> {
  for (let at = from; !isDone(); ) {
    const piece = await file.at(at);
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

function unpackingError(file: ArchiveFile, offset: number, cause: unknown): Error {
  if (cause instanceof ArchiveError) return cause;
  const isCut = cause instanceof Error && 'code' in cause && cause.code === 'Z_BUF_ERROR';
  return isCut
    ? cut(file, offset)
    : new ArchiveError(file.path, `this record does not unpack: ${errorMessage(cause)}`, { offset, cause });
}

function cut(file: ArchiveFile, offset: number): ArchiveError {
  return new ArchiveError(file.path, 'the file ends within this record', { offset, isCut: true });
}
