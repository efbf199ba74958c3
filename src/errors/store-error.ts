import { CrawlError } from './crawl-error.ts';

/** What a store on disk could not do, or what is wrong with its files. */
export type StoreProblem = 'locked' | 'damaged' | 'failed';

/** A store on disk is in use by another process, damaged, or could not be read or written. */
export class StoreError extends CrawlError {
  readonly code = 'ERR_CRAWL_STORE';
  readonly folder: string;
  readonly problem: StoreProblem;

  constructor(folder: string, problem: StoreProblem, message: string, options?: ErrorOptions) {
    super(`${folder}: ${message}`, options);
    this.folder = folder;
    this.problem = problem;
  }
}
