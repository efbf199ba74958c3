import { relative } from 'node:path';
import type { SpiderFile } from '../../crawler/spider-files.ts';
import { isCommand } from '../command-names.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl list`. */
export interface ListOptions {
  readonly long?: true;
}

/** Prints the spiders' names, one a line; with `--long` what loading them tells. */
export async function list(terminal: Terminal, { long }: ListOptions): Promise<number> {
  const workspace = new Workspace(terminal.cwd);
  if (workspace.project === undefined) {
    throw new UsageError(
      'there is no project here',
      'Make one by `crawl init`, or run a file by `crawl ./spider.ts`.',
    );
  }
  const files = await workspace.spiderFiles();
  if (files.length === 0) {
    terminal.say('The project has no spiders yet: `crawl new spider <name>` writes one.\n');
    return EXIT_CODES.ok;
  }
  const lines = long ? await longLines(workspace, files) : files.map(({ name }) => shortLine(name));
  await terminal.write(`${lines.join('\n')}\n`);
  return EXIT_CODES.ok;
}

function shortLine(name: string): string {
  return isCommand(name) ? `${name}\t(cannot run: that is a command's name, rename the file)` : name;
}

async function longLines(workspace: Workspace, files: readonly SpiderFile[]): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    const where = relative(workspace.cwd, file.path);
    try {
      for (const { name, spider } of await workspace.load(file)) {
        lines.push(`${shortLine(name)}\t${where}`, ...argumentLines(spider.args));
      }
    } catch (fault) {
      const problem = fault instanceof Error ? fault.message : String(fault);
      lines.push(`${file.name}\t${where}\terror: ${problem}`);
    }
  }
  return lines;
}

function argumentLines(args: unknown): string[] {
  if (typeof args !== 'object' || args === null || '~standard' in args) return [];
  return Object.entries(args as Readonly<Record<string, ArgumentRow>>).map(([name, row]) => {
    const facts = [row.type ?? 'string', row.choices && `one of ${row.choices.join(', ')}`, valueFact(row)];
    const description = row.description === undefined ? '' : `  ${row.description}`;
    return `  -a ${name}=…  (${facts.filter((fact) => fact !== undefined).join('; ')})${description}`;
  });
}

interface ArgumentRow {
  readonly type?: string;
  readonly default?: unknown;
  readonly optional?: boolean;
  readonly choices?: readonly unknown[];
  readonly description?: string;
  readonly secret?: boolean;
}

function valueFact(row: ArgumentRow): string {
  if (row.default !== undefined) return row.secret ? 'has a default' : `default ${String(row.default)}`;
  return row.optional ? 'optional' : 'required';
}
