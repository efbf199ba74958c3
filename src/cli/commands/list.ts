import { relative } from 'node:path';
import type { LoadedSpider } from '../../crawler/load-spider.ts';
import type { SpiderFile } from '../../crawler/spider-files.ts';
import { printable } from '../../values/printable.ts';
import { isCommand } from '../command-names.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { pageUrl } from '../page-url.ts';
import { spidersOfUrl } from '../spiders-of-url.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl list`. */
export interface ListOptions {
  readonly long?: true;
  /** Only the spiders whose `allowedDomains` hold this address. */
  readonly url?: string;
}

/** A file and what loading it gave. */
interface Loaded {
  readonly file: SpiderFile;
  readonly spiders: readonly LoadedSpider[];
  /** Why it cannot be loaded. */
  readonly problem?: string;
}

/** Prints the spiders' names, one a line; with `--long` what loading them tells, with `--url` those that are for it. */
export async function list(terminal: Terminal, { long, url }: ListOptions): Promise<number> {
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
  if (long === undefined && url === undefined) {
    await terminal.write(files.map(({ name }) => `${shortLine(name)}\n`).join(''));
    return EXIT_CODES.ok;
  }
  const all = await loadAll(workspace, files);
  const { chosen, problems } =
    url === undefined ? { chosen: all, problems: [] } : await forUrl(all, pageUrl(url).href);
  const lines = chosen.flatMap((one) =>
    long ? longLines(workspace, one) : one.spiders.map(({ name }) => shortLine(name)),
  );
  await terminal.write(lines.map((line) => `${line}\n`).join(''));
  if (lines.length === 0) terminal.say(`No spider has ${url} in its allowedDomains.\n`);
  // A long list without an address has them in its lines.
  if (!long || url !== undefined)
    for (const { file, problem } of all)
      if (problem !== undefined) terminal.say(`${file.name}: ${problem}\n`);
  for (const problem of problems) terminal.say(`${printable(problem)}\n`);
  for (const line of sharedNames(workspace, all)) terminal.say(line);
  return long && all.some(({ problem }) => problem !== undefined) ? EXIT_CODES.usage : EXIT_CODES.ok;
}

function shortLine(name: string): string {
  return isCommand(name) ? `${name}\t(cannot run: that is a command's name, rename the file)` : name;
}

/** A file that fails to load hides no other. */
async function loadAll(workspace: Workspace, files: readonly SpiderFile[]): Promise<Loaded[]> {
  const all: Loaded[] = [];
  for (const file of files) {
    try {
      all.push({ file, spiders: await workspace.load(file) });
    } catch (fault) {
      all.push({ file, spiders: [], problem: fault instanceof Error ? fault.message : String(fault) });
    }
  }
  return all;
}

async function forUrl(
  all: readonly Loaded[],
  url: string,
): Promise<{ readonly chosen: readonly Loaded[]; readonly problems: readonly string[] }> {
  const { fitting, problems } = await spidersOfUrl(
    all.flatMap(({ spiders }) => spiders),
    url,
  );
  const chosen = all
    .map(({ file, spiders }) => ({ file, spiders: spiders.filter((spider) => fitting.includes(spider)) }))
    .filter(({ spiders }) => spiders.length > 0);
  return { chosen, problems };
}

function longLines(workspace: Workspace, { file, spiders, problem }: Loaded): string[] {
  const where = relative(workspace.cwd, file.path);
  if (problem !== undefined) return [`${file.name}\t${where}\terror: ${problem}`];
  return spiders.flatMap(({ name, spider }) => [
    `${shortLine(name)}\t${where}`,
    ...argumentLines(spider.args),
  ]);
}

/** What would be run by a name that several spiders have is not told by the name. */
function sharedNames(workspace: Workspace, all: readonly Loaded[]): string[] {
  const places = new Map<string, string[]>();
  for (const { file, spiders } of all) {
    for (const { name } of spiders)
      places.set(name, [...(places.get(name) ?? []), relative(workspace.cwd, file.path)]);
  }
  return [...places]
    .filter(([, files]) => files.length > 1)
    .map(
      ([name, files]) =>
        `Several spiders are called ${name}: ${files.join(', ')}. Give each a spiderName of its own.\n`,
    );
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
