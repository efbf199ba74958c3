import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { referencePages } = (await import(`${root}scripts/reference.mjs`)) as {
  referencePages: () => Promise<Readonly<Record<string, string>>>;
};
const WRITES = /(?:\b(?:stats|counters)\??\.(?:inc|set|max|min)|#inc)\(\s*(?:'([^']+)'|`([^`]+)`)/g;

/** Keys that the sources count under; `*` for what is filled in. */
function countedKeys(): Set<string> {
  const keys = ['src', 'middlewares', 'pipelines'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [...readFileSync(`${root}${folder}/${path}`, 'utf8').matchAll(WRITES)]),
  );
  return new Set(keys.map(([, plain, template = '']) => plain ?? template.replaceAll(/\$\{.*\}/g, '*')));
}

const pages = Object.entries(await referencePages());

describe('the reference', () => {
  it.each(pages)('%s is what the sources say (node scripts/reference.mjs)', (name, text) => {
    expect(readFileSync(`${root}docs/reference/${name}`, 'utf8')).toBe(text);
  });

  it('names every stats key, and no other', () => {
    const text = readFileSync(`${root}docs/reference/stats.md`, 'utf8');
    const named = [...text.matchAll(/`([a-z_-]+(?:\/[a-z_*-]+)*)`/g)].map(([, key = '']) => key);
    expect(new Set(named)).toEqual(countedKeys());
  });
});
