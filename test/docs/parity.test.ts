import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { namedTests, parityProblems } = (await import(`${root}scripts/parity-table.mjs`)) as {
  parityProblems: (root: string, list: string) => readonly string[];
  namedTests: (root: string) => readonly object[];
};

describe('docs/parity.md', () => {
  it('has a test for each line, of the public entry or the command line', () => {
    const list = process.env.PARITY_FILE ?? `${root}../shared/PARITY.md`;
    expect(parityProblems(root, list)).toEqual([]);
    expect(namedTests(root).length).toBeGreaterThan(100);
  });
});
