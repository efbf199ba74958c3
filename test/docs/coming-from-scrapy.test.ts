import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-names.ts';
import { runCommandLine } from '../../src/cli/main.ts';
import { checkMeta } from '../../src/engine/check-meta.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';
import { fromScrapyName, scrapyNames } from '../../src/settings/scrapy-names.ts';
import { Request } from '../../src/values/request.ts';
import { fakeTerminal } from '../support/fake-terminal.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/coming-from-scrapy.md`, 'utf8');

/** The text below a heading, up to the next of its level. */
function section(title: string): string {
  const [, text] = page.split(`\n## ${title}\n`);
  if (text === undefined) throw new Error(`there is no section ${title}`);
  return text.split('\n## ')[0] ?? '';
}

/** Cells of the rows of a section's tables, without their heads. */
function rows(title: string): string[][] {
  const lines = section(title)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines
    .filter((line, at) => !/^\| ---/.test(line) && !/^\| ---/.test(lines[at + 1] ?? ''))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** Keys of meta that Scrapy only writes: a spider's own may have the same name. */
const NOTES = new Set([
  'retry_times',
  'redirect_urls',
  'redirect_reasons',
  'redirect_times',
  'download_latency',
  'is_start_request',
  'link_text',
]);

/** What stands in code quotes. */
const quoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('the tutorial for people who know Scrapy', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver-tutorial-')));
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
    // What `npm install` of the clone leaves.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'orbweaver'), 'junction');
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('works as it is typed, and gives as many items as it says', async () => {
    const here = (text: string) => text.replaceAll('http://127.0.0.1:8000/', sandbox.url);
    let cwd = join(folder, 'clone');
    mkdirSync(cwd);
    let counted = 0;
    for (const [, language, code = ''] of section('Tutorial').matchAll(/^```(sh|ts|js)\n([\s\S]*?)^```$/gm)) {
      const [, path] = /^\/\/ (\S+\.m?[jt]s)\n/.exec(code) ?? [];
      if (path !== undefined) {
        // A process loads a module once: what is changed gets another address.
        const moved = `${cwd}-`;
        renameSync(cwd, moved);
        cwd = moved;
        writeFileSync(join(cwd, path), here(code));
      }
      if (language !== 'sh') continue;
      for (const line of code.trim().split('\n')) {
        const [, command = '', items] = /^(.*?)(?:\s+# (\d+) items)?$/.exec(line) ?? [];
        if (command === 'npx crawl sandbox' || command.startsWith('npm install ')) continue;
        if (command.startsWith('node ')) {
          const { stdout } = await promisify(execFile)(process.execPath, command.split(' ').slice(1), {
            cwd,
          });
          expect(stdout).toMatch(/^\S.*\nfinished 1\n$/);
          continue;
        }
        if (command.startsWith('cd ')) {
          cwd = join(cwd, command.slice(3));
          continue;
        }
        // The working folder of a test is not that of its terminal.
        const words = wordsOf(here(command))
          .slice(2)
          .map((word, at, all) => (/^(-O|--job)$/.test(all[at - 1] ?? '') ? join(cwd, word) : word));
        const terminal = fakeTerminal(cwd);
        const exitCode = await runCommandLine([...words, ...(words.includes('-O') ? ['-q'] : [])], terminal);
        expect({ line, exitCode, err: exitCode === 0 ? '' : terminal.err }).toEqual({
          line,
          exitCode: 0,
          err: '',
        });
        if (items === undefined) continue;
        counted += 1;
        const file = words[words.indexOf('-O') + 1] ?? '';
        const found = readFileSync(file, 'utf8').trimEnd().split('\n');
        expect({ line, items: found.length }).toEqual({ line, items: Number(items) });
      }
    }
    expect(counted).toBeGreaterThan(6);
  }, 120_000);
});

/** Words of a line as a shell has them; there is nothing in it but quotes and escaped quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)].map(([word, inside]) =>
    inside === undefined ? word : inside.replaceAll('\\"', '"'),
  );
}

describe('the tables for people who know Scrapy', () => {
  const SECTIONS = [
    'Requests',
    'Keys of meta',
    'Responses',
    'Selectors',
    'Items and loaders',
    'Spiders',
    'Components',
    'Exceptions',
  ];
  const hasMember = publicMembers();

  it.each(SECTIONS)('%s: name nothing that the package does not have', (title) => {
    const names = rows(title).flatMap(([, here]) => quoted(here));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !hasMember(name))).toEqual([]);
  });

  it('notice a name that is not there', () => {
    for (const name of ['Nothing', 'Response.nothing()', 'RequestMeta.nothing', 'pipelines.nothing()'])
      expect(hasMember(name)).toBe(false);
  });

  it('name commands that there are', () => {
    const commands = rows('Commands').flatMap(([, here]) => quoted(here));
    const known: readonly string[] = COMMANDS;
    expect(commands.filter((command) => !known.includes(command.split(' ')[1] ?? ''))).toEqual([]);
  });

  it('name every signal and stats keys that there are', () => {
    const reference = (name: string) => readFileSync(`${root}docs/reference/${name}.md`, 'utf8');
    const signals = [...reference('signals').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(
      rows('Signals')
        .flatMap(([, here]) => quoted(here))
        .sort(),
    ).toEqual(signals.sort());
    const stats = new Set(quoted(reference('stats')));
    expect(
      rows('Stats')
        .flatMap(([, here]) => quoted(here))
        .filter((key) => !stats.has(key)),
    ).toEqual([]);
  });

  it("have a row for each of Scrapy's settings, with what the error message says", () => {
    const expected = scrapyNames().map((scrapyName) => {
      const { name, note = '' } = fromScrapyName(scrapyName) ?? {};
      return [`\`${scrapyName}\``, name === undefined ? '' : `\`${name}\``, note.replaceAll('|', '\\|')];
    });
    expect(rows('Settings')).toEqual(expected);
  });

  it("name the key of meta that the error message names where Scrapy's was given", () => {
    const refusal = (key: string): string => {
      try {
        checkMeta(new Request('http://site.test/', { meta: { [key]: 1 } }));
        return '';
      } catch (error) {
        return /is meta\.(\w+) here/.exec(String(error))?.[1] ?? '';
      }
    };
    const pairs = rows('Keys of meta').flatMap(([theirs, ours]) => {
      const names = quoted(ours).map((name) => /^RequestMeta\.(\w+)/.exec(name)?.[1]);
      return quoted(theirs).map((key, at) => [key, names[at]] as const);
    });
    const asking = pairs.filter(([key, name]) => name !== undefined && key !== name && !NOTES.has(key));
    expect(asking.length).toBeGreaterThan(20);
    expect(asking.map(([key]) => [key, refusal(key)])).toEqual(asking);
    for (const key of NOTES) expect(refusal(key)).toBe('');
  });

  it('lead to no page that is not there', () => {
    for (const [, path = ''] of page.matchAll(/\]\(([^)]+)\)/g))
      expect(() => readFileSync(`${root}docs/${path}`), path).not.toThrow();
  });

  it('have at least five things that Scrapy never had', () => {
    expect(section('What Scrapy never had').match(/^- \*\*/gm)?.length).toBeGreaterThanOrEqual(5);
  });
});

