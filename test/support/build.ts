import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = ['src', 'middlewares', 'pipelines', 'spiders', 'scripts', 'tsconfig.json', 'package.json'];

/** Where the built command line is. */
export const BIN: string = join(root, 'dist', 'src', 'cli', 'bin.js');

/** Builds dist/ before the tests that run the command line as a process, unless it is newer than every source. */
export function setup(): void {
  const filters = process.argv
    .slice(2)
    .filter((word) => word.startsWith('test/') || word.endsWith('.test.ts'));
  const mayReachThem = filters.length === 0 || filters.some((word) => /integration|parity|docs/.test(word));
  if (!mayReachThem || isFresh()) return;
  spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (!existsSync(BIN)) throw new Error('the build made no dist/src/cli/bin.js');
}

function isFresh(): boolean {
  const built = statSync(BIN, { throwIfNoEntry: false });
  return built !== undefined && SOURCES.every((name) => newest(join(root, name)) <= built.mtimeMs);
}

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(stat.mtimeMs, ...inside);
}
