import { CrawlError } from './crawl-error.ts';

/**
 * Why a job cannot go on: its files are `damaged`; it is of `another` spider, arguments or outputs; it is `running`
 * in another process; a newer release made it (`format`); the folder holds something else (`foreign`); or it could
 * not be `written`.
 */
export type JobProblem = 'damaged' | 'another' | 'running' | 'format' | 'foreign' | 'written';

/** A job on disk cannot be opened, gone on with or written. Nothing that it holds is lost by that. */
export class JobError extends CrawlError {
  readonly code = 'ERR_CRAWL_JOB';
  readonly problem: JobProblem;

  constructor(folder: string, problem: JobProblem, message: string, options?: ErrorOptions) {
    super(`job ${folder}: ${message}`, options);
    this.problem = problem;
  }
}
