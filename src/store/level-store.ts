import { chmod, link, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ClassicLevel } from 'classic-level';
import type { RangeOptions, Store, StoreChange, StoreEntry } from '../contracts/store.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { StoreError, type StoreProblem } from '../errors/store-error.ts';
import { makeFolder } from '../values/make-folder.ts';
import { damagedFiles } from './damaged-files.ts';

/** How a store is opened. */
export interface LevelStoreOptions {
  /** Make it where there is none. @defaultValue `true` */
  readonly create?: boolean;
}

/** Changes of a batch, and bytes of them, that are handed over before the loop is given back for a while. */
const CHANGES_A_TURN = 2048;
const BYTES_A_TURN = 512 * 1024;

type Level = ClassicLevel<string, Uint8Array | string>;

const ENCODINGS = { keyEncoding: 'utf8', valueEncoding: 'buffer' } as const;
const MOST_ENTRIES = 1000;
/** What one step of reading a range brings. */
const MOST_STEP_BYTES = 4 * 1024 * 1024;
/** LevelDB keeps a file open and mapped for each 2 MB: large jobs would need thousands. */
const TABLE_BYTES = 8 * 1024 * 1024;
/** Both names: the binding says the first, LevelDB's text in the cause the second. */
const DAMAGED =
  /corrupt|LEVEL_CORRUPTION|checksum mismatch|does not match existing|no such file|not an sstable|create_if_missing is false/i;

/**
 * Opens a store of LevelDB files in a folder of its own, made with rights for its owner only. The lock on it ends
 * with the process, whatever end that is.
 *
 * @throws StoreError when it is in use, damaged, or cannot be opened.
 */
export async function openLevelStore(
  folder: string,
  { create = true }: LevelStoreOptions = {},
): Promise<Store> {
  // First of all: it opens itself once it is made.
  const { tables, logs } = await damagedFiles(folder);
  const [file] = [...tables, ...logs];
  if (file !== undefined) throw new StoreError(folder, 'damaged', `its file ${file} is not what was written`);
  const { ClassicLevel } = await import('classic-level');
  const level: Level = new ClassicLevel<string, Uint8Array | string>(folder, {
    ...ENCODINGS,
    createIfMissing: create,
    maxFileSize: TABLE_BYTES,
  });
  try {
    if (create) makeFolder(folder, 0o700);
    await chmod(folder, 0o700);
    await level.open();
  } catch (error) {
    throw storeError(folder, error);
  }
  return new LevelStore(folder, level);
}

/**
 * Saves what can be saved of a damaged store, into new files.
 *
 * @throws StoreError when it is in use or nothing can be saved.
 */
export async function repairLevelStore(folder: string): Promise<void> {
  const { ClassicLevel } = await import('classic-level');
  try {
    await ClassicLevel.repair(folder);
  } catch (error) {
    throw storeError(folder, error);
  }
}

/**
 * Whether another process has a store open. Its files are left as they are, damaged or not. This process must not
 * have it open: the lock is on the process, which would lose it.
 */
