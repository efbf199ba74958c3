import { relative } from 'node:path';
import type { JobResult } from '../crawler/crawler.ts';
import { maskSecrets } from '../logging/mask-secrets.ts';
import { count } from './format-quantity.ts';

/** What the hints of a job are made from. */
export interface JobHintFacts {
  readonly job: JobResult;
  /** Words of the command line, without the command itself. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly crawl: string;
}

/** What a user should know of a job at the end of a run: how it goes on, what was given up. */
export function jobHints({ job, argv, cwd, crawl }: JobHintFacts): string[] {
  const folder = shellWord(relative(cwd, job.folder) || '.');
  const hints: string[] = [];
  if (job.wasFinished) {
    hints.push(
      `The job was finished before: nothing was crawled. Its items: ${crawl} job export ${folder} -o items.jsonl`,
      `To crawl again: name another folder, or ${crawl} job restart-seeds ${folder}`,
    );
  } else if (job.state === 'open') {
    hints.push(`Resume with: ${maskSecrets([crawl, ...argv.map(shellWord)].join(' '))}`);
  }
  if (job.dead > 0) {
    const what = `${count(job.dead, 'request')} ${job.dead === 1 ? 'was' : 'were'} given up`;
    hints.push(
      `${what}: ${crawl} job requests ${folder} --state dead; to try again: ${crawl} job retry-failed ${folder}`,
    );
  }
  return hints;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
