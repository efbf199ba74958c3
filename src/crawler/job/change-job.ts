import { existsSync } from 'node:fs';
import { failedPagePath } from '../../job/failed-pages.ts';
import { JOB_KEYS } from '../../job/job.ts';
import type { JobRecords } from '../../job/job-records.ts';
import { restartStart } from '../../job/restart-start.ts';
import {
  type DeadFilter,
  type DroppedOfHost,
  type FrontierQuestion,
  FrontierRecords,
  type FrontierRequest,
} from '../../scheduler/frontier-records.ts';
import { appendAll } from '../../values/append-all.ts';
import { lookAtJob, withJob } from './with-job.ts';

export type { DeadFilter, DroppedOfHost, FrontierQuestion };

const STATES = ['queued', 'delayed', 'leased', 'dead'] as const;

/** Which requests of a job are asked for; without a state those of all. */
export type JobQuestion = Omit<FrontierQuestion, 'state'> & { readonly state?: FrontierQuestion['state'] };

/** A request of a job. */
export interface JobRequest extends FrontierRequest {
  /** File with the last answer of a dead request (`keepFailedPages`). */
  readonly answer?: string;
}

/** Requests of a job that does not run, in order of their ids. @throws JobError as `inspectJob` does. */
export async function jobRequests(
  folder: string,
  { state: asked, ...question }: JobQuestion,
): Promise<readonly JobRequest[]> {
  const found = await lookAtJob(folder, async ({ journal }) => {
    const frontier = await FrontierRecords.open(journal);
    if (asked !== undefined) return frontier.list({ ...question, state: asked });
    const all: FrontierRequest[] = [];
    for (const state of STATES) appendAll(all, await frontier.list({ ...question, state }));
    return all.sort((a, b) => a.id - b.id).slice(0, question.limit);
  });
  return found.map((request) => {
    if (request.state !== 'dead') return request;
    const answer = failedPagePath(folder, request.fingerprint);
    return existsSync(answer) ? { ...request, answer } : request;
  });
}

/**
 * Queues dead requests of a job again as if they had never been tried, so that its next run goes on with them;
 * gives how many.
 *
 * @throws JobError as `inspectJob` does.
 */
export async function retryFailed(folder: string, filter: DeadFilter): Promise<number> {
  return withJob(folder, async (records) => {
    const frontier = await FrontierRecords.open(records.journal);
    if ((await frontier.countDead(filter)) === 0) return 0;
    // First: a job that has work left and says that it is finished would never do it.
    await noteOpen(records);
    return await frontier.requeueDead(filter);
  });
}

/** Forgets what is queued or waits for a retry at a host. @throws JobError as `inspectJob` does. */
export async function dropHost(folder: string, host: string): Promise<DroppedOfHost> {
  return withJob(folder, async ({ journal }) => (await FrontierRecords.open(journal)).dropHost(host));
}

/**
 * Has the next run of a job call `start()` again; gives how often that was asked for. Undefined: `start()` has not
 * ended yet, so that it goes on anyway.
 *
 * @throws JobError as `inspectJob` does.
 */
export async function restartSeeds(folder: string): Promise<number | undefined> {
  return withJob(folder, restartStart);
}

async function noteOpen({ journal }: JobRecords): Promise<void> {
  journal.delete(JOB_KEYS.finish);
  await journal.flushed();
}
