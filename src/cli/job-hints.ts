import { relative } from 'node:path';
import { maskSecrets } from '../api.ts';
import type { JobResult } from '../crawler/crawler.ts';
import { count } from './format-quantity.ts';
import { shellWord } from './shell-word.ts';

/** What the hints of a job are made from. */
export interface JobHintFacts {
  readonly job: JobResult;
  /** Why the run ended. */
  readonly reason: string;
  /** Whether a fault ended it: the same command ends so again until that is put right. @defaultValue `false` */
  readonly isFaulty?: boolean;
  /** Words of the command line, without the command itself. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly crawl: string;
}

/** Limits that end a job again as long as they are the same. */
const LIMITS: ReadonlySet<string> = new Set(['maxPages', 'maxItems', 'maxErrors']);

/** What a user should know of a job at the end of a run: how it goes on, what was given up. */
export function jobHints({ job, reason, isFaulty = false, argv, cwd, crawl }: JobHintFacts): string[] {
  const below = relative(cwd, job.folder) || '.';
  const folder = shellWord(below.startsWith('..') ? job.folder : below);
  const hints: string[] = [];
  if (job.wasFinished) {
    hints.push(
      `The job was finished before: nothing was crawled. Its items: ${crawl} job export ${folder} -o items.jsonl`,
      `To crawl again: name another folder, or ${crawl} job restart-seeds ${folder}`,
    );
  } else if (job.state === 'open') {
    const higher = LIMITS.has(reason) ? ` a higher ${reason}` : '';
    const start = isFaulty ? 'Put right what ended it; after that, resume with' : 'Resume with';
    hints.push(`${start}${higher}: ${maskSecrets([crawl, ...again(argv, reason).map(shellWord)].join(' '))}`);
  }
  if (job.dead > 0) {
    const what = `${count(job.dead, 'request')} ${job.dead === 1 ? 'was' : 'were'} given up`;
    hints.push(
      `${what}: ${crawl} job requests ${folder} --state dead; to try again: ${crawl} job retry-failed ${folder}`,
    );
  }
  return hints;
}

/** The command of a run as it is given again: with a higher limit, and without what was for that run only. */
function again(argv: readonly string[], reason: string): string[] {
  const words = argv.filter((word) => word !== '--job-change');
  if (!LIMITS.has(reason)) return words;
  return words.map((word, at) => {
    const limit = reason === 'maxItems' ? /^(--limit=)?([\d_]+)$/.exec(word) : null;
    const isLimit = limit !== null && (limit[1] !== undefined || words[at - 1] === '--limit');
    if (isLimit) return `${limit[1] ?? ''}${doubled(limit[2])}`;
    return word.replace(
      /^((?:-s|--set=)?(\w+)=)([\d_]+)$/,
      (whole, start: string, name: string, limit: string) =>
        name === reason ? `${start}${doubled(limit)}` : whole,
    );
  });
}

function doubled(limit: string | undefined): number {
  return 2 * Number(limit?.replaceAll('_', ''));
}
