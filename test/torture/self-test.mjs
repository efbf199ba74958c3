// Proves that the checkers find what they are there for: a torture that never complains shows nothing.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRecords } from './check-records.mjs';
import { ChildRun } from './child-run.mjs';
import { onExit } from './cleanup.mjs';
import { canMount, limitedDisk } from './limited-disk.mjs';
import { plantedExports } from './planted-exports.mjs';
import { runTrial } from './run-trials.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { seededRandom } from './seeded-random.mjs';
import { SITE_PROGRAM, startSite } from './site-client.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Generous, as how long a crawl takes is not what is tested here. */
const MEASURED = { durationMs: 60_000, bootMs: 10_000 };
const KILL_AT = 500;

/** Runs every check of the checks; gives how many failed. */
export async function selfTest(say) {
  let failed = 0;
  const check = (title, isRight, found = '') => {
    if (!isRight) failed++;
    if (!isRight) say(`FAIL ${title} ${found}`);
    else say(`ok   ${title}`);
  };
  checkPlants(check);
  for (const program of new Set([here('site.mjs'), SITE_PROGRAM])) await checkCounts(program, check);
  await checkLimits(check);
  await checkUndurable(check);
  return failed;
}

function checkPlants(check) {
  for (const { title, name, itemOf, bytes, expected } of plantedExports()) {
    const { missing, double, broken, reasons } = checkRecords(name, bytes, itemOf);
    const found = { missing: missing.length, double: double.length, broken };
    const wanted = { missing: 0, double: 0, broken: 0, ...expected };
    const isRight =
      'isBroken' in expected
        ? broken > 0 || expected.missing === missing.length
        : Object.keys(found).every((key) => found[key] === wanted[key]);
    check(`${name}: ${title}`, isRight, `${JSON.stringify(found)} ${reasons[0] ?? ''}`);
  }
}

async function checkCounts(program, check) {
  const site = await startSite(program);
  try {
    for (const id of [1, 1, 2]) await (await fetch(`${site.url}/site/${id}`)).text();
    const { pages, fetches } = await site.counts();
    check(`${program} counts fetches`, pages === 2 && fetches === 3, JSON.stringify({ pages, fetches }));
    await site.reset();
    check(`${program} starts over`, (await site.counts()).fetches === 0);
  } finally {
    site.close();
  }
}

/** Children end at their limit, disks are full and grow, clocks jump. */
async function checkLimits(check) {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-torture-self-'));
  const remove = onExit(() => rmSync(folder, { recursive: true, force: true }));
  const script = (text, nodeWords = []) => [
    process.execPath,
    ...nodeWords,
    '--input-type=module',
    '-e',
    text,
  ];
  const run = async (command, more = {}) => {
    const options = { cwd: folder, log: join(folder, 'run'), limitMs: 10_000, ...more };
    return (await new ChildRun(command, options)).end;
  };
  try {
    const hung = await run(script('setInterval(() => {}, 1000)'), { limitMs: 400 });
    check('a hung child is killed', hung.isTooLong && hung.signal === 'SIGKILL', JSON.stringify(hung));
    const jump = script('console.log(Date.now() - performance.timeOrigin)', [
      '--import',
      here('jump-clock.mjs'),
    ]);
    await run(jump, { env: { JUMP_MS: '86400000' } });
    check('a clock jumps', Number(readFileSync(join(folder, 'run.out'), 'utf8')) > 86_000_000);
    const disk = await limitedDisk(join(folder, 'disk'), 64 * 1024);
    const fill = script(
      `import { writeFileSync } from 'node:fs'; writeFileSync('disk/file', '.'.repeat(200_000))`,
    );
    const full = await run(disk.within(fill, folder));
    check(
      `a disk is full (${canMount() ? 'tmpfs' : 'ulimit -f'})`,
      full.code === 1 && /ENOSPC|EFBIG/.test(full.errors),
    );
    disk.grow();
    check('a full disk grows', (await run(disk.within(fill, folder))).code === 0);
    check('its files can be read', readFileSync(disk.outside(join(folder, 'disk/file'))).length === 200_000);
    disk.close();
  } finally {
    remove();
  }
}

/** Without a job a kill costs all pages again: the exports end up right, the site knows better. */
async function checkUndurable(check) {
  const site = await startSite();
  try {
    const scenario = { ...SCENARIOS[0], drive: killOnTheWay };
    const trial = { scenario, site, random: seededRandom('self-test'), measured: MEASURED, isDurable: false };
    const { missing, double, broken, extra, problems, folder } = await runTrial(trial);
    const found = JSON.stringify({ missing, double, broken, extra, problems });
    const isFound = problems.length === 1 && /fetched again/.test(problems[0]);
    check('a crawl that starts over is found out', isFound && missing + double + broken === 0, found);
    rmSync(folder, { recursive: true, force: true });
  } finally {
    site.close();
  }
}

async function killOnTheWay(trial) {
  const run = await trial.start();
  await trial.site.reaches(
    ({ fetches }) => fetches > KILL_AT,
    () => run.hasEnded,
  );
  await trial.kill(run);
}
