// The rows of the table: what is crawled, and how it is troubled before it is left in peace.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { limitedDisk } from './limited-disk.mjs';
import { DEADLY_ID, PAGES, pageItem, variedItem } from './page-item.mjs';

const JUMP = fileURLToPath(new URL('jump-clock.mjs', import.meta.url));
const DAY_MS = 86_400_000;
const pages = { spider: 'pages.ts', itemOf: pageItem, outputs: ['out.jsonl'] };
const varied = { spider: 'varied.ts', itemOf: variedItem };

/** Every scenario; `drive` makes the trouble, the runner then runs the command until it ends by itself. */
export const SCENARIOS = [
  { name: 'jsonl', ...pages, drive: killTwice },
  {
    name: 'csv-declared',
    ...pages,
    spider: 'declared.ts',
    outputs: ['out.csv'],
    isDeclared: true,
    drive: killTwice,
  },
  { name: 'csv-collected', ...varied, outputs: ['out.csv'], drive: killTwice },
  { name: 'json', ...pages, outputs: ['out.json'], drive: killTwice },
  { name: 'xml', ...pages, outputs: ['out.xml'], drive: killTwice },
  { name: 'gzip', ...pages, outputs: ['out.jsonl.gz'], drive: killTwice },
  { name: 'two-feeds', ...varied, outputs: ['out.jsonl', 'out.csv'], drive: killTwice },
  { name: 'start', ...pages, spider: 'seeds.ts', drive: killTwice },
  { name: 'dont-filter', ...pages, spider: 'dont-filter.ts', drive: killTwice },
  { name: 'batch', ...pages, drive: killInBatches },
  { name: 'resume', ...pages, drive: killResumes },
  { name: 'sigterm', ...pages, drive: stopTwice },
  { name: 'double-sigint', ...pages, spider: 'slow.ts', drive: interruptTwice },
  { name: 'full-export', ...pages, drive: fillExport },
  { name: 'full-export-csv', ...varied, outputs: ['out.csv'], drive: fillExport },
  { name: 'full-export-gzip', ...pages, outputs: ['out.jsonl.gz'], drive: fillExport },
  { name: 'full-job', ...pages, drive: fillJob },
  { name: 'clock-jump', ...pages, drive: jumpClock },
  {
    name: 'deadly-page',
    measuredAs: 'pages.ts',
    ...pages,
    spider: 'deadly.ts',
    excused: [DEADLY_ID],
    tries: 8,
    drive: async () => {},
  },
];

/** Two moments anywhere in the crawl, the second now and then in its end, where exports are closed. */
async function killTwice(trial, options = () => undefined) {
  const { random, measured } = trial;
  const { durationMs, bootMs } = measured;
  const [early, late] = [random.next(), random.next()].sort((one, other) => one - other);
  await trial.killAfter(early * durationMs, options());
  if (random.next() < 0.25) await killAtEnd(trial, options());
  else await trial.killAfter(bootMs + (late - early) * (durationMs - bootMs), options());
}

async function killAtEnd(trial, options) {
  const { random, measured, site } = trial;
  const run = await trial.start(options);
  await site.reaches(
    ({ pages: count }) => count === PAGES,
    () => run.hasEnded,
  );
  await run.lasts(random.next() * measured.closeMs);
  await trial.kill(run);
}

/** Right behind a page that the site has seen, a fraction of a batch later. */
async function killInBatches(trial) {
  const { random, site } = trial;
  for (let at = 0; at < 4; at++) {
    const run = await trial.start();
    const target = run.fetchesBefore + random.between(1, PAGES / 5);
    await site.reaches(
      ({ fetches }) => fetches > target,
      () => run.hasEnded,
    );
    await run.lasts(random.between(0, 60));
    await trial.kill(run);
  }
}

/** Five kills while the job is opened and the first pages of the resumed run are under way. */
async function killResumes(trial) {
  const { random, measured } = trial;
  const { durationMs, bootMs } = measured;
  await trial.killAfter(random.between(0.2, 0.6) * durationMs);
  for (let at = 0; at < 5; at++) await trial.killAfter(random.between(50, Math.max(400, bootMs * 1.5)));
}

async function stopTwice(trial) {
  const { random, measured } = trial;
  const { durationMs, bootMs } = measured;
  for (let at = 0; at < 2; at++) {
    await trial.stopAfter(bootMs + random.between(0, 0.5) * (durationMs - bootMs), 'SIGTERM');
  }
}

/** The second signal comes while slow callbacks are waited for, later than an echo of the first could. */
async function interruptTwice(trial) {
  const { random, measured } = trial;
  const { durationMs, bootMs } = measured;
  for (let at = 0; at < 2; at++) {
    const second = { signal: 'SIGINT', afterMs: random.between(210, 500) };
    await trial.stopAfter(bootMs + random.between(0, 0.5) * (durationMs - bootMs), 'SIGINT', second);
  }
}

async function fillExport(trial) {
  const { random, measured } = trial;
  trial.disk = await limitedDisk(join(trial.folder, 'out'), random.between(0.02, 0.9) * measured.outputBytes);
  await trial.failOnDisk();
  trial.disk.grow();
}

async function fillJob(trial) {
  const { random, measured } = trial;
  trial.disk = await limitedDisk(join(trial.folder, 'state'), random.between(0.02, 0.6) * measured.jobBytes);
  await trial.failOnDisk();
  trial.disk.grow();
}

/** As `killTwice`, with a wall clock that jumps by a day, to and fro. */
async function jumpClock(trial) {
  const { random, measured } = trial;
  await killTwice(trial, () => ({
    nodeWords: ['--import', JUMP],
    env: {
      JUMP_MS: String(random.pick([-DAY_MS, DAY_MS])),
      JUMP_AFTER_MS: String(Math.round(random.between(0, 0.7) * measured.durationMs)),
    },
  }));
}
