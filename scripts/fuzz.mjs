/*
 * Tries inputs made by chance against everything that reads what the web sends, and against whole crawls:
 * `npm run fuzz -- --minutes 10 [--seeds 1,2,3] [--targets html,crawl] [--from N]`. Each seed and target runs in a
 * process of its own. An input that ends the process, hangs it, blocks its event loop or fills its memory is named
 * by seed and number: `--seeds SEED --targets TARGET --from NUMBER --minutes 0` tries it alone.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PARSERS = [
  'html',
  'xml',
  'sitemap',
  'robots',
  'csv',
  'json',
  'cookies',
  'urls',
  'curl',
  'headers',
  'codings',
  'warc',
];
/** Whole crawls wait much: they get as much time as so many parsers. */
const SHARE_OF_CRAWLS = 6;
const LONGEST_TURN_MS = 1000;
const MOST_MB = 1024;
/** An input that takes longer than this has hung the process. */
const HANG_MS = 90_000;
const WATCH_MS = 1000;
const MOST_FOUND = 20;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seeds: { type: 'string', default: '1,2,3' },
    targets: { type: 'string', default: [...PARSERS, 'crawl'].join(',') },
    from: { type: 'string', default: '0' },
  },
});
const minutes = Number(values.minutes);
const seeds = values.seeds.split(',').map(Number);
const targets = values.targets.split(',');
const unknown = targets.filter((target) => target !== 'crawl' && !PARSERS.includes(target));
if (!(minutes >= 0) || seeds.some((seed) => !Number.isInteger(seed)) || unknown.length > 0) {
  console.error('usage: npm run fuzz -- [--minutes 10] [--seeds 1,2,3] [--targets html,crawl] [--from 0]');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'orbweaver-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const workers = Math.min(availableParallelism(), 4);
const shareOf = (target) => (target === 'crawl' ? SHARE_OF_CRAWLS : 1);
const shares = seeds.length * targets.reduce((sum, target) => sum + shareOf(target), 0);
const shareMs = (minutes * 60_000 * workers) / shares;
// The longest first: none is left alone at the end.
const runs = targets
  .flatMap((target) => seeds.map((seed) => ({ target, seed, ms: shareMs * shareOf(target) })))
  .sort((a, b) => b.ms - a.ms);
const rows = new Map();
const found = [];

await Promise.all(Array.from({ length: workers }, work));
show();
process.exit(found.length > 0 ? 1 : 0);

async function work() {
  for (let run = runs.shift(); run !== undefined; run = runs.shift()) await tryTarget(run);
}

/** Goes on behind each input that ends the process, until the time is over. */
async function tryTarget({ target, seed, ms }) {
  const endMs = Date.now() + ms;
  for (let from = Number(values.from); found.length < MOST_FOUND; ) {
    const { number, problem } = await tryInputs(target, seed, from, Math.max(0, endMs - Date.now()));
    if (problem === undefined) return;
    found.push({ target, seed, number, problem });
    console.log(`${target}: seed ${seed}, input ${number}: ${problem}`);
    if (Date.now() >= endMs) return;
    from = number + 1;
  }
}

async function tryInputs(target, seed, from, ms) {
  const file = join(folder, `${target}-${seed}`);
  writeFileSync(file, Buffer.alloc(4));
  const words = [target, seed, from, ms, file].map(String);
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=2048', '--import', 'jiti/register', `${root}test/fuzz/child.ts`, ...words],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err = (err + text).slice(-4000);
  });
  const numberNow = () => new Int32Array(Uint8Array.from(readFileSync(file)).buffer)[0] ?? 0;
  let last = { number: -1, atMs: Date.now() };
  let isHung = false;
  const timer = setInterval(() => {
    const number = numberNow();
    if (number !== last.number) last = { number, atMs: Date.now() };
    isHung = Date.now() - last.atMs > HANG_MS;
    if (isHung) child.kill('SIGKILL');
  }, WATCH_MS);
  const [code, signal] = await new Promise((resolve) => {
    child.on('close', (...end) => resolve(end));
  });
  clearInterval(timer);
  const number = numberNow();
  const line = out.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) {
    const words = isHung ? `it hung for ${HANG_MS / 1000} s` : `the process ended (${signal ?? code})`;
    add(target, { count: number - from + 1, longestMs: 0, maxMb: 0 });
    return { number, problem: `${words}: ${lastWords(err)}` };
  }
  const { count, longestMs, longestAt, maxMb } = JSON.parse(line);
  add(target, { count, longestMs, maxMb });
  if (longestMs > LONGEST_TURN_MS)
    return { number: longestAt, problem: `it blocked the event loop for ${Math.round(longestMs)} ms` };
  if (maxMb > MOST_MB) return { number, problem: `it took ${Math.round(maxMb)} MB` };
  return { number };
}

/** The first lines of the error, not the stack of the runtime. */
function lastWords(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const at = lines.findIndex((line) => /^\w*(Error|Exception)\b|Error:/.test(line.trim()));
  return lines
    .slice(Math.max(0, at), Math.max(0, at) + 5)
    .map((line) => line.trim())
    .join(' | ');
}

function add(target, { count, longestMs, maxMb }) {
  const row = rows.get(target) ?? { count: 0, longestMs: 0, maxMb: 0 };
  row.count += count;
  row.longestMs = Math.max(row.longestMs, longestMs);
  row.maxMb = Math.max(row.maxMb, maxMb);
  rows.set(target, row);
}

function show() {
  console.log(`\nseeds ${seeds.join(', ')}; crawl counts answers of the server, the others inputs`);
  console.log('target        inputs   longest turn   most memory');
  for (const target of targets) {
    const { count, longestMs, maxMb } = rows.get(target) ?? { count: 0, longestMs: 0, maxMb: 0 };
    console.log(
      `${target.padEnd(9)} ${count.toLocaleString('en').padStart(10)} ${longestMs.toFixed(0).padStart(11)} ms ${maxMb.toFixed(0).padStart(10)} MB`,
    );
  }
  const all = [...rows.values()].reduce((sum, { count }) => sum + count, 0);
  console.log(
    `${all.toLocaleString('en')} in all: ${found.length === 0 ? 'nothing found' : `${found.length} found`}`,
  );
}