export async function isLevelStoreLocked(folder: string): Promise<boolean> {
  const { ClassicLevel } = await import('classic-level');
  const aside = await mkdtemp(`${folder}.lock-`);
  try {
    // The lock is on the file, whatever its name: an empty store that shares it is locked too.
    await link(join(folder, 'LOCK'), join(aside, 'LOCK'));
    const level = new ClassicLevel(aside);
    await level.open();
    await level.close();
    return false;
  } catch (error) {
    return storeError(folder, error).problem === 'locked';
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * Every record that can be read in a store, in one pass and without opening it for others: damaged keys, which are
 * out of order, do not stop it.
 *
 * @throws StoreError when it is in use, or damaged so that it must be repaired first.
 */
export async function* salvagedEntries(folder: string): AsyncGenerator<StoreEntry> {
  const { ClassicLevel } = await import('classic-level');
  const level: Level = new ClassicLevel<string, Uint8Array | string>(folder, {
    ...ENCODINGS,
    createIfMissing: false,
  });
  try {
    await level.open();
    const iterator = level.iterator({ fillCache: false, highWaterMarkBytes: MOST_STEP_BYTES });
    try {
      for (;;) {
        const some = await iterator.nextv(MOST_ENTRIES);
        if (some.length === 0) return;
        for (const [key, value] of some) yield { key, value: value as Uint8Array };
      }
    } finally {
      await iterator.close();
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw storeError(folder, error);
  } finally {
    await level.close();
  }
}

/** Reads that are asked for in one turn. */
interface Gets {
  readonly keys: string[];
  readonly values: Promise<readonly (Uint8Array | undefined)[]>;
}

class LevelStore implements Store {
  readonly #folder: string;
  readonly #level: Level;
  #gets: Gets | undefined;

  constructor(folder: string, level: Level) {
    this.#folder = folder;
    this.#level = level;
  }

  /** Those that are asked for in one turn are read together, for a fifth of what single reads cost. */
  async get(key: string): Promise<Uint8Array | undefined> {
    this.#gets ??= this.#getSoon();
    const { keys, values } = this.#gets;
    const at = keys.push(key) - 1;
    try {
      return (await values)[at];
    } catch {
      // Which of them is at fault is not told.
      return (await this.#told(this.#level.get(key))) as Uint8Array | undefined;
    }
  }

  async range(
    from: string,
    to: string,
    { limit = MOST_ENTRIES, mostBytes = Number.POSITIVE_INFINITY, reverse = false }: RangeOptions = {},
  ): Promise<readonly StoreEntry[]> {
    const iterator = this.#level.iterator({
      gte: from,
      lt: to,
      limit,
      reverse,
      fillCache: false,
      highWaterMarkBytes: Math.min(mostBytes, MOST_STEP_BYTES),
    });
    const entries: StoreEntry[] = [];
    let bytes = 0;
    try {
      while (entries.length < limit && bytes < mostBytes) {
        const some = await this.#told(iterator.nextv(limit - entries.length));
        if (some.length === 0) break;
        for (const [key, value] of some as [string, Uint8Array][]) {
          entries.push({ key, value });
          bytes += value.length;
        }
      }
    } finally {
      await iterator.close();
    }
    return entries;
  }

  async batch(changes: readonly StoreChange[]): Promise<void> {
    await this.#told(this.#write(changes, false));
  }

  /** LevelDB syncs its log with a write: an empty one would be left out. */
  async sync(): Promise<void> {
    await this.#told(this.#write([[SYNC_KEY, undefined]], true));
  }

  async compact(from = '', to = LAST_KEY): Promise<void> {
    await this.#told(this.#level.compactRange(from, to));
  }

  async close(): Promise<void> {
    await this.#told(this.#level.close());
  }

  #getSoon(): Gets {
    const keys: string[] = [];
    const read = async (): Promise<(Uint8Array | undefined)[]> => {
      // Whatever goes on in this turn may ask for more.
      await setImmediate();
      this.#gets = undefined;
      return (await this.#level.getMany(keys, { fillCache: false })) as (Uint8Array | undefined)[];
    };
    return { keys, values: read() };
  }

  async #write(changes: readonly StoreChange[], sync: boolean): Promise<void> {
    const batch = this.#level.batch();
    let bytes = 0;
    for (const [at, [key, value]] of changes.entries()) {
      if (value === undefined) batch.del(key);
      else batch.put(key, value);
      bytes += value?.length ?? 0;
      if (at % CHANGES_A_TURN < CHANGES_A_TURN - 1 && bytes < BYTES_A_TURN) continue;
      bytes = 0;
      await setImmediate();
    }
    await batch.write({ sync });
  }

  async #told<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work;
    } catch (error) {
      throw storeError(this.#folder, error);
    }
  }
}

/** A key that nobody has. */
const SYNC_KEY = '\u0000';
const LAST_KEY = '\u{10ffff}';

function storeError(folder: string, error: unknown): StoreError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const problem = problemOf(code, errorMessage(cause));
  const texts: Readonly<Record<StoreProblem, string>> = {
    locked: 'it is in use by another process',
    damaged: `its files are damaged (${errorMessage(cause)})`,
    failed:
      code === 'EROFS'
        ? 'nothing can be written there, the file system is read-only'
        : `it cannot be read or written (${errorMessage(cause)})`,
  };
  return new StoreError(folder, problem, texts[problem], { cause });
}

function problemOf(code: string, message: string): StoreProblem {
  if (code === 'LEVEL_LOCKED') return 'locked';
  return DAMAGED.test(code) || DAMAGED.test(message) ? 'damaged' : 'failed';
}
