import { restartSeeds } from '../../../crawler/job/change-job.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { jobFolder } from '../../job-folder.ts';
import type { Terminal } from '../../terminal.ts';

/** Has the next run call `start()` again. */
export async function restartSeedsCommand(terminal: Terminal, word: string): Promise<number> {
  const generation = await restartSeeds(jobFolder(terminal, word));
  terminal.say(
    generation === undefined
      ? 'start() has not ended yet: the next run calls it anyway. Seeds are read from their beginning; items that start() gives for them come again.\n'
      : 'The next run of the job calls start() again and crawls its requests again.\n',
  );
  return EXIT_CODES.ok;
}
