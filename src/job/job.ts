import { readFileSync, rmSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import type { JobProgress } from '../contracts/job.ts';
import type { Logger } from '../contracts/logger.ts';
import type { Stats } from '../contracts/stats.ts';
import type { Store } from '../contracts/store.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { JobError } from '../errors/job-error.ts';
import { StoreError } from '../errors/store-error.ts';
import { makeFolder } from '../values/make-folder.ts';
import { keyAfter } from '../values/number-key.ts';
import { outputPath } from '../values/output-place.ts';
import { realPlace } from '../values/real-place.ts';
import { isProcessAlive } from './is-process-alive.ts';
import { CURSOR_KEYS, withoutUserinfo } from './job-feed.ts';
import {
  changedSettings,
  differencesOf,
  identityOf,
  JOB_FORMAT,
  type JobIdentity,
  type JobSubject,
} from './job-identity.ts';
import { JobItemLog } from './job-item-log.ts';
import { damaged, JobJournal } from './job-journal.ts';
import { JobMemory } from './job-memory.ts';

/** How a job is opened. */
export interface JobOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly subject: JobSubject;
  /** Opens the store of a folder. */
  readonly openStore: (folder: string, options: { readonly create: boolean }) => Promise<Store>;
  /** What survives a power cut, too: every batch is synced. @defaultValue `false` */
  readonly syncs?: boolean;
  /** Go on although spider or arguments are others. @defaultValue `false` */
  readonly mayDiffer?: boolean;
  /** Told of the fault after which the job writes nothing more. */
  readonly onFault: (error: Error) => void;
}

/** One run of a job. */
export interface JobRun {
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** Why it ended; none: it runs, or its process ended without a word. */
  readonly reason?: string;
}

/** How a job came to its end. */
export interface JobFinish {
  readonly atMs: number;
  readonly pages: number;
  readonly items: number;
  /** Requests that were given up. */
  readonly dead: number;
}

/** Keys of a job's own records. */
export const JOB_KEYS = {
  identity: 'sjob',
  runs: 'sruns',
  finish: 'sfinish',
  startDone: 'sstart',
  startGeneration: 'sstartgen',
  /** A repair may have lost places of feeds. */
  feedsLost: 'sfeedslost',
  feedNames: 'sfeednames',
} as const;

/** Files in the folder of a job. */
export const JOB_FILES = { store: 'store', identity: 'job.json', owner: 'owner.json' } as const;

const MOST_RUNS_KEPT = 100;
const MOST_WAIT_MS = 5000;
const TRY_AGAIN_MS = 100;

/**
 * A crawl on disk: its journal, its item log, and what its components remember. One process has it open at a time;
 * the lock ends with the process.
 */
export class Job implements JobProgress {
  readonly folder: string;
  readonly journal: JobJournal;
  readonly items: JobItemLog;
  readonly memory: JobMemory;
  readonly identity: JobIdentity;
  readonly startGeneration: number;
  /** A repair may have lost places of feeds: files of those without one may hold items of the job already. */
  readonly mayLackFeeds: boolean;
  readonly #feedPlaces: ReadonlySet<string>;
  /** Keys of outputs that are files here, by what they were ever named and by where they really are. */
  readonly #feedNames: Map<string, string>;
  /** Whether it has been run before. */
  readonly isResumed: boolean;
  /** How it came to its end in an earlier run. */
  readonly finish: JobFinish | undefined;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #runs: JobRun[];
  readonly #itemsAtStart: number;
  readonly #startOrdinals: number;
  readonly #syncedFiles: (() => Promise<void>)[];
  #isStartDone: boolean;

  private constructor(parts: JobParts) {
    this.folder = parts.folder;
    this.journal = parts.journal;
    this.items = parts.items;
    this.memory = parts.memory;
    this.identity = parts.identity;
    this.isResumed = parts.runs.length > 0;
    this.finish = parts.finish;
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#runs = parts.runs;
    this.startGeneration = parts.startGeneration;
    this.mayLackFeeds = parts.mayLackFeeds;
    this.#feedPlaces = parts.feedPlaces;
    this.#feedNames = parts.feedNames;
    this.#isStartDone = parts.isStartDone;
    this.#itemsAtStart = parts.items.end;
    this.#startOrdinals = parts.items.startOrdinals;
    this.#syncedFiles = parts.syncedFiles;
  }

