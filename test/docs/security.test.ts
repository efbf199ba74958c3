import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/security.md`, 'utf8');
const promises = page
  .split('\n')
  .filter((line) => /^\| .* \| .*`test\//.test(line))
  .map((line) => line.slice(line.lastIndexOf(' | ') + 3));

/** `file` "title", "title"; `file` … */
const named = promises.flatMap((cell) =>
  [...cell.matchAll(/`(test\/[^`]+)`((?:,? "[^"]+")+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => [file, title] as const),
  ),
);

describe('docs/security.md', () => {
  it('names a test for each promise', () => {
    const rows = page.split('## What is promised')[1]?.match(/^\| (?!promise|---).*\|$/gm) ?? [];
    expect(rows.length).toBe(promises.length);
    expect(named.length).toBeGreaterThan(promises.length);
  });

  it.each(named)('names a test that is there: %s, %s', (file, title) => {
    expect(existsSync(root + file)).toBe(true);
    const source = readFileSync(root + file, 'utf8');
    const isTitle = ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}`));
    expect(isTitle).toBe(true);
  });
});
