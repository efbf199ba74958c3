import { maskedCrc32c } from './crc32c.ts';

// Format: github.com/google/leveldb, doc/log_format.md.
const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;
/** Of a block so many bytes are summed up in search of its next part: content could be made to look like parts. */
const MOST_SEARCHED_BYTES = 1024 * 1024;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/** What is in a log file of LevelDB. */
export interface LevelLog {
  /** The records that are as they were written, in order. */
  readonly records: readonly Buffer[];
  /**
   * Whether nothing else stands before the last of them. What stands behind it was cut short by a crash, as far as
   * anybody can tell.
   */
  readonly isWhole: boolean;
}

/** A part of a record: records go over the ends of blocks, parts do not. */
interface Part {
  readonly type: number;
  readonly bytes: Buffer;
  readonly end: number;
}

/**
 * Reads a log file, as far as it is what was written. LevelDB itself drops the rest of a block without a word where
 * a checksum is wrong, and a small log is one block.
 */
export function readLog(log: Buffer): LevelLog {
  const records: Buffer[] = [];
  let isWhole = true;
  let isGap = false;
  let parts: Buffer[] | undefined;
  for (let at = 0; at < log.length; ) {
    const blockEnd = Math.min(log.length, (Math.floor(at / BLOCK_BYTES) + 1) * BLOCK_BYTES);
    if (blockEnd - at < HEADER_BYTES) {
      at = blockEnd;
      continue;
    }
    const part = partAt(log, at, blockEnd);
    if (part === undefined) {
      isGap = true;
      parts = undefined;
      at = nextPart(log, at, blockEnd);
      continue;
    }
    const { type, bytes, end } = part;
    at = end;
    const isBeginning = type === FULL || type === FIRST;
    if (isBeginning === (parts !== undefined)) isGap = true;
    if (isBeginning) parts = [];
    if (parts === undefined) continue;
    parts.push(bytes);
    if (type === MIDDLE || type === FIRST) continue;
    records.push(Buffer.concat(parts));
    // A last record of which some pages came to the disk, others not, has no record behind the gap.
    if (isGap) isWhole = false;
    parts = undefined;
  }
  return { records, isWhole };
}

/** A log file with these records. */
export function writtenLog(records: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  let left = BLOCK_BYTES;
  for (const record of records) {
    for (let at = 0, isFirst = true; isFirst || at < record.length; isFirst = false) {
      if (left < HEADER_BYTES) {
        pieces.push(Buffer.alloc(left));
        left = BLOCK_BYTES;
      }
      const bytes = record.subarray(at, at + left - HEADER_BYTES);
      at += bytes.length;
      const isLast = at === record.length;
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt8(isFirst ? (isLast ? FULL : FIRST) : isLast ? LAST : MIDDLE, 6);
      header.writeUInt16LE(bytes.length, 4);
      header.writeUInt32LE(maskedCrc32c(Buffer.concat([header.subarray(6), bytes])), 0);
      pieces.push(header, bytes);
      left -= HEADER_BYTES + bytes.length;
    }
  }
  return Buffer.concat(pieces);
}

/** The part that begins there; undefined: none does. */
function partAt(log: Buffer, at: number, blockEnd: number): Part | undefined {
  const end = at + HEADER_BYTES + log.readUInt16LE(at + 4);
  const type = log.readUInt8(at + 6);
  if (type < FULL || type > LAST || end > blockEnd) return undefined;
  if (maskedCrc32c(log.subarray(at + HEADER_BYTES - 1, end)) !== log.readUInt32LE(at)) return undefined;
  return { type, bytes: log.subarray(at + HEADER_BYTES, end), end };
}

/** Where the next part begins within the block, behind what is none; the block's end where none is found. */
function nextPart(log: Buffer, from: number, blockEnd: number): number {
  // The length may be right where the content is not.
  const after = from + HEADER_BYTES + log.readUInt16LE(from + 4);
  if (after + HEADER_BYTES <= blockEnd && partAt(log, after, blockEnd) !== undefined) return after;
  let left = MOST_SEARCHED_BYTES;
  for (let at = from + 1; at + HEADER_BYTES <= blockEnd && left > 0; at += 1) {
    if (partAt(log, at, blockEnd) !== undefined) return at;
    const type = log.readUInt8(at + 6);
    if (type >= FULL && type <= LAST) left -= log.readUInt16LE(at + 4);
  }
  return blockEnd;
}
