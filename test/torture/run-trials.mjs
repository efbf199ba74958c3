// Runs the trials of many scenarios, two at a time, each lane with a site of its own.
import { checkFinished, judgeTrial } from './judge-trial.mjs';
import { measure } from './measure.mjs';
import { seededRandom } from './seeded-random.mjs';
import { startSite } from './site-client.mjs';
import { Trial } from './trial.mjs';

/** The machine of the protocol has two cores; more at a time would measure the waiting for them. */
const LANES = 2;

/**
 * Gives `{ name, number, durationMs, problems, notes, folder, ... }` for each trial; `report` hears of each as it ends.
 * Before the first trial of a spider one crawl of it is measured without trouble, so that kills spread over its length.
 */
export async function runTrials({ scenarios, numbers, seed, report }) {
  const lanes = await Promise.all(Array.from({ length: LANES }, () => startSite()));
  try {
    const firstOfSpiders = [...new Map(scenarios.map((one) => [keyOf(one), one])).values()];
    const measured = new Map();
    await inLanes(lanes, firstOfSpiders, async (site, scenario) => {
      measured.set(keyOf(scenario), await measureOnce({ site, scenario, seed, report }));
    });
    const outcomes = [];
    const jobs = numbers.flatMap((number) => scenarios.map((scenario) => ({ scenario, number })));
    await inLanes(lanes, jobs, async (site, { scenario, number }) => {
      const random = seededRandom(`${seed}/${scenario.name}/${number}`);
      const outcome = await runTrial({ site, scenario, random, measured: measured.get(keyOf(scenario)) });
      outcomes.push({ ...outcome, number });
      report({ ...outcome, number });
    });
    return outcomes;
  } finally {
    for (const site of lanes) site.close();
  }
}

/** Drives one scenario and gives the outcome; the folder of a failed trial is kept. */
export async function runTrial({ isDurable, ...parts }) {
  const startedMs = performance.now();
  await parts.site.reset();
  const trial = new Trial({ ...parts, isDurable });
  const { name, drive, tries } = parts.scenario;
  let sums = { missing: 0, double: 0, broken: 0, extra: 0, kills: 0, startMs: 0 };
  try {
    await drive(trial);
    await trial.finish(tries);
    sums = await judgeTrial(trial);
    if (trial.problems.length === 0) await checkFinished(trial);
  } catch (error) {
    trial.problems.push(error.stack);
  }
  const { folder, problems, notes } = trial;
  trial.close({ isKept: problems.length > 0 });
  return { name, ...sums, durationMs: performance.now() - startedMs, problems, notes, folder };
}

async function measureOnce({ site, scenario, seed, report }) {
  await site.reset();
  const { measuredAs = scenario.spider } = scenario;
  const calm = { ...scenario, spider: measuredAs, excused: [] };
  const trial = new Trial({ scenario: calm, site, random: seededRandom(seed) });
  try {
    const measured = await measure(trial);
    await judgeTrial(trial);
    const { folder, problems, notes, slowestStartMs } = trial;
    report({
      name: `${scenario.name} without trouble`,
      ...measured,
      startMs: slowestStartMs,
      problems,
      notes,
      folder,
    });
    return measured;
  } finally {
    trial.close({ isKept: trial.problems.length > 0 });
  }
}

/** Scenarios of one spider and one set of exports take the same time. */
function keyOf({ spider, measuredAs = spider, outputs }) {
  return [measuredAs, ...outputs].join(' ');
}

async function inLanes(lanes, jobs, work) {
  const queue = [...jobs];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) await work(lane, job);
    }),
  );
}
