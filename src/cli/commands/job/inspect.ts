import { inspectJob, type JobInspection } from '../../../crawler/job/inspect-job.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { count, formatBytes } from '../../format-quantity.ts';
import { formatTime } from '../../format-time.ts';
import { jobFolder } from '../../job-folder.ts';
import type { Terminal } from '../../terminal.ts';
import { textTable } from '../../text-table.ts';

/** Options of `crawl job inspect`. */
export interface InspectOptions {
  readonly json?: true;
}

const MOST_RUNS = 10;
const MOST_REASONS = 20;

/** Prints what is to be known of a job. */
export async function inspect(terminal: Terminal, word: string, { json }: InspectOptions): Promise<number> {
  const job = await inspectJob(jobFolder(terminal, word));
  await terminal.write(json ? `${JSON.stringify(job, undefined, 2)}\n` : textOf(job));
  return EXIT_CODES.ok;
}

function textOf(job: JobInspection): string {
  return [facts(job), runs(job), hosts(job), failures(job), outputs(job)]
    .filter((part) => part !== '')
    .join('\n');
}

function facts({ folder, state, identity, counts, ...job }: JobInspection): string {
  const { delivered, queued, delayed, leased, dead, known } = counts;
  const lost = state === 'open' && job.lostProcess !== undefined;
  const restarts = job.startGeneration === 0 ? '' : `, restarted ${count(job.startGeneration, 'time')}`;
  return textTable([
    ['job', folder],
    ['state', lost ? `open; process ${job.lostProcess} was killed or crashed` : state],
    ...(identity === undefined
      ? []
      : [
          ['spider', identity.spider],
          ...Object.entries(identity.args).map(([name, value]) => [`  ${name}`, shown(value)]),
          ...Object.entries(identity.settings).map(([name, value]) => [`  -s ${name}`, shown(value)]),
          [
            'made',
            `${formatTime(identity.createdAtMs)}, format ${identity.format}, release ${identity.release}`,
          ],
        ]),
    ['start()', `${job.isStartDone ? 'done' : 'not done'}${restarts}`],
    ['pages', String(delivered)],
    ['items', String(job.items)],
    ['queued', `${queued}, ${delayed} delayed, ${leased} worked on when the last process ended`],
    ['dead', String(dead)],
    ['known', count(known, 'request')],
    ['size', formatBytes(job.bytes)],
  ]);
}

function shown(value: unknown): string {
  return typeof value === 'string' && value.startsWith('sha256:') ? '(secret)' : JSON.stringify(value);
}

function runs({ runs }: JobInspection): string {
  if (runs.length === 0) return '';
  const rows = runs
    .slice(-MOST_RUNS)
    .map(({ startedAtMs, endedAtMs, reason = 'killed or crashed' }) => [
      '',
      formatTime(startedAtMs),
      formatTime(endedAtMs),
      reason,
    ]);
  const left = runs.length - rows.length;
  return `Runs${left > 0 ? ` (the last ${rows.length} of ${runs.length})` : ''}:\n${textTable(rows)}`;
}

function hosts({ hosts, hostCount }: JobInspection): string {
  if (hosts.length === 0) return '';
  const rows = hosts.map(({ host, queued }) => ['', host, String(queued)]);
  return `Queued, by host${hostCount > hosts.length ? ` (the first ${hosts.length} of ${hostCount})` : ''}:\n${textTable(rows)}`;
}

function failures({ deadReasons }: JobInspection): string {
  if (deadReasons.length === 0) return '';
  const rows = deadReasons
    .slice(0, MOST_REASONS)
    .map(({ reason, status, code, count: times }) => [
      '',
      String(times),
      status === undefined ? '-' : String(status),
      code ?? '-',
      reason,
    ]);
  return `Given up (number, last status, error, reason):\n${textTable(rows)}`;
}

function outputs({ feeds }: JobInspection): string {
  if (feeds.length === 0) return '';
  const rows = feeds.map(({ uri, items, bytes, batches, durability }) => [
    '',
    uri,
    items === undefined ? 'all items, at the end of each run' : count(items, 'item'),
    batches !== undefined ? `${count(batches, 'full file')}` : bytes === undefined ? '' : formatBytes(bytes),
    durability === 'live' ? 'cannot be cut back' : '',
  ]);
  return `Outputs:\n${textTable(rows)}`;
}
