// Kills, stops and starves crawls with a job and checks that nothing is lost, doubled or broken. See test/torture/.
//   npm run torture -- [--trials 30] [--only NAME,NAME] [--trial N] [--seed S] [--json FILE] [--self-test]
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanUpAtEnd } from '../test/torture/cleanup.mjs';
import { runTrials } from '../test/torture/run-trials.mjs';
import { SCENARIOS } from '../test/torture/scenarios.mjs';
import { selfTest } from '../test/torture/self-test.mjs';
import { SITE_PROGRAM } from '../test/torture/site-client.mjs';
import { printedTable, tableRow } from '../test/torture/table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = `${root}dist/src/cli/bin.js`;
const startedMs = performance.now();
const { values: options } = parseArgs({
  options: {
    trials: { type: 'string', default: '30' },
    only: { type: 'string' },
    trial: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    json: { type: 'string' },
    'self-test': { type: 'boolean', default: false },
  },
});

if (!existsSync(bin)) fail('dist/ is missing; build it first: npm run build');
cleanUpAtEnd();
if (options['self-test']) {
  const failed = await selfTest(say);
  say(
    failed === 0
      ? 'torture: the checkers find what they must'
      : `torture: ${failed} checks of the checkers failed`,
  );
  process.exit(failed === 0 ? 0 : 1);
}

let hasFailed = false;
const scenarios = chosenScenarios();
const numbers = chosenTrials();
if (!spawnSync(process.execPath, [bin, 'run', '--help'], { encoding: 'utf8' }).stdout.includes('--job')) {
  fail('this build has no --job; only --self-test can run');
}
say(
  `torture: seed ${options.seed}, ${scenarios.length} scenarios, ${numbers.length} trials each, ${SITE_PROGRAM}`,
);
const outcomes = await runTrials({ scenarios, numbers, seed: options.seed, report });
const rows = scenarios.map(({ name }) =>
  tableRow(
    name,
    outcomes.filter((outcome) => outcome.name === name),
  ),
);
say(`\n${printedTable(rows)}`);
for (const note of new Set(outcomes.flatMap(({ name, notes }) => notes.map((text) => `${name}: ${text}`))))
  say(note);
const seconds = (performance.now() - startedMs) / 1000;
say(`torture: ${outcomes.length} trials in ${Math.round(seconds)} s, seed ${options.seed}`);
if (options.json !== undefined) {
  writeFileSync(options.json, JSON.stringify({ seed: options.seed, seconds, rows, outcomes }, undefined, 1));
}
process.exit(hasFailed ? 1 : 0);

function chosenScenarios() {
  if (options.only === undefined) return SCENARIOS;
  const names = options.only.split(',');
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown !== undefined)
    fail(`there is no scenario ${unknown}: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  return SCENARIOS.filter(({ name }) => names.includes(name));
}

function chosenTrials() {
  if (options.trial !== undefined) return [count('trial')];
  return Array.from({ length: count('trials') }, (_, at) => at + 1);
}

function count(name) {
  const number = Number(options[name]);
  if (!Number.isInteger(number) || number < 1) fail(`--${name} is a number from 1 on, not ${options[name]}`);
  return number;
}

function report({ name, number, durationMs, kills, startMs, problems, notes, folder }) {
  const what = number === undefined ? name : `${name} ${number}`;
  const numbersOfIt = kills === undefined ? '' : `, ${kills} kills`;
  say(
    `${problems.length === 0 ? 'ok  ' : 'FAIL'} ${what}: ${(durationMs / 1000).toFixed(1)} s${numbersOfIt}, start ${Math.round(startMs)} ms`,
  );
  if (problems.length > 0) hasFailed = true;
  for (const problem of problems) say(`       ${problem}`);
  for (const note of notes) say(`       note: ${note}`);
  if (problems.length > 0) say(`       kept: ${folder}`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function fail(text) {
  process.stderr.write(`torture: ${text}\n`);
  process.exit(2);
}