/** Tells whether the package exports `Name`, and whether what it exports has a member: `Name.member()`. */
function publicMembers(): (reference: string) => boolean {
  const entries = { '': 'src', middlewares: 'middlewares', pipelines: 'pipelines' };
  const program = ts.createProgram(
    Object.values(entries).map((folder) => `${root}${folder}/index.ts`),
    {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    },
  );
  const checker = program.getTypeChecker();
  const exportsOf = (folder: string): Map<string, ts.Symbol> => {
    const source = program.getSourceFile(`${root}${folder}/index.ts`);
    const module = source && checker.getSymbolAtLocation(source);
    return new Map(module && checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
  };
  const modules = new Map(Object.entries(entries).map(([name, folder]) => [name, exportsOf(folder)]));
  return (reference) => {
    const [first = '', ...more] = reference.replace(/^new /, '').replace(/\(.*$/, '').split('.');
    const isModule = first !== '' && modules.has(first) && more.length > 0;
    const [name = first, member] = isModule ? more : [first, more[0]];
    const found = [...(isModule ? [modules.get(first)] : modules.values())]
      .map((names) => names?.get(name))
      .find((symbol) => symbol !== undefined);
    if (found === undefined || member === undefined) return found !== undefined;
    const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
    const types = [checker.getDeclaredTypeOfSymbol(symbol), checker.getTypeOfSymbol(symbol)];
    return types.some((type) => checker.getPropertyOfType(type, member) !== undefined);
  };
}
