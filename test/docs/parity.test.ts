import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { importedPaths, namedTests, parityList, parityProblems } = (await import(
  `${root}scripts/parity-table.mjs`
)) as {
  importedPaths: (source: string) => readonly string[];
  parityList: (root: string, given?: string) => string | undefined;
  parityProblems: (root: string, list: string | undefined) => readonly string[];
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

  it('sees all ways to import', () => {
    const source = `import a from './a'; import type { B } from "./b"; import './c'; await import('./d');
      await import(\n'./e'); vi.importActual('./f'); vi.importActual<object>('./g'); export * from './h';`;
    expect(importedPaths(source)).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `./${name}`),
    );
  });
});
