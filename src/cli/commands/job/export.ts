import { exportJob } from '../../../crawler/job/export-job.ts';
import { archiveArguments } from '../../archive-arguments.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { feedArguments } from '../../feed-arguments.ts';
import { count, formatBytes } from '../../format-quantity.ts';
import { jobFolder } from '../../job-folder.ts';
import { outputName } from '../../output-name.ts';
import { shellWord } from '../../shell-word.ts';
import type { Terminal } from '../../terminal.ts';
import { UsageError } from '../../usage-error.ts';

/** Options of `crawl job export`. */
export interface ExportCommandOptions {
  readonly output?: readonly string[];
  readonly overwrite?: readonly string[];
}

/** Writes all items of a job. */
export async function exportCommand(
  terminal: Terminal,
  word: string,
  { output = [], overwrite = [] }: ExportCommandOptions,
): Promise<number> {
  const folder = jobFolder(terminal, word);
  const { archive, outputs: words } = archiveArguments({ append: output, overwrite });
  if (archive.warcFile !== undefined)
    throw new UsageError(
      `${archive.warcFile} is an archive of pages, a job keeps items`,
      'A crawl writes archives: crawl <spider> -O FILE.warc.gz',
    );
  const outputs = feedArguments(words);
  if (Object.keys(outputs).length === 0)
    throw new UsageError(
      'crawl job export needs an output',
      `Name one: crawl job export ${shellWord(word)} -O items.csv`,
    );
  const results = await exportJob(folder, outputs, { cwd: terminal.cwd });
  for (const { uri, items, bytes } of results)
    terminal.say(
      `${count(items, 'item')} written to ${outputName(uri, terminal.cwd)} (${formatBytes(bytes)})\n`,
    );
  return EXIT_CODES.ok;
}
