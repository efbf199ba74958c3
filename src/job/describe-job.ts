import type { FeedCursor } from '../contracts/feed.ts';
import { walkRecords } from '../values/walk-records.ts';
import type { KeptBatch } from './batch-job-feed.ts';
import { JOB_KEYS, type JobFinish, type JobRun, readOwner } from './job.ts';
import { CURSOR_KEYS } from './job-feed.ts';
import type { JobIdentity } from './job-identity.ts';
import { ITEM_KEYS, type LogState } from './job-item-log.ts';
import type { JobRecords } from './job-records.ts';

/** An output of a job, as its records have it. */
export interface KeptFeed {
  /** Its path, or its address without user and password. */
  readonly uri: string;
  /** How it is kept: at a cursor, made anew at the end of each run, or not taken back at all. */
  readonly durability: 'cursor' | 'whole' | 'live';
  /** Items that it has; undefined: it has all of them after each run. */
  readonly items?: number;
  readonly bytes?: number;
  /** Full files, where it is cut into batches. */
  readonly batches?: number;
}

/** What the records of a job say of it, its frontier left out. */
export interface JobDescription {
  readonly identity: JobIdentity | undefined;
  readonly runs: readonly JobRun[];
  readonly finish: JobFinish | undefined;
  readonly isStartDone: boolean;
  readonly startGeneration: number;
  readonly items: number;
  readonly feeds: readonly KeptFeed[];
  /** Process of the last run, where it ended without a word. */
  readonly lostProcess: number | undefined;
}

/** Reads what a job says of itself. */
export async function describeJob(records: JobRecords): Promise<JobDescription> {
  const feeds: KeptFeed[] = [];
  for await (const { key, payload } of walkRecords(records.journal, CURSOR_KEYS))
    feeds.push(keptFeed(key.slice(CURSOR_KEYS.length), JSON.parse(payload.toString())));
  const state = await records.json<LogState>(ITEM_KEYS.state);
  return {
    identity: records.identity,
    runs: (await records.json<readonly JobRun[]>(JOB_KEYS.runs)) ?? [],
    finish: await records.json<JobFinish>(JOB_KEYS.finish),
    isStartDone: (await records.journal.get(JOB_KEYS.startDone)) !== undefined,
    startGeneration: (await records.json<number>(JOB_KEYS.startGeneration)) ?? 0,
    items: state?.end ?? 0,
    feeds,
    lostProcess: readOwner(records.folder)?.pid,
  };
}

function keptFeed(
  uri: string,
  { items, bytes, batch, chosen }: Partial<FeedCursor> & Partial<KeptBatch>,
): KeptFeed {
  if (batch !== undefined) return { uri, durability: 'whole', items: chosen ?? 0, batches: batch - 1 };
  if (items === undefined) return { uri, durability: 'whole' };
  return bytes === undefined
    ? { uri, durability: 'live', items }
    : { uri, durability: 'cursor', items, bytes };
}
