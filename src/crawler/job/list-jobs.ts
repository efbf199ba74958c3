import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { JobError, type JobProblem } from '../../errors/job-error.ts';
import { readIdentityFile, readOwner } from '../../job/job.ts';
import { isJobFolder } from '../../job/job-records.ts';
import { type JobSummary, summarizeJob } from './inspect-job.ts';
import { lookAtJob } from './with-job.ts';

/** A job as a list shows it. */
export interface ListedJob {
  readonly folder: string;
  readonly name: string;
  readonly spider: string | undefined;
  /** What its records say; missing where they cannot be read. */
  readonly summary?: JobSummary;
  /** Why they cannot be read. */
  readonly problem?: JobProblem;
  /** The process that runs it. */
  readonly pid?: number | undefined;
  /** When that process took it up. */
  readonly startedAtMs?: number | undefined;
}

/** The job of a folder and those directly below it, by name. Jobs that run are told by their small files. */
export async function listJobs(folder: string): Promise<readonly ListedJob[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();
  const jobs: ListedJob[] = [];
  for (const path of [resolve(folder), ...below]) if (isJobFolder(path)) jobs.push(await listedJob(path));
  return jobs;
}

async function listedJob(folder: string): Promise<ListedJob> {
  const spider = readIdentityFile(folder)?.spider;
  const job = { folder, name: basename(folder), spider };
  try {
    const summary = await lookAtJob(folder, summarizeJob);
    return { ...job, spider: summary.identity?.spider ?? spider, summary };
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    const { pid, startedAtMs } = readOwner(folder) ?? {};
    return { ...job, problem: error.problem, pid, startedAtMs };
  }
}
