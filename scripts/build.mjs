/*
 * Makes dist/: the declarations of all sources, by tsc, and the code of the package's entries, bundled with what they
 * share in dist/chunks. Node reads a few dozen files where there were six hundred: `crawl` starts in half the time.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', `${root}tsconfig.json`], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const entries = Object.values(exports).flatMap(
  (entry) => /^\.\/dist\/(.+)\.js$/.exec(entry.default)?.[1] ?? [],
);
const bundle = await rolldown({
  input: Object.fromEntries(
    [...entries, 'src/cli/main', 'scripts/internals'].map((name) => [name, `${root}${name}.ts`]),
  ),
  platform: 'node',
  // Packages stay packages, but for what the bundler brings to say new syntax in old.
  external: (id) => !/^[./\0]|^@oxc-project\/runtime/.test(id) && !id.startsWith(root),
});
await bundle.write({
  dir: `${root}dist`,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  // Errors and components show the names of their classes.
  keepNames: true,
});

// Stands by itself, since old versions of Node must be able to read it.
const bin = `${root}dist/src/cli/bin.js`;
const { outputText } = ts.transpileModule(readFileSync(`${root}src/cli/bin.ts`, 'utf8'), {
  compilerOptions: { target: 'es2023', module: 'esnext', rewriteRelativeImportExtensions: true },
});
writeFileSync(bin, outputText);
chmodSync(bin, 0o755);
