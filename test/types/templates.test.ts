import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileTexts } from '../support/compile-texts.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const BLANKS: Readonly<Record<string, string>> = {
  className: 'MineSpider',
  url: 'https://site.test/',
  domain: 'site.test',
};
const templates = ['templates/spiders', 'templates/project/spiders'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => ({
    name: `${folder}/${name}`,
    text: readFileSync(join(root, folder, name), 'utf8').replaceAll(
      /\{\{(\w+)\}\}/g,
      (_blank, blank: string) => BLANKS[blank] ?? '',
    ),
  })),
);

/** What the strictest of projects hears about the templates, by their paths. */
function complaints(): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(join(root, 'templates/project/_tsconfig.json'), ts.sys.readFile);
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent(config, ts.sys, root).options,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    paths: { orbweaver: [join(root, 'src/index.ts')] },
  };
  return compileTexts(new Map(templates.map(({ name, text }) => [pathOf(name), text])), options);
}

function pathOf(name: string): string {
  return join(root, 'test', name);
}

describe('the templates of spiders', () => {
  const found = complaints();

  it.each(templates.map(({ name }) => name))('%s compiles under the strictest settings', (name) => {
    expect(found.get(pathOf(name))).toEqual([]);
  });
});