  /**
   * Opens a job, or makes it where the folder is empty or missing.
   *
   * @throws JobError when it runs elsewhere, is of another spider, damaged, of a later release, or no job at all.
   */
  static async open(options: JobOptions): Promise<Job> {
    const { folder, clock, logger, syncs = false, onFault } = options;
    const isNew = await openFolder(folder);
    const store = await openStore(options, isNew);
    try {
      const syncedFiles: (() => Promise<void>)[] = [];
      const journal = await JobJournal.open({
        folder,
        store,
        clock,
        syncs,
        onFailure: onFault,
        beforeSync: async () => {
          for (const sync of syncedFiles) await sync();
        },
      });
      const identity = await checkedIdentity(options, journal, isNew);
      const runs = await json<JobRun[]>(journal, JOB_KEYS.runs);
      const finish = await json<JobFinish>(journal, JOB_KEYS.finish);
      const items = await JobItemLog.open(folder, journal);
      const memory = await JobMemory.open(journal, clock, logger);
      const isStartDone = (await journal.get(JOB_KEYS.startDone)) !== undefined;
      const startGeneration = (await json<number>(journal, JOB_KEYS.startGeneration)) ?? 0;
      const mayLackFeeds = (await journal.get(JOB_KEYS.feedsLost)) !== undefined;
      const places = await journal.range(CURSOR_KEYS, keyAfter(CURSOR_KEYS));
      const feedPlaces = new Set(places.map(({ key }) => key.slice(CURSOR_KEYS.length)));
      const feedNames = await json<Record<string, string>>(journal, JOB_KEYS.feedNames);
      await writeOwner(folder, clock);
      const parts = {
        folder,
        store,
        clock,
        journal,
        items,
        memory,
        identity,
        finish,
        isStartDone,
        startGeneration,
        mayLackFeeds,
        feedPlaces,
        syncedFiles,
      };
      return new Job({ ...parts, runs: runs ?? [], feedNames: new Map(Object.entries(feedNames ?? {})) });
    } catch (error) {
      await store.close().catch(() => {});
      throw error;
    }
  }

  /**
   * Names an output within the job. A file is known by its place, however it is named and from which folder
   * (relative paths begin at `folder`), and by a name that it had, where all was moved together.
   */
  feedKey(uri: string, folder?: string): string {
    const path = outputPath(uri, folder);
    if (path === undefined) return this.#feedPlaces.has(uri) ? uri : withoutUserinfo(uri);
    const names = this.#feedNames;
    const place = realPlace(path);
    const key = names.get(place) ?? names.get(uri) ?? this.#unnamedKey(uri, path, folder) ?? path;
    for (const name of [place, uri]) names.set(name, key);
    return key;
  }

