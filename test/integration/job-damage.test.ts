import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Damage, type DamageOutcome, damagesOf } from '../support/job-damage.ts';

/** `npm run fuzz:job` tries 200 cuts and 200 flips of every file. */
const EACH = Number(process.env.ORBWEAVER_FUZZ ?? 2);
const SEED = Number(process.env.ORBWEAVER_SEED ?? 1);
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

/** Tries all damages, in as many processes as it takes. */
async function outcomes(folder: string, aside: string, damages: readonly Damage[]): Promise<DamageOutcome[]> {
  const list = join(root, 'list.json');
  const found: DamageOutcome[] = [];
  while (found.length < damages.length) {
    writeFileSync(list, JSON.stringify(damages.slice(found.length)));
    const { lines, end } = await child('try', folder, aside, list);
    const said = lines.map((line) => JSON.parse(line) as Partial<DamageOutcome>);
    found.push(...said.filter((one): one is DamageOutcome => one.outcome !== undefined));
    const damage = damages[found.length];
    if (damage === undefined) break;
    found.push({ damage, outcome: 'wrong', text: `the process ended with ${end}` });
  }
  return found;
}

describe('a damaged job', () => {
  it('is finished exactly, or says what is wrong and what to do', async () => {
    const folder = join(root, 'half');
    const aside = join(root, 'aside');
    expect((await child('half', folder)).end).toBe('');
    cpSync(folder, aside, { recursive: true });
    const all = await outcomes(folder, aside, damagesOf(aside, EACH, SEED));
    const count = (outcome: string): number => all.filter((one) => one.outcome === outcome).length;
    if (EACH > 10) console.log(`exact ${count('exact')}, message ${count('message')} of ${all.length}`);
    expect(all.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
    expect(count('exact')).toBeGreaterThan(0);
    expect(count('message')).toBeGreaterThan(0);
  }, 7_200_000);
});
