import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLog } from './level-log.ts';

// Format: github.com/google/leveldb, db/version_edit.cc.
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

/** The files that a store of LevelDB goes by; others are what is left of work that was cut off. */
export interface LiveFiles {
  /** Numbers of its tables. */
  readonly tables: ReadonlySet<number>;
  /** Number of its log; later ones count, too. */
  readonly log: number;
}

/** What `CURRENT` and the file that it names say. Undefined: they cannot be read, or are damaged. */
export async function liveFiles(folder: string): Promise<LiveFiles | undefined> {
  try {
    const current = await readFile(join(folder, 'CURRENT'), 'latin1');
    const { records, isWhole } = readLog(await readFile(join(folder, current.trim())));
    if (!isWhole) return undefined;
    const live = { tables: new Set<number>(), log: 0 };
    for (const edit of records) apply(edit, live);
    return live;
  } catch {
    return undefined;
  }
}

function apply(edit: Buffer, live: { readonly tables: Set<number>; log: number }): void {
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
    else if (tag === TAG.logNumber) live.log = number();
    else if (tag === TAG.nextFile || tag === TAG.lastSequence || tag === TAG.previousLog) number();
    else if (tag === TAG.compactPointer) {
      number();
      skipText();
    } else if (tag === TAG.deletedFile) {
      number();
      live.tables.delete(number());
    } else if (tag === TAG.newFile) {
      number();
      live.tables.add(number());
      number();
      skipText();
      skipText();
    } else throw new RangeError(`no record of LevelDB begins with ${tag}`);
  }
}
