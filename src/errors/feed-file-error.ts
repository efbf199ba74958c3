import { CrawlError } from './crawl-error.ts';

/** What is wrong with the file: gone, another file, shorter or longer than it was, with other content, or written to by somebody else. */
export type FeedFileProblem = 'missing' | 'replaced' | 'short' | 'longer' | 'changed' | 'shared';

const WORDS: Readonly<Record<FeedFileProblem, string>> = {
  missing: 'the file of this job is gone',
  replaced: 'another file has taken the place of the one that this job wrote',
  short: 'the file is shorter than this job left it',
  longer: 'somebody has added to the file since this job wrote it',
  changed: 'the file was changed since this job wrote it',
  shared: 'something else writes to this file',
};

const PUT_BACK = 'put the right file back, or move this one away to have it written anew';
const ADVICE: Readonly<Partial<Record<FeedFileProblem, string>>> = {
  missing: 'put it back, or have it written anew',
  shared: 'give each crawl a file of its own',
};

/** A crawl cannot go on with the file of an output, because it is not as the crawl left it. */
export class FeedFileError extends CrawlError {
  readonly code = 'ERR_CRAWL_OUTPUT_FILE';
  readonly path: string;
  readonly problem: FeedFileProblem;

  constructor(path: string, problem: FeedFileProblem, options?: ErrorOptions) {
    super(`${path}: ${WORDS[problem]}; ${ADVICE[problem] ?? PUT_BACK}`, options);
    this.path = path;
    this.problem = problem;
  }
}
