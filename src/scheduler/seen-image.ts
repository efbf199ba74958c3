import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { SEEN_SHARDS, SeenSet } from './seen-set.ts';

/** Four numbers for each shard: fingerprints, slots, checksum of its table, and of these three. */
const ENTRY_WORDS = 4;
const SLOT_BYTES = 16;
const NO_TABLE = new Uint32Array();
/** Each had a name of its own once. */
const UNFINISHED = /^seen(\.image|-[0-9a-f]+)\.tmp$/;
const MAGIC = Buffer.from('orbweaver seen 1');

/**
 * Writes the tables of the duplicate filter into a file, shard by shard, while the filter goes on growing. The
 * file may know more than the filter knew at the beginning, never less; it takes its place once `isSafe` has
 * resolved: when all that the filter knows is on disk elsewhere too.
 */
export async function writeSeenImage(
  seen: SeenSet,
  path: string,
  isSafe: () => Promise<void>,
): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.write(MAGIC);
      let copy = new Uint32Array();
      for (let shard = 0; shard < SEEN_SHARDS; shard++) {
        const table = seen.table(shard) ?? NO_TABLE;
        const words = ENTRY_WORDS + table.length;
        // One copy for all, since the table may change while it is written: fresh ones would fill the memory by hundreds of megabytes.
        if (copy.length < words) copy = new Uint32Array(words);
        copy.set(table, ENTRY_WORDS);
        const bytes = Buffer.from(copy.buffer, 0, words * 4);
        copy.set([seen.countOf(shard), table.length, crc32(bytes.subarray(ENTRY_WORDS * 4))]);
        copy[3] = crc32(bytes.subarray(0, 12));
        await writeAll(file, bytes);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await isSafe();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes images from the folder of a job that were being written when a process ended. Nobody else has the job open. */
export async function removeUnfinishedImages(folder: string): Promise<void> {
  const unfinished = (await readdir(folder)).filter((name) => UNFINISHED.test(name));
  for (const name of unfinished) await rm(join(folder, name), { force: true });
}

/** The duplicate filter of an image; undefined: there is none, or it is not what was written. */
export async function readSeenImage(path: string): Promise<SeenSet | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const seen = new SeenSet();
    let position = MAGIC.length;
    if (!(await read(file, 0, MAGIC.length)).equals(MAGIC)) return undefined;
    for (let shard = 0; shard < SEEN_SHARDS; shard++) {
      const head = await read(file, position, ENTRY_WORDS * 4);
      if (head.length < ENTRY_WORDS * 4) return undefined;
      const [count, words, check, headCheck] = new Uint32Array(Uint8Array.from(head).buffer);
      if (count === undefined || words === undefined || headCheck !== crc32(head.subarray(0, 12)))
        return undefined;
      position += head.length;
      const length = words * 4;
      if (length % SLOT_BYTES !== 0 || position + length > size) return undefined;
      const table = await readTable(file, position, length);
      if (table === undefined || crc32(Buffer.from(table.buffer)) !== check) return undefined;
      position += length;
      if (length > 0 && !seen.restoreTable(shard, table, count)) return undefined;
    }
    return position === size ? seen : undefined;
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function readTable(
  file: FileHandle,
  position: number,
  length: number,
): Promise<Uint32Array | undefined> {
  const table = new Uint32Array(length / 4);
  const bytes = Buffer.from(table.buffer);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  return table;
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}
