import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Feed, FeedResult } from '../contracts/feed.ts';
import { FeedFileError } from '../errors/feed-file-error.ts';
import { OutputError } from '../errors/output-error.ts';
import type { ItemRecord } from '../values/item.ts';
import { checkOfFile, type FileCheck } from './file-check.ts';
import { ItemLogReader } from './item-log-reader.ts';
import {
  CURSOR_KEYS,
  isAtPath,
  isMade,
  type JobFeedParts,
  type JobOutput,
  type KeptFeedState,
  otherKind,
} from './job-feed.ts';

/** What a feed that is made as a whole works with. */
export interface WholeJobFeedParts extends JobFeedParts {
  /** Folder of the job. */
  readonly folder: string;
  /** Makes the feed. @param basePath - a file whose bytes come first. */
  readonly make: (basePath: string | undefined) => Feed;
}

/** What the job keeps of such a feed. */
interface WholeFeedState extends KeptFeedState {
  /** File, in the folder of the job, that keeps what was there before. */
  readonly base?: string;
  /** That file, as it was copied. */
  readonly baseCheck?: FileCheck;
  /** The file as the last run left it; none: a run ended while it was put in its place. */
  readonly made?: MadeFile;
}

/** Tells whether a file is still the one that was made. */
interface MadeFile {
  readonly inode: number;
  readonly size: number;
}

/**
 * A feed that cannot be cut back (packed files, CSV with collected columns, custom storages): each run of the job
 * makes it anew at its end, from all items of the job.
 */
export class WholeJobFeed implements JobOutput {
  readonly uri: string;
  readonly format: string;
  readonly durability = 'whole';
  readonly #parts: WholeJobFeedParts;
  #state: WholeFeedState = {};

  constructor(feed: Feed, parts: WholeJobFeedParts) {
    this.uri = feed.uri;
    this.format = feed.format;
    this.#parts = parts;
  }

  /** Fails early where the output cannot be written, and keeps what is there if items are to be appended to it. */
  async open(): Promise<void> {
    const { journal, key, folder, make } = this.#parts;
    const stored = await journal.get(CURSOR_KEYS + key);
    let state = stored === undefined ? undefined : (JSON.parse(stored.toString()) as WholeFeedState);
    if (state === undefined) {
      const base = `base-${createHash('sha256').update(key).digest('base64url')}`;
      const path = join(folder, base);
      const isKept = (await make(undefined).prepare?.(path)) ?? false;
      state = isKept ? { base, baseCheck: await checkOfFile(path) } : {};
      journal.put(CURSOR_KEYS + key, JSON.stringify(state));
      await journal.flushed();
    }
    if (!isWholeState(state)) throw otherKind(this.uri);
    this.#state = state;
    await this.#expectBase();
    await this.#expectOwn();
  }

  async isThere(): Promise<boolean> {
    const { journal, key } = this.#parts;
    return await isMade(journal, CURSOR_KEYS + key, this.uri);
  }

  write(_items: readonly ItemRecord[]): undefined {
    return undefined;
  }

  /** Nothing is made before the close. */
  async discard(): Promise<void> {}

  async close(): Promise<FeedResult> {
    const { journal, items, make, folder } = this.#parts;
    const { base } = this.#state;
    await journal.flushed();
    await this.#expectBase();
    const feed = make(base === undefined ? undefined : join(folder, base));
    const reader = new ItemLogReader(items, (some) => feed.write(some));
    try {
      await feed.open();
      await reader.open(0);
      await this.#expectOwn();
      const { made: _made, isLeftOut: _isLeftOut, ...before } = this.#state;
      await this.#note(before);
    } catch (error) {
      await feed.discard?.();
      throw error;
    }
    const result = await feed.close();
    const made = await madeFile(this.uri);
    const isLeftOut = result.items === 0 && !isAtPath(this.uri);
    await this.#note({ ...this.#state, ...(made && { made }), ...(isLeftOut && { isLeftOut }) });
    return result;
  }

  /** What was there before the job is nowhere else: it is not written on without a word where it was damaged. */
  async #expectBase(): Promise<void> {
    const { base, baseCheck } = this.#state;
    if (base === undefined || baseCheck === undefined) return;
    const path = join(this.#parts.folder, base);
    const found = await checkOfFile(path).catch(() => undefined);
    if (found?.bytes === baseCheck.bytes && found.check === baseCheck.check) return;
    throw new OutputError(
      this.uri,
      `the job keeps in ${path} what was in it before, and that file is ${found === undefined ? 'not there or cannot be read' : 'not what was kept'}; put it back, or name another output: that one gets all items of the job`,
    );
  }

  /** Before it is overwritten: nobody else has put a file in its place. */
  async #expectOwn(): Promise<void> {
    const { made } = this.#state;
    const found = made && (await madeFile(this.uri));
    if (made === undefined || found === undefined) return;
    if (found.inode !== made.inode) throw new FeedFileError(this.uri, 'replaced');
    if (found.size !== made.size) throw new FeedFileError(this.uri, 'changed');
  }

  async #note(state: WholeFeedState): Promise<void> {
    const { journal, key } = this.#parts;
    this.#state = state;
    journal.put(CURSOR_KEYS + key, JSON.stringify(state));
    await journal.flushed();
  }
}

function isWholeState(state: object): boolean {
  return !('items' in state) && !('batch' in state) && (!('base' in state) || typeof state.base === 'string');
}

/** The file of an output; undefined: none is there, or the output is no local file. */
async function madeFile(path: string): Promise<MadeFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : { inode: found.ino, size: found.size };
}
