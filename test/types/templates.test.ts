import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

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

/** What the strictest of projects hears about the templates, by their names. */
function complaints(): Map<string, string[]> {
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
  const texts = new Map(templates.map(({ name, text }) => [join(root, 'test', name), text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => texts.has(path) || fileExists.call(host, path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile.call(host, path, ...rest)
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(
    templates.map(({ name }) => {
      const source = program.getSourceFile(join(root, 'test', name));
      const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [name, faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))];
    }),
  );
}

describe('the templates of spiders', () => {
  const found = complaints();

  it.each(templates.map(({ name }) => name))('%s compiles under the strictest settings', (name) => {
    expect(found.get(name)).toEqual([]);
  });
});
