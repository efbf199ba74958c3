// Runs every case of the hostile web server against the built package, each alone, then all of them in one crawl with a
// good page between every two. Prints the verdicts, and fails where one is wrong or a good page is missing.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const LONGEST_RUN_MS = 30 * 60_000;
const LONGEST_TOGETHER_MS = 10 * 60_000;
const LONGEST_START_MS = 20_000;
const PORTS = 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.env.HOSTILE_DIR ?? fileURLToPath(new URL('../../shared/hostile', import.meta.url));
const server = `${folder}/server.mjs`;
if (!existsSync(server)) {
  console.log(`hostile: skipped, ${server} is not there (set HOSTILE_DIR)`);
  process.exit(0);
}
if (!existsSync(`${root}dist/src/index.js`)) {
  const { status } = spawnSync(process.execPath, [`${root}scripts/build.mjs`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const slack = availableParallelism() > 2 ? 1 : 2;
const driver = `${JSON.stringify(process.execPath)} ${JSON.stringify(`${root}test/hostile/driver.mjs`)}`;
const words = [
  'run',
  '--driver',
  driver,
  '--port',
  String(await freePorts()),
  '--slack',
  String(slack),
  ...process.argv.slice(2),
];
const run = spawn(process.execPath, [server, ...words], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
const deadline = setTimeout(() => run.kill('SIGKILL'), LONGEST_RUN_MS);
let output = '';
run.stdout.setEncoding('utf8').on('data', (text) => {
  output += text;
  process.stdout.write(text);
});
run.on('close', async () => {
  clearTimeout(deadline);
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(output) ?? [];
  if (passed === undefined) {
    console.error('hostile: the run did not end by itself');
    process.exit(1);
  }
  const all = Number(passed) + Number(failed);
  const isDead = /\b(crash|hang)\b/.test(output);
  console.log(`hostile web: ${passed} of ${all}${isDead ? ', with a crash or hang' : ', no crash, no hang'}`);
  const isChosen = process.argv.length > 2;
  const isWhole = isChosen || (await together());
  process.exit(Number(failed) > 0 || isDead || !isWhole ? 1 : 0);
});

/** Crawls all cases at once; whether every good page between them came, once. */
async function together() {
  const port = await freePorts();
  const web = spawn(process.execPath, [server, String(port)], { stdio: 'ignore' });
  try {
    const address = `http://127.0.0.1:${port}`;
    for (const untilMs = Date.now() + LONGEST_START_MS; ; ) {
      if (
        await fetch(`${address}/__cases`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      if (Date.now() > untilMs) throw new Error('the hostile server does not answer');
    }
    const crawl = spawnSync(process.execPath, [`${root}test/hostile/together.mjs`, address], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: LONGEST_TOGETHER_MS,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
    });
    const line = crawl.stdout.trim().split('\n').at(-1) ?? '';
    if (crawl.status !== 0 || line === '') {
      console.log(`all in one crawl: it ended with ${crawl.signal ?? crawl.status}`);
      return false;
    }
    const { reason, cases, good, missing, double, slowestGoodMs, ms, polluted } = JSON.parse(line);
    console.log(
      `all ${cases} cases in one crawl: ${reason} after ${(ms / 1000).toFixed(1)} s, ${good} of ${cases + 1} good pages between them, ` +
        `${double.length} double, the slowest took ${slowestGoodMs} ms`,
    );
    return reason === 'finished' && missing.length === 0 && double.length === 0 && !polluted;
  } finally {
    web.kill('SIGKILL');
  }
}

/** The first of so many ports in a row that are free on loopback. */
async function freePorts() {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 30_000);
    const free = await Promise.all(Array.from({ length: PORTS }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no free ports');
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
