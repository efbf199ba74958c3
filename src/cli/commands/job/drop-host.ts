import { dropHost } from '../../../crawler/job/change-job.ts';
import { inspectJob } from '../../../crawler/job/inspect-job.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { count } from '../../format-quantity.ts';
import { jobFolder } from '../../job-folder.ts';
import { shellWord } from '../../shell-word.ts';
import type { Terminal } from '../../terminal.ts';

const MOST_NAMED = 5;

/** Forgets what is queued for a host. */
export async function dropHostCommand(terminal: Terminal, word: string, host: string): Promise<number> {
  const folder = jobFolder(terminal, word);
  const { queued, delayed } = await dropHost(folder, host);
  terminal.say(
    queued + delayed === 0
      ? `Nothing is queued for ${host}. ${await hostsOf(folder, word)}\n`
      : `${count(queued + delayed, 'request')} of ${host} forgotten.\n`,
  );
  return EXIT_CODES.ok;
}

/** Hosts that have something: a port may be missing, or a URL was given. */
async function hostsOf(folder: string, word: string): Promise<string> {
  const { hosts, hostCount } = await inspectJob(folder);
  if (hostCount === 0) return 'No host has queued requests.';
  const named = hosts.slice(0, MOST_NAMED).map(({ host, queued }) => `${host} (${queued})`);
  const more = hostCount > named.length ? `, and more: crawl job inspect ${shellWord(word)}` : '';
  return `Hosts that have something: ${named.join(', ')}${more}`;
}
