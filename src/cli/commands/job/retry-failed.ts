import { retryFailed } from '../../../crawler/job/change-job.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { count } from '../../format-quantity.ts';
import { jobFolder } from '../../job-folder.ts';
import { shellWord } from '../../shell-word.ts';
import type { Terminal } from '../../terminal.ts';
import { wholeNumber } from '../../whole-number.ts';

/** Options of `crawl job retry-failed`. */
export interface RetryFailedOptions {
  readonly host?: string;
  readonly reason?: string;
  readonly status?: string;
}

/** Queues dead requests again. */
export async function retryFailedCommand(
  terminal: Terminal,
  word: string,
  { host, reason, status }: RetryFailedOptions,
): Promise<number> {
  const filter = {
    host,
    reason,
    status: status === undefined ? undefined : wholeNumber('--status', status, 100),
  };
  const queued = await retryFailed(jobFolder(terminal, word), filter);
  terminal.say(
    queued === 0
      ? `No failed request is meant: \`crawl job requests ${shellWord(word)} --state dead\` shows them.\n`
      : `${count(queued, 'request')} queued again: the next run of the job tries them.\n`,
  );
  return EXIT_CODES.ok;
}