  /** An older job has the place of an output under the first word for it alone. */
  #unnamedKey(uri: string, path: string, folder: string | undefined): string | undefined {
    if (this.#feedPlaces.has(uri)) return uri;
    return [...this.#feedPlaces].find((key) => outputPath(key, folder) === path);
  }

  /** Whether an output of that name has its place in the job. */
  knowsFeed(key: string): boolean {
    return this.#feedPlaces.has(key);
  }

  get isStartDone(): boolean {
    return this.#isStartDone;
  }

  get startOrdinals(): number {
    return this.#startOrdinals;
  }

  /** Items that earlier runs scraped. */
  get itemCount(): number {
    return this.#itemsAtStart;
  }

  noteStartDone(): void {
    this.#isStartDone = true;
    this.journal.put(JOB_KEYS.startDone, '{}');
  }

  /** `start()` is to be run again: it has more to give than when it had ended. */
  reopenStart(): void {
    this.#isStartDone = false;
    this.journal.delete(JOB_KEYS.startDone);
  }

  /** Notes that a run begins; its stats and states are kept from now on. */
  async begin(stats: Stats): Promise<void> {
    this.#runs.push({ startedAtMs: this.#clock.now() });
    if (this.#runs.length > MOST_RUNS_KEPT) this.#runs.shift();
    this.journal.put(JOB_KEYS.runs, JSON.stringify(this.#runs));
    if (this.finish !== undefined) this.journal.delete(JOB_KEYS.finish);
    if (this.#feedNames.size > 0)
      this.journal.put(JOB_KEYS.feedNames, JSON.stringify(Object.fromEntries(this.#feedNames)));
    this.memory.watch(stats);
    await this.journal.flushed();
  }

  /** A file that must be synced before the records that tell of it. */
  syncWith(sync: () => Promise<void>): void {
    this.#syncedFiles.push(sync);
  }

  /** Notes how the run ended, writes what is left and lets go of the folder. */
  async close(reason: string, finish?: Omit<JobFinish, 'atMs'>): Promise<void> {
    try {
      const atMs = this.#clock.now();
      const run = this.#runs.at(-1);
      if (run !== undefined) {
        this.#runs[this.#runs.length - 1] = { ...run, endedAtMs: atMs, reason };
        this.journal.put(JOB_KEYS.runs, JSON.stringify(this.#runs));
      }
      if (finish !== undefined) this.journal.put(JOB_KEYS.finish, JSON.stringify({ ...finish, atMs }));
      this.memory.noteAll();
      await this.journal.close();
    } finally {
      await this.release();
    }
  }

  /** Lets go of the folder; what is not written yet is lost. */
  async release(): Promise<void> {
    await this.#store.close();
    rmSync(join(this.folder, JOB_FILES.owner), { force: true });
  }
}

interface JobParts {
  readonly folder: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly journal: JobJournal;
  readonly items: JobItemLog;
  readonly memory: JobMemory;
  readonly identity: JobIdentity;
  readonly runs: JobRun[];
  readonly finish: JobFinish | undefined;
  readonly isStartDone: boolean;
  readonly startGeneration: number;
  readonly mayLackFeeds: boolean;
  readonly feedPlaces: ReadonlySet<string>;
  readonly feedNames: Map<string, string>;
  readonly syncedFiles: (() => Promise<void>)[];
}

/** Makes the folder; whether the job is to be made in it. @throws JobError where it holds something else. */
async function openFolder(folder: string): Promise<boolean> {
  let names: string[];
  try {
    makeFolder(folder, 0o700);
    names = await readdir(folder);
  } catch (error) {
    throw new JobError(folder, 'written', `the folder cannot be made or read (${errorMessage(error)})`, {
      cause: error,
    });
  }
  const isJob = names.includes(JOB_FILES.store) || names.includes(JOB_FILES.identity);
  if (!isJob && names.some((name) => !name.endsWith('.tmp'))) {
    throw new JobError(
      folder,
      'foreign',
      `the folder holds something else (${names[0]}): name an empty or a new one`,
    );
  }
  if (!(await isBegun(folder, names))) return true;
  if (names.includes(JOB_FILES.store)) return false;
  throw damaged(folder, `its records are gone: there is no folder ${JOB_FILES.store}`);
}

/** Whether there are records already: a process may have ended while it made the store. */
async function isBegun(folder: string, names: readonly string[]): Promise<boolean> {
  const identity = readIdentityFile(folder);
  if (identity !== undefined) return identity.isBegun;
  // What cannot be read may be a copy that was damaged; LevelDB would clear away tables that it does not know of.
  if (names.includes(JOB_FILES.identity)) return true;
  const files = names.includes(JOB_FILES.store) ? await readdir(join(folder, JOB_FILES.store)) : [];
  return files.some((name) => name.endsWith('.ldb'));
}

/** Opens the store. Commands that look at a job have it open for a moment, and are no owners: that is waited for. */
async function openStore({ folder, clock, openStore: open }: JobOptions, create: boolean): Promise<Store> {
  const givesUpAtMs = clock.monotonicMs() + MOST_WAIT_MS;
  for (;;) {
    try {
      return await open(join(folder, JOB_FILES.store), { create });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const isLookedAt = error.problem === 'locked' && !isOwned(folder);
      if (!isLookedAt || clock.monotonicMs() >= givesUpAtMs) throw storeFault(folder, error);
    }
    await new Promise<void>((resolve) => void clock.setTimeout(resolve, TRY_AGAIN_MS));
  }
}

/** A process that was killed leaves its file behind. */
function isOwned(folder: string): boolean {
  const owner = readOwner(folder);
  return owner !== undefined && isProcessAlive(owner.pid);
}

/** A fault of the store as one of the job. */
export function storeFault(folder: string, error: StoreError): JobError {
  if (error.problem === 'locked') {
    const owner = readOwner(folder);
    const isAlive = owner !== undefined && isProcessAlive(owner.pid);
    const who = isAlive ? `process ${owner.pid}` : 'another process';
    return new JobError(
      folder,
      'running',
      `${who} is running it: wait for its end, or stop it (Ctrl-C, SIGTERM)`,
      {
        cause: error,
      },
    );
  }
  if (error.problem === 'damaged') return damaged(folder, error.message, error);
  return new JobError(folder, 'written', error.message, { cause: error });
}

/** The identity on disk, checked against the subject; a new one where the job is new. */
async function checkedIdentity(
  options: JobOptions,
  journal: JobJournal,
  isNew: boolean,
): Promise<JobIdentity> {
  const { folder, subject, clock, logger, mayDiffer = false } = options;
  const stored = await json<JobIdentity>(journal, JOB_KEYS.identity);
  const now = identityOf(subject, stored?.createdAtMs ?? clock.now());
  if (stored === undefined) {
    if (!isNew || journal.durableBatch > 0)
      throw damaged(folder, 'the record that says what it is about is missing');
  } else {
    if (stored.format > JOB_FORMAT)
      throw new JobError(
        folder,
        'format',
        `release ${stored.release} made it: go on with that or a later one`,
      );
    const differences = differencesOf(stored, now);
    if (differences.length > 0 && !mayDiffer) {
      throw new JobError(
        folder,
        'another',
        `${differences.join('; ')}; name another folder, or go on all the same with --job-change`,
      );
    }
    for (const change of changedSettings(stored, now)) logger.info(`setting ${change}`);
  }
  journal.put(JOB_KEYS.identity, JSON.stringify(now));
  await writeFile(folder, JOB_FILES.identity, { ...now, isBegun: stored !== undefined });
  await journal.flushed();
  if (stored === undefined) await writeFile(folder, JOB_FILES.identity, { ...now, isBegun: true });
  return now;
}

/** The identity as its readable copy says; undefined: there is none, or it cannot be read. */
export function readIdentityFile(folder: string): (JobIdentity & { readonly isBegun: boolean }) | undefined {
  return readJson(join(folder, JOB_FILES.identity));
}

/** The process that has a job open, if its file is to be believed. */
export function readOwner(
  folder: string,
): { readonly pid: number; readonly startedAtMs: number } | undefined {
  return readJson(join(folder, JOB_FILES.owner));
}

function readJson<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch {
    return undefined;
  }
}

async function writeOwner(folder: string, clock: Clock): Promise<void> {
  await writeFile(folder, JOB_FILES.owner, { pid: process.pid, startedAtMs: clock.now() });
}

/** Writes a small file whole or not at all. */
async function writeFile(folder: string, name: string, value: unknown): Promise<void> {
  const temporary = join(folder, `${name}.tmp`);
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw new JobError(folder, 'written', `${name} cannot be written (${errorMessage(error)})`, {
      cause: error,
    });
  }
}

async function json<Value>(journal: JobJournal, key: string): Promise<Value | undefined> {
  const payload = await journal.get(key);
  return payload === undefined ? undefined : (JSON.parse(payload.toString()) as Value);
}
