import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

// Each other file of this folder is a program of somebody who uses the package. A line below `@ts-expect-error`
// must fail, for the reason that stands behind it. `npm run types` compiles them under our own strict settings,
// but only sees that something is wrong in such a line.
const folder = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const EXPECTED = '// @ts-expect-error ';
const files = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'));

interface Fault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** All that is wrong in the programs, expected or not, under the settings that a new project has. */
function faultsIn(paths: readonly string[]): readonly Fault[] {
  const { config } = ts.readConfigFile(join(root, 'templates/project/_tsconfig.json'), ts.sys.readFile);
  const options = { ...ts.parseJsonConfigFileContent(config, ts.sys, root).options, noEmit: true };
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (path) => (paths.includes(path) ? asNewProject(readFile(path)) : readFile(path));
  return ts.getPreEmitDiagnostics(ts.createProgram(paths, options, host)).map((fault) => ({
    file: fault.file?.fileName ?? '',
    line: (fault.file?.getLineAndCharacterOfPosition(fault.start ?? 0).line ?? 0) + 1,
    message: ts.flattenDiagnosticMessageText(fault.messageText, '\n'),
  }));
}

/** Nobody writes `override` where no setting asks for it. */
function asNewProject(text = ''): string {
  return text.replaceAll(' override ', ' ').replaceAll('@ts-expect-error', 'wrong:');
}

function expectedIn(name: string): readonly Omit<Fault, 'file'>[] {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    const from = line.indexOf(EXPECTED);
    return from === -1 ? [] : [{ line: at + 2, message: line.slice(from + EXPECTED.length) }];
  });
}

describe('the types', () => {
  let faults: readonly Fault[] = [];
  beforeAll(() => {
    faults = faultsIn(files.map((name) => join(folder, name)));
  }, 120_000);

  it.each(files)('let %s compile but for its wrong lines, each for its own reason', (name) => {
    const found = faults.filter(({ file }) => file === join(folder, name));
    const expected = expectedIn(name);
    expect(expected.length).toBeGreaterThan(0);
    expect(found).toEqual(
      expected.map(({ line, message }) =>
        expect.objectContaining({ line, message: expect.stringContaining(message) }),
      ),
    );
  });

  it('have no faults of their own', () => {
    expect(faults.filter(({ file }) => !file.startsWith(folder))).toEqual([]);
  });
});
