// Runs six spiders and their counterparts in Scrapy on the practice shop, and compares their items one by one;
// `npm run compare:scrapy -- quotes authors` runs only these.
// Exit codes: 0 all are equal, 1 some are not or a crawl failed, 2 nothing was compared: there is no Scrapy here.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = `${root}dist/src/cli/bin.js`;
const LIMIT_MS = 240_000;
const SHOWN = 5;
const SCRAPY_SETTINGS = {
  ROBOTSTXT_OBEY: 'True',
  TELNETCONSOLE_ENABLED: 'False',
  LOG_LEVEL: 'ERROR',
  FEED_EXPORT_ENCODING: 'utf-8',
};

/** The command of Scrapy: `SCRAPY=…` names another than the one on the path. */
const scrapy = process.env.SCRAPY ?? 'scrapy';

const version = spawnSync(scrapy, ['version'], { encoding: 'utf8', timeout: LIMIT_MS });
if (version.status !== 0) {
  const reason = version.error?.message ?? version.stderr.trim().split('\n').at(-1);
  giveUp(`there is no Scrapy to compare with (${reason})`, [
    'Debian and Ubuntu have it: apt-get install --no-install-recommends python3-scrapy',
    'Or name another one: SCRAPY=/path/to/scrapy npm run compare:scrapy',
  ]);
}
if (!existsSync(bin)) giveUp('dist/ is missing', ['Build it first: npm run build']);

const { expectedAuthors, expectedProducts, expectedQuotes, startSandbox } = await import(
  '../dist/scripts/internals.js'
);
const sandbox = await startSandbox();
const books = expectedProducts(sandbox.url).length;
const quotes = expectedQuotes().length;
const JOBS = [
  { name: 'quotes', base: `${sandbox.url}quotes/`, expected: quotes },
  { name: 'authors', base: `${sandbox.url}quotes/`, expected: expectedAuthors().length },
  { name: 'books-by-category', base: sandbox.url, expected: books },
  { name: 'products-sitemap', base: sandbox.url, expected: books },
  { name: 'quotes-login', base: `${sandbox.url}quotes/`, expected: quotes },
  { name: 'products-api', base: sandbox.url, expected: books },
];
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !JOBS.some((job) => job.name === name));
if (unknown.length > 0) {
  await sandbox.close();
  giveUp(`there is no ${unknown.join(', ')}`, [`There are ${JOBS.map(({ name }) => name).join(', ')}`]);
}

process.stdout.write(`Orbweaver beside ${version.stdout.trim()}, on ${sandbox.url}\n\n`);
const folder = mkdtempSync(join(tmpdir(), 'orbweaver-scrapy-'));
const problems = [];
try {
  row('spider', 'expected', 'Orbweaver', 'Scrapy', 'equal');
  for (const job of JOBS.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    const [ours, theirs] = [await runOurs(job), await runTheirs(job)];
    const different = differences(job, ours, theirs);
    row(job.name, job.expected, ours.length, theirs.length, different.length === 0 ? 'all' : 'NO');
    problems.push(...different);
  }
} finally {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(problems.length === 0 ? '\nNo differences.\n' : '\nNot the same.\n');
process.exitCode = problems.length === 0 ? 0 : 1;

function giveUp(problem, hints) {
  process.stderr.write(`compare-scrapy: ${[problem, ...hints].join('\n  ')}\n`);
  process.exit(2);
}

function row(name, ...cells) {
  process.stdout.write(`${name.padEnd(20)}${cells.map((cell) => String(cell).padStart(10)).join('')}\n`);
}

async function runOurs({ name, base }) {
  const file = join(folder, `${name}.ours.jsonl`);
  const words = [bin, name, '-a', `base=${base}`, '-O', file, '--quiet'];
  await run(process.execPath, words, { cwd: root });
  return itemsIn(file);
}

async function runTheirs({ name, base }) {
  const file = join(folder, `${name}.scrapy.jsonl`);
  const settings = Object.entries(SCRAPY_SETTINGS).flatMap(([setting, value]) => [
    '-s',
    `${setting}=${value}`,
  ]);
  const spider = `${root}scripts/scrapy/${name.replaceAll('-', '_')}.py`;
  const words = ['runspider', spider, '-a', `base=${base}`, '-O', file, ...settings];
  // No byte code beside the sources.
  await run(scrapy, words, { cwd: folder, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  return itemsIn(file);
}

function run(command, words, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { ...options, stdio: 'inherit', timeout: LIMIT_MS });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code !== 0)
        problems.push(
          signal
            ? `${command} ${words[0]}: not done after ${LIMIT_MS / 1000} s`
            : `${[command, ...words].join(' ')}: exit code ${code}`,
        );
      resolve();
    });
  });
}

/** Each item as one text, its fields by name: crawls give them in any order. */
function itemsIn(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines
    .filter((line) => line !== '')
    .map((line) =>
      JSON.stringify(
        Object.fromEntries(Object.entries(JSON.parse(line)).sort(([a], [b]) => (a < b ? -1 : 1))),
      ),
    );
}

/** What one has more often than the other, and numbers that are not those of the shop. */
function differences({ name, expected }, ours, theirs) {
  const counts = new Map();
  for (const item of ours) counts.set(item, (counts.get(item) ?? 0) + 1);
  for (const item of theirs) counts.set(item, (counts.get(item) ?? 0) - 1);
  const only = [...counts].filter(([, count]) => count !== 0);
  const found = only
    .slice(0, SHOWN)
    .map(([item, count]) => `${name}: ${count > 0 ? 'only Orbweaver' : 'only Scrapy'} has ${item}`);
  if (only.length > SHOWN) found.push(`${name}: and ${only.length - SHOWN} more`);
  for (const [who, items] of [
    ['Orbweaver', ours],
    ['Scrapy', theirs],
  ])
    if (items.length !== expected) found.push(`${name}: ${who} has ${items.length} items, not ${expected}`);
  return found;
}
