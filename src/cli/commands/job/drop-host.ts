import { dropHost } from '../../../crawler/job/change-job.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { count } from '../../format-quantity.ts';
import { jobFolder } from '../../job-folder.ts';
import type { Terminal } from '../../terminal.ts';

/** Forgets what is queued for a host. */
export async function dropHostCommand(terminal: Terminal, word: string, host: string): Promise<number> {
  const { queued, delayed } = await dropHost(jobFolder(terminal, word), host);
  terminal.say(
    queued + delayed === 0
      ? `Nothing is queued for ${host}: \`crawl job inspect DIR\` names the hosts.\n`
      : `${count(queued + delayed, 'request')} of ${host} forgotten.\n`,
  );
  return EXIT_CODES.ok;
}
