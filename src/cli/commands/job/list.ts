import { relative } from 'node:path';
import { type ListedJob, listJobs } from '../../../crawler/job/list-jobs.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { formatTime } from '../../format-time.ts';
import { existingFolder, isFolder } from '../../job-folder.ts';
import type { Terminal } from '../../terminal.ts';
import { textTable } from '../../text-table.ts';

const HEAD = ['job', 'spider', 'state', 'pages', 'items', 'queued', 'dead', 'last run'];

/** Where examples and most users keep them. */
const USUAL = 'jobs';

/** Prints the jobs of a folder, one a line; of the current one and its `jobs` where none is named. */
export async function listCommand(terminal: Terminal, word: string | undefined): Promise<number> {
  const words = word === undefined ? ['.', ...(isFolder(terminal, USUAL) ? [`./${USUAL}`] : [])] : [word];
  const jobs: ListedJob[] = [];
  for (const one of words) jobs.push(...(await listJobs(existingFolder(terminal, one))));
  const named = words.join(' or ');
  if (jobs.length === 0) terminal.say(`There are no jobs in ${named}: crawl <spider> --job DIR makes one.\n`);
  else await terminal.write(textTable([HEAD, ...jobs.map((job) => rowOf(job, terminal.cwd))]));
  return EXIT_CODES.ok;
}

function rowOf(
  { folder, spider = '?', summary, problem, pid, startedAtMs }: ListedJob,
  cwd: string,
): string[] {
  const name = relative(cwd, folder) || '.';
  if (summary === undefined) {
    const state = problem === 'running' ? `running${pid === undefined ? '' : ` (process ${pid})`}` : problem;
    return [name, spider, state ?? '?', '?', '?', '?', '?', formatTime(startedAtMs)];
  }
  const { counts, items, runs, state } = summary;
  const { delivered, queued, delayed, leased, dead } = counts;
  const numbers = [delivered, items, queued + delayed + leased, dead].map(String);
  return [name, spider, state, ...numbers, formatTime(runs.at(-1)?.startedAtMs)];
}
