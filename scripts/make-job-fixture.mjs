// Makes test/fixtures/job-format-1.json.gz: a half-done job as this release writes it, that later ones must finish.
// Run it only while the format has not been released: after that a new format gets a fixture of its own.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createJiti } from 'jiti';

const target = fileURLToPath(new URL('../test/fixtures/job-format-1.json.gz', import.meta.url));
const jiti = createJiti(import.meta.url);
const { halfDoneJob } = await jiti.import('../test/support/job-damage.ts');

const folder = mkdtempSync(join(tmpdir(), 'orbweaver-fixture-'));
try {
  // Relative names: the fixture tells nothing of the machine it was made on.
  process.chdir(folder);
  await halfDoneJob('');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(LOCK|LOG.*|owner.json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path).toString('base64')]);
  mkdirSync(new URL('../test/fixtures/', import.meta.url), { recursive: true });
  const packed = gzipSync(JSON.stringify(Object.fromEntries(files)), { level: 9 });
  writeFileSync(target, packed);
  process.stdout.write(`${files.length} files, ${packed.length} bytes\n`);
} finally {
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true, force: true });
}
