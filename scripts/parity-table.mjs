// Reads docs/parity.md, the list of Scrapy's features it answers, and the tests it names.
import { existsSync, readFileSync } from 'node:fs';

const LEFT_OUT = /^left out: \S/;
const MOST_LINES_OF_A_TEST = 5;
const IMPORT = /from '([^']+)'/g;
/** What tests may use to show a feature: the package's entries, the command line, and their own helpers. */
const PUBLIC = [
  /^(node:|vitest$)/,
  /^\.\/[\w-]+\.ts$/,
  /^\.\.\/\.\.\/(src|src\/testing|middlewares|pipelines|spiders)\/index\.ts$/,
  /^\.\.\/support\/(command-line|build|folder-server|proxy-server|raw-server|postgres-server)\.ts$/,
];
/** Packages that tests read results with; none of ours. */
const READERS = new Set(['tough-cookie', 'zod']);

/** @typedef {{ section: string, file: string, mark: string, name: string, here: string, test: string }} Row */

/** The rows of docs/parity.md. @returns {Row[]} */
export function parityRows(text) {
  const rows = [];
  let section = '';
  let file = '';
  for (const line of text.split('\n')) {
    const heading = /^## (\d+\.\d+) /.exec(line);
    if (heading) [section, file] = [heading[1], ''];
    file = /^Shown by `([^`]+)`/.exec(line)?.[1] ?? file;
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    if (section === '' || cells.length !== 6 || !/^[MSN]$/.test(cells[1])) continue;
    const [, mark, name, here, test] = cells;
    rows.push({ section, file, mark, name, here, test });
  }
  return rows;
}

/** Mark and name of every line of the list of features, by section. */
export function wantedLines(text) {
  const lines = [];
  let section = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) section = /^### (1\.\d+) /.exec(line)?.[1] ?? '';
    const [, mark, rest] = /^- ([MSN]) \| (.+)$/.exec(line) ?? [];
    if (section !== '' && mark) lines.push({ section, mark, name: rest.split(' — ')[0].trim() });
  }
  return lines;
}

/** Titles of the tests of a file. */
export function testTitles(source) {
  return [
    ...source.matchAll(/^\s*it(?:\.\w+(?:\([^)]*\))?)?\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|`([^`]*)`)/gm),
  ].map(([, single, double, template]) => (single ?? double ?? template).replaceAll("\\'", "'"));
}

/** What is wrong with the table: lines without a test, tests that are not there, stand for too much or look inside. */
export function parityProblems(root, listPath) {
  const rows = parityRows(readFileSync(`${root}docs/parity.md`, 'utf8'));
  const problems = [];
  const uses = new Map();
  for (const { section, file, mark, name, here, test } of rows) {
    const where = `${section} ${name}`;
    if (mark === 'N' && LEFT_OUT.test(here)) continue;
    if (here === '' || test === '') problems.push(`${where}: nothing shows it`);
    else if (!existsSync(root + file)) problems.push(`${where}: there is no ${file}`);
    else uses.set(`${file} ${test}`, [...(uses.get(`${file} ${test}`) ?? []), { where, file, test }]);
  }
  for (const users of uses.values()) {
    const [{ where, file, test }] = users;
    if (!testTitles(readFileSync(root + file, 'utf8')).includes(test))
      problems.push(`${where}: ${file} has no test "${test}"`);
    if (users.length > MOST_LINES_OF_A_TEST)
      problems.push(`${file}: "${test}" stands for ${users.length} lines, at most ${MOST_LINES_OF_A_TEST}`);
  }
  for (const file of new Set(rows.map((row) => row.file))) {
    if (file === '' || !existsSync(root + file)) continue;
    for (const [, from] of readFileSync(root + file, 'utf8').matchAll(IMPORT)) {
      if (!READERS.has(from) && !PUBLIC.some((one) => one.test(from)))
        problems.push(`${file}: looks inside by ${from}`);
    }
  }
  if (existsSync(listPath)) {
    const key = ({ section, mark, name }) => `${section} ${mark} ${name}`;
    const wanted = wantedLines(readFileSync(listPath, 'utf8')).map(key);
    const found = rows.map(key);
    for (const one of wanted) {
      const count = found.filter((other) => other === one).length;
      // Two lines may bear one name, such as the guides.
      if (count !== wanted.filter((other) => other === one).length) problems.push(`${one}: ${count} rows`);
    }
    for (const one of found) if (!wanted.includes(one)) problems.push(`${one}: not in the list`);
  }
  return problems;
}

/** The tests that the table names, each once. */
export function namedTests(root) {
  const rows = parityRows(readFileSync(`${root}docs/parity.md`, 'utf8')).filter(({ test }) => test !== '');
  return [...new Map(rows.map(({ file, test }) => [`${file} ${test}`, { file, test }])).values()];
}
