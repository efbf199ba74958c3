import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

// Format: github.com/google/leveldb, doc/log_format.md, and db/version_edit.cc for what the records hold.
const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;
const FULL_OR_LAST: ReadonlySet<number> = new Set([1, 4]);
const FULL_OR_FIRST: ReadonlySet<number> = new Set([1, 2]);
const TAG = {
  comparator: 1,
  logNumber: 2,
  nextFile: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLog: 9,
} as const;

/**
 * Numbers of the table files that a store of LevelDB goes by; others are what is left of a merge that was cut off,
 * and are deleted when it is opened. Undefined: the files that say so cannot be read.
 */
export async function liveTables(folder: string): Promise<ReadonlySet<number> | undefined> {
  try {
    const current = await readFile(join(folder, 'CURRENT'), 'latin1');
    const manifest = await readFile(join(folder, current.trim()));
    const live = new Set<number>();
    for (const edit of logRecords(manifest)) apply(edit, live);
    return live;
  } catch {
    return undefined;
  }
}

/** @throws RangeError where a record goes on behind the end. */
function* logRecords(log: Buffer): Iterable<Buffer> {
  let parts: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= log.length; ) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < HEADER_BYTES) {
      at += left;
      continue;
    }
    const length = log.readUInt16LE(at + 4);
    const type = log.readUInt8(at + 6);
    // What a crash left at the very end.
    if (at + HEADER_BYTES + length > log.length) return;
    const part = log.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
    at += HEADER_BYTES + length;
    if (FULL_OR_FIRST.has(type)) parts = [];
    parts.push(part);
    if (FULL_OR_LAST.has(type)) yield Buffer.concat(parts);
  }
}

function apply(edit: Buffer, live: Set<number>): void {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = edit.readUInt8(at);
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const skipText = (): void => {
    const length = number();
    at += length;
  };
  while (at < edit.length) {
    const tag = number();
    if (tag === TAG.comparator) skipText();
    else if (tag === TAG.logNumber || tag === TAG.nextFile || tag === TAG.lastSequence) number();
    else if (tag === TAG.previousLog) number();
    else if (tag === TAG.compactPointer) {
      number();
      skipText();
    } else if (tag === TAG.deletedFile) {
      number();
      live.delete(number());
    } else if (tag === TAG.newFile) {
      number();
      live.add(number());
      number();
      skipText();
      skipText();
    } else throw new RangeError(`no record of LevelDB begins with ${tag}`);
  }
}
