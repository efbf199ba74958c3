import { maskSecrets } from '../../../api.ts';
import { type JobQuestion, type JobRequest, jobRequests } from '../../../crawler/job/change-job.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { formatTime } from '../../format-time.ts';
import { jobFolder } from '../../job-folder.ts';
import type { Terminal } from '../../terminal.ts';
import { textTable } from '../../text-table.ts';
import { wholeNumber } from '../../whole-number.ts';

/** Options of `crawl job requests`. */
export interface RequestsOptions {
  /** None: requests of all states, each with its own. */
  readonly state?: JobQuestion['state'];
  readonly host?: string;
  readonly limit: string;
  readonly after: string;
  readonly json?: true;
}

/** Prints requests of a job in order of their ids. */
export async function requests(terminal: Terminal, word: string, options: RequestsOptions): Promise<number> {
  const { state, host, json } = options;
  const limit = wholeNumber('--limit', options.limit, 1);
  const after = wholeNumber('--after', options.after, 0);
  const found = await jobRequests(jobFolder(terminal, word), { ...(state && { state }), host, limit, after });
  await terminal.write(
    json ? found.map((one) => `${JSON.stringify(factsOf(one))}\n`).join('') : tableOf(state, found),
  );
  const last = found.at(-1);
  if (last === undefined)
    terminal.say(
      `There are no ${state === undefined ? '' : `${state} `}requests${after > 0 ? ' with larger ids' : ''}.\n`,
    );
  else if (found.length === limit) terminal.say(`There may be more: --after ${last.id}\n`);
  return EXIT_CODES.ok;
}

function factsOf(one: JobRequest): Record<string, unknown> {
  const { id, state, host, request, retries, reason, status, code, failedAtMs, dueAtMs, answer } = one;
  const { method } = request;
  const url = maskSecrets(request.url);
  const callback = callbackOf(one);
  return {
    id,
    state,
    host,
    method,
    url,
    callback,
    retries,
    reason: reason && maskSecrets(reason),
    status,
    code,
    failedAtMs,
    dueAtMs,
    answer,
  };
}

const OWN_COLUMNS: Readonly<Partial<Record<string, readonly string[]>>> = {
  dead: ['status', 'error', 'failed'],
  delayed: ['due'],
};

function tableOf(state: JobQuestion['state'], found: readonly JobRequest[]): string {
  const own = state === undefined ? ['state'] : (OWN_COLUMNS[state] ?? []);
  const head = ['id', 'callback', 'retries', ...own, 'request'];
  return found.length === 0 ? '' : textTable([head, ...found.map((one) => rowOf(one, state))]);
}

function rowOf(one: JobRequest, state: JobQuestion['state']): string[] {
  const { id, request, retries, reason = '', status = '-', code = '-', failedAtMs, dueAtMs } = one;
  const row = [String(id), `${callbackOf(one)}()`, String(retries)];
  if (state === undefined) row.push(one.state);
  if (state === 'dead') row.push(String(status), code, formatTime(failedAtMs));
  if (state === 'delayed') row.push(formatTime(dueAtMs));
  const why = reason === '' ? '' : `  (${shortReason(reason, request.url)})`;
  return [...row, maskSecrets(`${request.method} ${request.url}${why}`)];
}

/** Without the URL, which stands beside it, and the advice, which is the same in each row; `--json` has all of it. */
function shortReason(reason: string, url: string): string {
  const own = reason.startsWith(url) ? reason.slice(url.length).replace(/^:?\s+/, '') : reason;
  return own.split('; ', 1)[0] ?? own;
}

function callbackOf({ request: { callback } }: JobRequest): string {
  return typeof callback === 'string' ? callback : 'parse';
}
