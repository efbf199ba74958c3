import type { SchedulerCounts } from '../../contracts/scheduler.ts';
import { describeJob, type JobDescription } from '../../job/describe-job.ts';
import { folderBytes } from '../../job/folder-bytes.ts';
import type { JobRecords } from '../../job/job-records.ts';
import { maskSecrets } from '../../logging/mask-secrets.ts';
import { type DeadReason, FrontierRecords } from '../../scheduler/frontier-records.ts';
import { lookAtJob } from './with-job.ts';

/** What is to be known of a job. */
export interface JobInspection extends JobDescription {
  readonly folder: string;
  readonly state: JobState;
  readonly counts: SchedulerCounts;
  /** Hosts with the most queued requests, and how many these are. */
  readonly hosts: readonly { readonly host: string; readonly queued: number }[];
  readonly hostCount: number;
  readonly deadReasons: readonly DeadReason[];
  /** Bytes of all files of the job. */
  readonly bytes: number;
}

/** Where a job that does not run stands: never run, not at its end, or at its end. */
export type JobState = 'new' | 'open' | 'finished';

const MOST_HOSTS = 20;

/**
 * Looks at a job that does not run.
 *
 * @throws JobError when it runs elsewhere, is damaged, of a later release, or no job at all.
 */
export async function inspectJob(folder: string): Promise<JobInspection> {
  return lookAtJob(folder, async (records) => {
    const frontier = await FrontierRecords.open(records.journal);
    const description = await describeJob(records);
    const hosts = [...(await frontier.queuedHosts())].map(([host, queued]) => ({ host, queued }));
    return {
      folder,
      ...description,
      feeds: description.feeds.map((feed) => ({ ...feed, uri: maskSecrets(feed.uri) })),
      state: stateOf(description),
      counts: await frontier.counts(),
      hosts: hosts.sort((a, b) => b.queued - a.queued).slice(0, MOST_HOSTS),
      hostCount: hosts.length,
      deadReasons: await frontier.deadReasons(),
      bytes: await folderBytes(folder),
    };
  });
}

/** What `crawl job list` shows of a job that does not run. */
export interface JobSummary extends JobDescription {
  readonly state: JobState;
  readonly counts: SchedulerCounts;
}

/** The short form of `inspectJob`, which reads no queue. */
export async function summarizeJob(records: JobRecords): Promise<JobSummary> {
  const description = await describeJob(records);
  const frontier = await FrontierRecords.open(records.journal);
  return { ...description, state: stateOf(description), counts: await frontier.counts() };
}

function stateOf({ finish, runs }: JobDescription): JobState {
  if (finish !== undefined) return 'finished';
  return runs.length === 0 ? 'new' : 'open';
}
