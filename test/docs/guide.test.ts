import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileTexts } from '../support/compile-texts.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SNIPPET = /^```ts\n([\s\S]*?)^```$/gm;

interface Snippet {
  /** Of the snippet as a source file; there is none on disk. */
  readonly path: string;
  readonly text: string;
}

const pages = [
  'README.md',
  'docs/coming-from-scrapy.md',
  ...readdirSync(`${root}docs/guide`).map((name) => `docs/guide/${name}`),
];
const snippets = pages.flatMap((page) =>
  [...readFileSync(root + page, 'utf8').matchAll(SNIPPET)].map(
    ([, text = ''], at): Snippet => ({
      path: `${root}docs/${page.replaceAll(/\W/g, '-')}-${at + 1}.ts`,
      text,
    }),
  ),
);

/** The compiler's complaints about all snippets, by file. */
function complaints(): ReadonlyMap<string, readonly string[]> {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    paths: {
      orbweaver: [`${root}src/index.ts`],
      'orbweaver/testing': [`${root}src/testing/index.ts`],
      'orbweaver/*': [`${root}*/index.ts`],
    },
  };
  return compileTexts(new Map(snippets.map(({ path, text }) => [path, text])), options);
}

describe('the code of the README and the guide', () => {
  const found = complaints();

  it('is there', () => {
    expect(snippets.length).toBeGreaterThan(10);
  });

  it.each(snippets.map(({ path }) => path.slice(root.length)))(
    '%s compiles as a user would have it',
    (path) => {
      expect(found.get(root + path)).toEqual([]);
    },
  );
});
