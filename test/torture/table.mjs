// The table of the run: one row a scenario.
const COLUMNS = [
  ['scenario', ({ name }) => name],
  ['trials', ({ trials }) => trials],
  ['kills', ({ kills }) => kills],
  ['missing', ({ missing }) => missing],
  ['double', ({ double }) => double],
  ['broken', ({ broken }) => broken],
  ['extra fetches max', ({ extra }) => extra],
  ['slowest resume ms', ({ startMs }) => Math.round(startMs)],
  ['verdict', ({ failed }) => (failed === 0 ? 'ok' : `${failed} failed`)],
];

/** Sums up the trials of a scenario. */
export function tableRow(name, outcomes) {
  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const most = (key) => Math.max(0, ...outcomes.map((outcome) => outcome[key]));
  return {
    name,
    trials: outcomes.length,
    kills: sum('kills'),
    missing: sum('missing'),
    double: sum('double'),
    broken: sum('broken'),
    extra: most('extra'),
    startMs: most('startMs'),
    durationMs: Math.round(sum('durationMs') / Math.max(1, outcomes.length)),
    failed: outcomes.filter(({ problems }) => problems.length > 0).length,
  };
}

/** The table as text, in Markdown. */
export function printedTable(rows) {
  const cells = [
    COLUMNS.map(([title]) => title),
    ...rows.map((row) => COLUMNS.map(([, of]) => String(of(row)))),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...cells.map((line) => line[at].length)));
  const printed = cells.map((line) => `| ${line.map((cell, at) => pad(cell, widths[at], at)).join(' | ')} |`);
  printed.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return printed.join('\n');
}

/** Names to the left, numbers to the right. */
function pad(cell, width, column) {
  const isText = column === 0 || column === COLUMNS.length - 1;
  return isText ? cell.padEnd(width) : cell.padStart(width);
}
