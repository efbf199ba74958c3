import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { importedPaths, looksInside, namedTests, parityList, parityProblems } = (await import(
  `${root}scripts/parity-table.mjs`
)) as {
  importedPaths: (source: string) => readonly string[];
  parityList: (root: string, given?: string) => string | undefined;
  parityProblems: (root: string, list: string | undefined) => readonly string[];
  looksInside: (root: string, tests: readonly string[]) => readonly string[];
  namedTests: (root: string) => readonly object[];
};

describe('docs/parity.md', () => {
  it('has a test for each line, of the public entry or the command line', () => {
    expect(parityProblems(root, parityList(root))).toEqual([]);
    expect(namedTests(root).length).toBeGreaterThan(100);
  });

  it('is compared with a list that is there, or with none where nobody has one', () => {
    expect(parityProblems(root, '/nowhere/list.md')).toEqual([
      '/nowhere/list.md: the list to compare with is not there',
    ]);
    expect(parityList('/nowhere/', undefined)).toBe(process.env.PARITY_FILE);
    expect(parityList('/nowhere/', 'list.md')).toBe('list.md');
  });

  it('lets neither tests nor their helpers look inside of the package', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parity-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const files = {
      'a.test.ts': "import '../../src/index.ts';\nimport './helper.ts';",
      'helper.ts': "import './deeper.ts';",
      'deeper.ts': "import './helper.ts';\nimport '../../src/engine/engine.ts';",
    };
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
    expect(looksInside(`${folder}/`, ['a.test.ts'])).toEqual([
      'deeper.ts: looks inside by ../../src/engine/engine.ts',
    ]);
  });

  it('sees all ways to import', () => {
    const source = `import a from './a'; import type { B } from "./b"; import './c'; await import('./d');
      await import(\n'./e'); vi.importActual('./f'); vi.importActual<object>('./g'); export * from './h';`;
    expect(importedPaths(source)).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `./${name}`),
    );
  });
});
