import { compactJob } from '../../../crawler/job/compact-job.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { formatBytes } from '../../format-quantity.ts';
import { jobFolder } from '../../job-folder.ts';
import type { Terminal } from '../../terminal.ts';

/** Makes the files of a job smaller. */
export async function compact(terminal: Terminal, word: string): Promise<number> {
  const { bytesBefore, bytesAfter } = await compactJob(jobFolder(terminal, word));
  terminal.say(`${word}: ${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} now\n`);
  return EXIT_CODES.ok;
}
