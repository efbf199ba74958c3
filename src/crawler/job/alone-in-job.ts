import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../errors/crawl-error.ts';
import { JobError } from '../../errors/job-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { hasCode } from '../../feed/has-code.ts';
import { isProcessAlive } from '../../job/is-process-alive.ts';
import { JOB_FILES, storeFault } from '../../job/job.ts';
import { isLevelStoreLocked } from '../../store/level-store.ts';

/** Names the process that repairs a job: the lock of the store is no help while that is replaced. */
const REPAIRER = 'repairer.json';

/**
 * Does work on a job that moves its store, while nobody runs or repairs it.
 *
 * @throws JobError where somebody does.
 */
export async function aloneInJob<Result>(
  folder: string,
  work: () => Promise<Result>,
  linkFile: typeof link = link,
): Promise<Result> {
  await becomeRepairer(folder, linkFile);
  try {
    await mustNotRun(folder);
    return await work();
  } finally {
    await rm(join(folder, REPAIRER), { force: true });
  }
}

/** @throws JobError where a process has the job open. */
export async function mustNotRun(folder: string): Promise<void> {
  const store = join(folder, JOB_FILES.store);
  if (await isLevelStoreLocked(store))
    throw storeFault(folder, new StoreError(store, 'locked', 'it is in use by another process'));
}

async function becomeRepairer(folder: string, linkFile: typeof link): Promise<void> {
  const path = join(folder, REPAIRER);
  const temporary = `${path}.${process.pid}.tmp`;
  const text = JSON.stringify({ pid: process.pid });
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    while (!(await isMade(path, text, () => linkFile(temporary, path)))) {
      const pid = await readPid(path);
      if (pid !== undefined && pid !== process.pid && isProcessAlive(pid))
        throw new JobError(
          folder,
          'running',
          `process ${pid} repairs it: wait for its end; if it is no such process, delete ${path}`,
        );
      // Its process has ended without a word; this number may have been its own.
      await rm(path, { force: true });
    }
  } catch (error) {
    if (error instanceof JobError) throw error;
    throw new JobError(folder, 'written', `${path} cannot be written (${errorMessage(error)})`, {
      cause: error,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes a file that is not there yet; false: it is. */
async function isMade(path: string, text: string, linkIt: () => Promise<void>): Promise<boolean> {
  try {
    // Exclusive as an opening would be, and with its content at once.
    await linkIt();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
  }
  // Not every file system has hard links (exFAT, SMB): there the content comes a moment later.
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readPid(path: string): Promise<number | undefined> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { readonly pid: number }).pid;
  } catch {
    return undefined;
  }
}
