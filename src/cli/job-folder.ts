import { resolve } from 'node:path';
import { isJobFolder } from '../crawler/job/is-job-folder.ts';
import { statIfThere } from '../values/stat-if-there.ts';
import { shellWord } from './shell-word.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** The folder of a job, as it was named. @throws UsageError where there is none. */
export function jobFolder(terminal: Terminal, word: string): string {
  const folder = existingFolder(terminal, word);
  if (isJobFolder(folder)) return folder;
  throw new UsageError(
    `${word} is not the folder of a job`,
    `\`crawl job list ${shellWord(word)}\` names the jobs in it.`,
  );
}

/** Whether a folder is there. */
export function isFolder({ cwd }: Terminal, word: string): boolean {
  return statIfThere(resolve(cwd, word))?.isDirectory() === true;
}

/** A folder that is there. @throws UsageError where it is not. */
export function existingFolder(terminal: Terminal, word: string): string {
  if (isFolder(terminal, word)) return resolve(terminal.cwd, word);
  const isThere = statIfThere(resolve(terminal.cwd, word)) !== undefined;
  throw new UsageError(
    isThere ? `${word} is no folder` : `there is no folder ${word}`,
    'Name the folder that was given to --job.',
  );
}
