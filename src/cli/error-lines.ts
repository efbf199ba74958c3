import type { GroupedErrors } from '../crawler/watch/error-groups.ts';
import { count } from './format-quantity.ts';
import { printable } from './printable.ts';

const MOST_SHOWN = 10;
const LONGEST_MESSAGE = 120;

/** The groups of a crawl's errors in lines, at most ten groups, the largest first. */
export function errorLines({ groups, others }: GroupedErrors, cwd: string): string[] {
  if (groups.length === 0) return [];
  const width = String(groups[0]?.count ?? 0).length;
  const lines = groups.slice(0, MOST_SHOWN).flatMap((group) => {
    const name = group.status === undefined ? group.error : `${group.error} ${group.status}`;
    const place = group.place === undefined ? '' : `, ${shortened(group.place, cwd)}`;
    const said = group.status === undefined ? `: ${cut(group.message)}` : '';
    const first = group.url === undefined ? [] : [`first: ${group.url}`];
    const saved = group.page === undefined ? [] : [`saved: ${shortened(group.page, cwd)}`];
    const below = [...first, ...saved].map((line) => `${' '.repeat(width + 3)}${line}`);
    return [`${String(group.count).padStart(width)} × ${name} (${group.callback}${place})${said}`, ...below];
  });
  const hidden = groups.slice(MOST_SHOWN);
  const rest = hidden.reduce((sum, group) => sum + group.count, others);
  if (rest > 0) lines.push(`and ${count(rest, 'failure')} of other kinds`);
  return lines.map(printable);
}

function cut(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}

/** Paths below the working folder as a user would type them. */
function shortened(path: string, cwd: string): string {
  return path.replace(`${cwd}/`, '');
}
