import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorMessage } from '../errors/crawl-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import type { Settings } from '../settings/settings.ts';
import { nearestThere } from '../values/nearest-there.ts';
import { statIfThere } from '../values/stat-if-there.ts';

/**
 * Looks at the seeds and the folder of the job before anything is made or begun.
 *
 * @throws SettingsError when there are no such seeds, or the job's folder is none.
 */
export function checkInputs({ seeds, jobDir }: Pick<Settings, 'seeds' | 'jobDir'>): void {
  if (seeds !== undefined && seeds !== '-') checkSeeds(resolve(seeds));
  if (jobDir !== undefined) checkJobFolder(resolve(jobDir));
}

function checkSeeds(path: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing ? 'there is no such file' : errorMessage(error);
    throw new SettingsError(`seeds ${path}: cannot be read (${problem})`, { cause: error });
  }
  if (isFolder)
    throw new SettingsError(
      `seeds ${path}: it is a folder; name a file of URLs, one a line, or - for standard input`,
    );
}

function checkJobFolder(path: string): void {
  const there = nearestThere(path);
  if (statIfThere(there)?.isDirectory()) return;
  const problem = there === path ? 'it is a file' : `${there} is a file`;
  throw new SettingsError(`job ${path}: ${problem}; name a folder, new or of a job`);
}
