import type { ErrorGroup, GroupedErrors } from '../crawler/watch/error-groups.ts';
import { printable } from '../values/printable.ts';
import { count } from './format-quantity.ts';

const MOST_SHOWN = 10;
const LONGEST_MESSAGE = 120;

/** The groups of a crawl's errors in lines, at most ten groups, the largest first. */
export function errorLines({ groups, others }: GroupedErrors, cwd: string): string[] {
  if (groups.length === 0) return [];
  const width = String(groups[0]?.count ?? 0).length;
  const lines = groups.slice(0, MOST_SHOWN).flatMap((group) => {
    const first = group.url === undefined ? [] : [`first: ${group.url}`];
    const saved = group.page === undefined ? [] : [`saved: ${shortened(group.page, cwd)}`];
    const below = [...first, ...saved].map((line) => `${' '.repeat(width + 3)}${line}`);
    return [`${String(group.count).padStart(width)} × ${whatFailed(group, cwd)}`, ...below];
  });
  const hidden = groups.slice(MOST_SHOWN);
  const rest = hidden.reduce((sum, group) => sum + group.count, others);
  if (rest > 0) lines.push(`and ${count(rest, 'failure')} of other kinds`);
  return lines.map(printable);
}

function whatFailed(group: ErrorGroup, cwd: string): string {
  const { kind, error, callback, status, message } = group;
  if (kind === 'request' && error === 'InvalidCallbackError')
    return `the spider has no method ${callback}() any more: name it so again, then have the requests tried again`;
  if (status !== undefined) return `${error} ${status} (${callback})`;
  const place = group.place === undefined ? '' : `, ${shortened(group.place, cwd)}`;
  return `${error} (${callback}${place}): ${cut(message)}`;
}

function cut(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}

/** Paths below the working folder as a user would type them. */
function shortened(path: string, cwd: string): string {
  return path.replace(`${cwd}/`, '');
}
