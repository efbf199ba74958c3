import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreEntry } from '../contracts/store.ts';
import { maskedCrc32c } from './crc32c.ts';
import type { LiveFiles } from './live-files.ts';

/** A part of a table file. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** What is in a table file of LevelDB. */
export interface LevelTable {
  /** The newest record of each key in the blocks whose checksums are right. */
  readonly entries: readonly StoreEntry[];
  /** Whether all of it is as it was written. */
  readonly isWhole: boolean;
}

// Format: github.com/google/leveldb, doc/table_format.md, and github.com/google/snappy, format_description.txt.
const FOOTER_BYTES = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
const TRAILER_BYTES = 5;
/** Sequence number and kind of a record, behind its key. */
const TAG_BYTES = 8;
const IS_VALUE = 1;
const SNAPPY = 1;
const TABLE = /^\d+\.(ldb|sst)$/;

/**
 * Table files of a store that are damaged. LevelDB itself looks at no checksum before it merges tables, and ends
 * the process when keys are out of order: who suspects damage must look first.
 */
export async function damagedTables(folder: string, live: LiveFiles | undefined): Promise<readonly string[]> {
  const names = (await readdir(folder).catch((): string[] => []))
    .filter((name) => TABLE.test(name) && live?.tables.has(Number.parseInt(name, 10)) !== false)
    .sort();
  const read = (name: string | undefined): Promise<Buffer | undefined> =>
    name === undefined ? Promise.resolve(undefined) : readFile(join(folder, name)).catch(() => undefined);
  const damaged: string[] = [];
  let reading = read(names[0]);
  for (const [at, name] of names.entries()) {
    const bytes = await reading;
    // The next one is on its way while this one is summed up.
    reading = read(names[at + 1]);
    if (bytes !== undefined && !isWholeTable(bytes)) damaged.push(name);
  }
  return damaged;
}

/** Whether all blocks of a table file are as they were written, by their checksums. */
function isWholeTable(bytes: Buffer): boolean {
  const index = indexOf(bytes);
  if (index === undefined || !index.hasWholeFilters) return false;
  try {
    for (const { value } of blockEntries(index.block))
      if (!isWholeBlock(bytes, readHandle(value, 0).handle)) return false;
    return true;
  } catch {
    return false;
  }
}

/** Reads a table file, as far as it is what was written. */
export function readTable(bytes: Buffer): LevelTable {
  const index = indexOf(bytes);
  if (index === undefined) return { entries: [], isWhole: false };
  const entries: StoreEntry[] = [];
  let isWhole = index.hasWholeFilters;
  let last = '';
  try {
    for (const { value } of blockEntries(index.block)) {
      const block = blockAt(bytes, readHandle(value, 0).handle);
      if (block === undefined) isWhole = false;
      else
        for (const { key: tagged, value: stored } of blockEntries(block)) {
          const key = tagged.toString('utf8', 0, tagged.length - TAG_BYTES);
          // The newest comes first, and it may say that the key was deleted.
          if (tagged.at(-TAG_BYTES) === IS_VALUE && key !== last) entries.push({ key, value: stored });
          last = key;
        }
    }
  } catch {
    isWhole = false;
  }
  return { entries, isWhole };
}

/** The block that names all others, and whether those are right by which LevelDB tells that a key is not there. */
function indexOf(bytes: Buffer): { readonly block: Buffer; readonly hasWholeFilters: boolean } | undefined {
  const footer = bytes.subarray(-FOOTER_BYTES);
  if (footer.length < FOOTER_BYTES || !footer.subarray(-MAGIC.length).equals(MAGIC)) return undefined;
  try {
    const meta = readHandle(footer, 0);
    const block = blockAt(bytes, readHandle(footer, meta.end).handle);
    return block && { block, hasWholeFilters: areFiltersWhole(bytes, meta.handle) };
  } catch {
    return undefined;
  }
}

function areFiltersWhole(bytes: Buffer, handle: Handle): boolean {
  const names = blockAt(bytes, handle);
  if (names === undefined) return false;
  for (const { value } of blockEntries(names))
    if (blockAt(bytes, readHandle(value, 0).handle) === undefined) return false;
  return true;
}

/** A block without its trailer, unpacked; undefined: it is not what was written. */
function blockAt(bytes: Buffer, { offset, size }: Handle): Buffer | undefined {
  if (!isWholeBlock(bytes, { offset, size })) return undefined;
  const end = offset + size;
  const block = bytes.subarray(offset, end);
  return bytes[end] === SNAPPY ? unpacked(block) : block;
}

function isWholeBlock(bytes: Buffer, { offset, size }: Handle): boolean {
  const end = offset + size;
  if (end + TRAILER_BYTES > bytes.length) return false;
  return maskedCrc32c(bytes.subarray(offset, end + 1)) === bytes.readUInt32LE(end + 1);
}

/** Keys are stored by what sets them apart from the one before. */
function* blockEntries(block: Buffer): Iterable<{ readonly key: Buffer; readonly value: Buffer }> {
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 - restarts * 4;
  let key: Buffer = Buffer.alloc(0);
  for (let at = 0; at < end; ) {
    const shared = readVarint(block, at);
    const own = readVarint(block, shared.end);
    const length = readVarint(block, own.end);
    const valueAt = length.end + own.value;
    key = Buffer.concat([key.subarray(0, shared.value), block.subarray(length.end, valueAt)]);
    at = valueAt + length.value;
    yield { key, value: block.subarray(valueAt, at) };
  }
}

function readHandle(bytes: Buffer, at: number): { readonly handle: Handle; readonly end: number } {
  const offset = readVarint(bytes, at);
  const size = readVarint(bytes, offset.end);
  return { handle: { offset: offset.value, size: size.value }, end: size.end };
}

function readVarint(bytes: Buffer, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = from, factor = 1; at < from + 10; at += 1, factor *= 128) {
    const byte = bytes.readUInt8(at);
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError('a number without an end');
}

/** @throws RangeError where it is not packed by Snappy. */
function unpacked(bytes: Buffer): Buffer {
  const { value: size, end: start } = readVarint(bytes, 0);
  const out = Buffer.alloc(size);
  let done = 0;
  for (let at = start; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    const kind = tag & 3;
    at += 1;
    if (kind === 0) {
      let length = (tag >>> 2) + 1;
      if (length > 60) {
        const extra = length - 60;
        length = bytes.readUIntLE(at, extra) + 1;
        at += extra;
      }
      done += bytes.copy(out, done, at, at + length);
      at += length;
      continue;
    }
    const width = kind === 3 ? 4 : kind;
    const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    const back = (kind === 1 ? (tag >>> 5) << 8 : 0) + bytes.readUIntLE(at, width);
    at += width;
    if (back === 0 || back > done) throw new RangeError('a copy from before the beginning');
    for (let left = length; left > 0; left -= 1, done += 1) out[done] = out[done - back] ?? 0;
  }
  if (done !== size) throw new RangeError('another size than was said');
  return out;
}
