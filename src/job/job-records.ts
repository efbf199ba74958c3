import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import type { Store } from '../contracts/store.ts';
import { JobError } from '../errors/job-error.ts';
import { StoreError } from '../errors/store-error.ts';
import { JOB_FILES, JOB_KEYS, readIdentityFile, storeFault } from './job.ts';
import { JOB_FORMAT, type JobIdentity } from './job-identity.ts';
import { damaged, JobJournal } from './job-journal.ts';

/** How the records of a job are opened. */
export interface JobRecordsOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Opens the store of a folder. */
  readonly openStore: (folder: string, options: { readonly create: boolean }) => Promise<Store>;
}

/** Whether a folder is that of a job: it holds what says what the job is about, or its records. */
export function isJobFolder(folder: string): boolean {
  return existsSync(join(folder, JOB_FILES.identity)) || existsSync(join(folder, JOB_FILES.store));
}

/**
 * The records of a job that does not run, for who looks at it or changes it between two runs. Nobody else has the
 * job open meanwhile; a crash leaves it as whole as that of a crawl would.
 */
export class JobRecords {
  readonly folder: string;
  readonly store: Store;
  readonly journal: JobJournal;
  /** What the job is about; undefined: its first run did not come so far. */
  readonly identity: JobIdentity | undefined;

  private constructor(folder: string, store: Store, journal: JobJournal, identity: JobIdentity | undefined) {
    this.folder = folder;
    this.store = store;
    this.journal = journal;
    this.identity = identity;
  }

  /** @throws JobError when it runs elsewhere, is damaged, of a later release, or no job at all. */
  static async open({ folder, clock, openStore }: JobRecordsOptions): Promise<JobRecords> {
    if (!isJobFolder(folder)) throw new JobError(folder, 'foreign', 'there is no job in this folder');
    if (!existsSync(join(folder, JOB_FILES.store))) {
      if (readIdentityFile(folder)?.isBegun !== true)
        throw new JobError(folder, 'foreign', 'its first run has not begun: there is nothing to see yet');
      throw damaged(folder, `its records are gone: there is no folder ${JOB_FILES.store}`);
    }
    const store = await openStore(join(folder, JOB_FILES.store), { create: false }).catch(
      (error: unknown) => {
        throw error instanceof StoreError ? storeFault(folder, error) : error;
      },
    );
    try {
      const journal = await JobJournal.open({ folder, store, clock, onFailure: () => {} });
      const stored = await journal.get(JOB_KEYS.identity);
      const identity = stored && (JSON.parse(stored.toString()) as JobIdentity);
      if (identity !== undefined && identity.format > JOB_FORMAT)
        throw new JobError(folder, 'format', `release ${identity.release} made it: use that or a later one`);
      return new JobRecords(folder, store, journal, identity);
    } catch (error) {
      await store.close().catch(() => {});
      throw error instanceof StoreError ? storeFault(folder, error) : error;
    }
  }

  /** The data of a record. */
  async json<Value>(key: string): Promise<Value | undefined> {
    const payload = await this.journal.get(key);
    return payload === undefined ? undefined : (JSON.parse(payload.toString()) as Value);
  }

  /** Writes what was noted and lets go of the job. */
  async close(): Promise<void> {
    try {
      await this.journal.close();
    } finally {
      await this.store.close();
    }
  }
}
