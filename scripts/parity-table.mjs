// Reads docs/parity.md, the list of Scrapy's features it answers, and the tests it names.
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const LEFT_OUT = /^left out: \S/;
const MOST_LINES_OF_A_TEST = 5;
const IMPORT =
  /(?<![\w'"])(?:(?:from|import)\s+|(?:import|importActual)\s*(?:<[^>]*>)?\(\s*)['"]([^'"\s]+)['"]/g;
/** What tests may use to show a feature: the package's entries, the command line, and their own helpers. */
const PUBLIC = [
  /^(node:|vitest$|orbweaver(\/|$))/,
  /^\.\/[\w-]+\.ts$/,
  /^\.\.\/\.\.\/(src|src\/testing|middlewares|pipelines|spiders)\/index\.ts$/,
  /^\.\.\/support\/(command-line|build|folder-server|proxy-server|raw-server|postgres-server)\.ts$/,
];
/** Helpers, which must keep to the same. */
const HELPER = /^\.\/|^\.\.\/support\//;
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

/** What a file imports, by any of the ways to do so. */
export function importedPaths(source) {
  return [...source.matchAll(IMPORT)].map(([, path]) => path);
}

/**
 * The list of features to compare with, named by PARITY_FILE or beside the checkout; undefined: this checkout has no
 * such folder, so there is nothing to compare with.
 */
export function parityList(root, given = process.env.PARITY_FILE) {
  if (given !== undefined) return given;
  return existsSync(`${root}../shared`) ? `${root}../shared/PARITY.md` : undefined;
}

/** Imports by which tests, or their helpers, use more of the package than everyone can. */
export function looksInside(root, tests) {
  const problems = [];
  // Grows by helpers while it is walked.
  const files = new Set(tests);
  for (const file of files) {
    for (const from of importedPaths(readFileSync(root + file, 'utf8'))) {
      if (!READERS.has(from) && !PUBLIC.some((one) => one.test(from)))
        problems.push(`${file}: looks inside by ${from}`);
      else if (HELPER.test(from)) files.add(posix.join(posix.dirname(file), from));
    }
  }
  return problems;
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
  const tests = rows.map(({ file }) => file).filter((file) => file !== '' && existsSync(root + file));
  problems.push(...looksInside(root, tests));
  if (listPath !== undefined && !existsSync(listPath)) {
    problems.push(`${listPath}: the list to compare with is not there`);
  } else if (listPath !== undefined) {
    const key = ({ section, mark, name }) => `${section} ${mark} ${name}`;
    const wanted = wantedLines(readFileSync(listPath, 'utf8')).map(key);
    const found = rows.map(key);
    const count = (all, one) => all.filter((other) => other === one).length;
    for (const one of new Set([...wanted, ...found])) {
      const [lines, own] = [count(wanted, one), count(found, one)];
      if (lines !== own) problems.push(`${one}: ${own} rows for ${lines} lines`);
    }
  }
  return problems;
}

/** The tests that the table, or one section of it, names, each once. */
export function namedTests(root, only) {
  const rows = parityRows(readFileSync(`${root}docs/parity.md`, 'utf8')).filter(
    ({ test, section }) => test !== '' && (only === undefined || section === only),
  );
  return [...new Map(rows.map(({ file, test }) => [`${file} ${test}`, { file, test }])).values()];
}
