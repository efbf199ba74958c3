// Runs the conformance cases, prints how each area came out and writes the file that CONFORMANCE_REPORT names.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEAST_SHARE = 0.99;
const AREAS = 30;
const root = fileURLToPath(new URL('..', import.meta.url));
const report = process.env.CONFORMANCE_REPORT || `${root}conformance-report.json`;
rmSync(report, { force: true });
const vitest = `${root}node_modules/vitest/vitest.mjs`;
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'test/conformance', '--reporter=dot', '--reporter=./test/conformance/report.ts'],
  {
    cwd: root,
    env: { ...process.env, CONFORMANCE_REPORT: report },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);

if (!existsSync(report)) {
  console.error('conformance: the tests ended without a report');
  process.exit(status || 1);
}
const areas = Object.entries(JSON.parse(readFileSync(report, 'utf8'))).sort(([a], [b]) => (a < b ? -1 : 1));
if (areas.length === 0) {
  console.error('conformance: nothing was checked, no cases found (set CONFORMANCE_DIR)');
  process.exit(2);
}
const row = (cells) =>
  console.log(
    cells.map((cell, at) => (at === 0 ? String(cell).padEnd(22) : String(cell).padStart(9))).join(''),
  );
row(['area', 'cases', 'pass', 'passAlt', 'deviate', 'fail', 'error', 'share']);
let isShort = false;
for (const [area, { pass, passAlt, deviate, fail, error }] of areas) {
  const all = pass + passAlt + deviate + fail.length + error.length;
  const share = (pass + passAlt) / all;
  isShort ||= share < LEAST_SHARE;
  row([area, all, pass, passAlt, deviate, fail.length, error.length, `${(share * 100).toFixed(1)} %`]);
  for (const id of [...fail, ...error]) console.log(`  not passed: ${id}`);
}
if (areas.length < AREAS) console.error(`conformance: ${areas.length} areas of ${AREAS}`);
console.log(`\nwritten to ${report}`);
process.exit(isShort || areas.length < AREAS ? 1 : (status ?? 1));
