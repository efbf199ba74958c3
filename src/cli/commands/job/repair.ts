import { findDamage, type JobRepair, repairJob } from '../../../crawler/job/repair-job.ts';
import { printable } from '../../../values/printable.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { count } from '../../format-quantity.ts';
import { jobFolder } from '../../job-folder.ts';
import { shellWord } from '../../shell-word.ts';
import type { Terminal } from '../../terminal.ts';
import { UsageError } from '../../usage-error.ts';

/** Options of `crawl job repair`. */
export interface RepairOptions {
  readonly yes?: true;
}

/** Mends a damaged job, after asking. */
export async function repair(terminal: Terminal, word: string, { yes }: RepairOptions): Promise<number> {
  const folder = jobFolder(terminal, word);
  const damage = await findDamage(folder);
  if (damage === undefined) {
    terminal.say(`${word} is not damaged: nothing was changed.\n`);
    return EXIT_CODES.ok;
  }
  terminal.say(`${word} is damaged: ${printable(damage)}\n`);
  if (!yes && !(await isAgreed(terminal, word))) {
    terminal.say('Nothing was changed.\n');
    return EXIT_CODES.failed;
  }
  terminal.say(textOf(word, await repairJob(folder)));
  return EXIT_CODES.ok;
}

async function isAgreed({ confirm }: Terminal, word: string): Promise<boolean> {
  if (confirm === undefined)
    throw new UsageError(
      'nobody is here to be asked',
      `Repair it without asking: crawl job repair ${shellWord(word)} --yes`,
    );
  return await confirm('Write what can be saved into a new store? The damaged one is kept.');
}

function textOf(word: string, repair: JobRepair): string {
  const { frontier, items, damagedStore } = repair;
  const lost = lostOf(repair).map((line) => `  - ${printable(line)}\n`);
  const left = [
    `${count(frontier.queued, 'queued request')}`,
    `${count(frontier.delayed, 'delayed one')}`,
    `${count(frontier.dead, 'dead one')}`,
    `${count(frontier.known, 'known request')}`,
    count(items, 'item'),
  ].join(', ');
  const { kept, anew } = repair.feeds;
  return [
    `${word} is repaired: ${left}.\n`,
    lost.length === 0 ? 'Nothing is lost.\n' : `Lost:\n${lost.join('')}`,
    kept.length === 0 ? '' : `Outputs that keep what they have: ${kept.join(', ')}\n`,
    anew.length === 0
      ? ''
      : `Outputs that the next run makes anew from the items that are left (copy them before it, if they hold more): ${anew.join(', ')}\n`,
    `The damaged store is kept: ${damagedStore}\n`,
    'The command of the job goes on with it.\n',
  ].join('');
}

/** What is gone, line by line; what nobody can count is said so. */
function lostOf({ frontier, lostItems, lost, lostFiles, missingBatches }: JobRepair): string[] {
  const { queued, delayed, dead, fingerprints } = frontier.lost;
  return [
    ...gone(queued, 'queued request', 'whose URLs are unknown'),
    ...gone(delayed, 'delayed request', 'whose URLs are unknown'),
    ...gone(dead, 'dead request', 'whose URLs are unknown'),
    ...gone(lostItems, 'item', 'of the log'),
    ...gone(fingerprints, 'fingerprint', 'of the duplicate filter: those pages may be crawled again'),
    ...(frontier.droppedLeases === 0 ? [] : [`${count(frontier.droppedLeases, 'lease')} of lost requests`]),
    ...(missingBatches === 0
      ? []
      : [`${count(missingBatches, 'batch', 'batches')} of changes: what they did may be done again`]),
    ...(lostFiles
      ? [
          "what stood in damaged parts of the store's own files only: it is counted above as far as it can be",
          'maybe places of outputs: the next run refuses to append to those, move their files away or use -O',
        ]
      : []),
    ...lost,
  ];
}

function gone(number: number | undefined, noun: string, rest: string): string[] {
  if (number === 0) return [];
  return [number === undefined ? `an unknown number of ${noun}s ${rest}` : `${count(number, noun)} ${rest}`];
}
