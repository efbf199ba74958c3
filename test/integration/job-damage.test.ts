import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type DamageOutcome, damagesOf } from '../support/job-damage.ts';

/** `npm run fuzz:job` tries 200 cuts and 200 flips of every file. */
const EACH = Number(process.env.ORBWEAVER_FUZZ ?? 1);
const SEED = Number(process.env.ORBWEAVER_SEED ?? 1);
/** Jobs that are damaged side by side. */
const WORKERS = EACH > 10 ? availableParallelism() : 1;
const PROGRESS_EVERY = 500;
const CHILD = fileURLToPath(new URL('../support/job-damage-child.ts', import.meta.url));

const root = mkdtempSync(join(tmpdir(), 'orbweaver-fuzz-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs the child; its lines, and how it ended. */
function child(...given: readonly string[]): Promise<{ readonly lines: string[]; readonly end: string }> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, ['--import', 'jiti/register', CHILD, ...given], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 7_200_000,
    });
    let out = '';
    let problems = '';
    process_.stdout.on('data', (chunk) => {
      out += chunk;
    });
    process_.stderr.on('data', (chunk) => {
      problems += chunk;
    });
    process_.on('error', reject);
    process_.on('close', (code, signal) => {
      const lines = out.split('\n').filter((line) => line !== '');
      resolve({ lines, end: code === 0 ? '' : `${signal ?? code}: ${problems.slice(-2000)}` });
    });
  });
}

/** Makes a half-done job and tries damages to it, in as many processes as it takes. */
async function outcomes(name: string, each: number, seed: number): Promise<DamageOutcome[]> {
  const folder = join(root, name);
  const aside = join(root, `${name}-aside`);
  const list = join(root, `${name}.json`);
  expect((await child('half', folder)).end).toBe('');
  cpSync(folder, aside, { recursive: true });
  const damages = damagesOf(aside, each, seed);
  const found: DamageOutcome[] = [];
  while (found.length < damages.length) {
    writeFileSync(list, JSON.stringify(damages.slice(found.length, found.length + PROGRESS_EVERY)));
    const { lines, end } = await child('try', folder, aside, list);
    const said = lines.map((line) => JSON.parse(line) as Partial<DamageOutcome>);
    found.push(...said.filter((one): one is DamageOutcome => one.outcome !== undefined));
    const damage = damages[found.length];
    if (end !== '' && damage !== undefined)
      found.push({ damage, outcome: 'wrong', text: `the process ended with ${end}` });
    if (EACH > 10) console.log(`${name}: ${summary(found)} of ${damages.length}`);
  }
  return found;
}

function summary(all: readonly DamageOutcome[]): string {
  const count = (outcome: string): number => all.filter((one) => one.outcome === outcome).length;
  return `exact ${count('exact')}, message ${count('message')}, wrong ${count('wrong')}`;
}

describe('a damaged job', () => {
  it('is finished exactly, or says what is wrong and what to do', async () => {
    const shares = Array.from({ length: WORKERS }, (_, at) =>
      outcomes(`half-${at + 1}`, Math.ceil(EACH / WORKERS), SEED + at),
    );
    const all = (await Promise.all(shares)).flat();
    expect(all.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
    expect(all.filter(({ outcome }) => outcome === 'exact').length).toBeGreaterThan(0);
    expect(all.filter(({ outcome }) => outcome === 'message').length).toBeGreaterThan(0);
  }, 7_200_000);
});
