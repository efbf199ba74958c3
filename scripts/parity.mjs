// Checks docs/parity.md: every line has its test, and each test passes when it runs alone and asserts something.
// `npm run parity -- 1.7` runs the tests of one section.
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import { namedTests, parityList, parityProblems } from './parity-table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const list = parityList(root);
const problems = parityProblems(root, list);

const vitest = await createVitest(
  'test',
  {
    root,
    watch: false,
    reporters: [{}],
    passWithNoTests: true,
  },
  { server: { hmr: false } },
);
const tests = namedTests(root, process.argv[2]);
let shown = 0;
for (const { file, test } of tests) {
  const specifications = await vitest.globTestSpecifications([file]);
  vitest.setGlobalTestNamePattern(new RegExp(`(^| )${escaped(test)}$`));
  const { testModules } = await vitest.runTestSpecifications(specifications, true);
  const results = testModules.flatMap((module) => [...module.children.allTests()]);
  const ran = results.filter((one) => one.result().state !== 'skipped');
  const failed = ran.filter((one) => one.result().state !== 'passed');
  if (ran.length === 0) problems.push(`${file}: "${test}" does not run`);
  for (const one of failed)
    problems.push(`${file}: "${test}": ${one.result().errors?.[0]?.message ?? 'failed'}`);
  if (ran.length > 0 && failed.length === 0) shown += 1;
}
await vitest.close();

for (const problem of problems) console.log(problem);
if (list === undefined) console.log('the comparison with the list was left out: name it by PARITY_FILE');
console.log(`${tests.length} tests, each alone: ${shown} passed; ${problems.length} problems`);
process.exit(problems.length > 0 || tests.length === 0 ? 1 : 0);

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
