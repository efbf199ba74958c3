// The offline main job: serves the practice shop, crawls it as a user would, and checks every book.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = `${root}dist/src/cli/bin.js`;
const LIMIT_MS = 60_000;

if (!existsSync(bin)) {
  process.stderr.write('demo: dist/ is missing; build it first: npm run build\n');
  process.exit(2);
}
const { expectedProducts, startSandbox } = await import('../dist/scripts/internals.js');

mkdirSync(`${root}out`, { recursive: true });
const sandbox = await startSandbox();
const code = await crawl([
  'books',
  '-a',
  `base=${sandbox.url}`,
  '-O',
  'out/books.jsonl',
  '-O',
  'out/books.csv',
]);
await sandbox.close();
if (code !== 0) process.exit(code);

const expected = expectedProducts(sandbox.url);
const lines = readFileSync(`${root}out/books.jsonl`, 'utf8').trimEnd().split('\n');
const problems = [
  ...differences(
    'out/books.jsonl',
    lines.map((line) => JSON.parse(line)),
    expected,
  ),
  ...differences('out/books.csv', csvRecords(readFileSync(`${root}out/books.csv`, 'utf8')), expected),
];
for (const problem of problems.slice(0, 10)) process.stderr.write(`demo: ${problem}\n`);
if (problems.length > 0) process.exit(1);
process.stdout.write(
  `\nAll ${expected.length} books are right, in both files:\n  ${root}out/books.jsonl\n  ${root}out/books.csv\n`,
);

function crawl(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...words], { cwd: root, stdio: 'inherit' });
    const timer = setTimeout(() => {
      process.stderr.write(`demo: not done after ${LIMIT_MS / 1000} s, stopping\n`);
      child.kill('SIGTERM');
    }, LIMIT_MS);
    child.once('error', reject);
    child.once('exit', (status) => {
      clearTimeout(timer);
      resolve(status ?? 1);
    });
  });
}

/** Books that are missing, too many or not as the shop's generator made them; all values as text, as CSV has them. */
function differences(file, records, books) {
  const found = new Map(records.map((record) => [record.url, record]));
  const wrong = books.flatMap((book) => {
    const record = found.get(book.url);
    if (record === undefined) return [`${file}: ${book.url} is missing`];
    return Object.keys(book)
      .filter((field) => String(record[field]) !== String(book[field]))
      .map((field) => `${file}: ${book.url}: ${field} is ${record[field]} instead of ${book[field]}`);
  });
  if (records.length !== books.length)
    wrong.push(`${file}: ${records.length} records instead of ${books.length}`);
  return wrong;
}

/** RFC 4180: quoted cells may hold commas, line ends and doubled quotes. */
function csvRecords(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  const [fields, ...cells] = rows.filter((row) => row.length > 1);
  return cells.map((row) => Object.fromEntries(fields.map((field, index) => [field, row[index]])));
}
