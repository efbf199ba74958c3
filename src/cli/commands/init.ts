import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { makeFolder } from '../../values/make-folder.ts';
import { packageRoot } from '../../values/package-root.ts';
import { statIfThere } from '../../values/stat-if-there.ts';
import { commandPrefix } from '../command-prefix.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { installCommand, installProjectCommand } from '../install-command.ts';
import { projectTemplate, type TemplateFile } from '../template.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { versionIn } from './version.ts';

/** Writes a project into a folder; it needs no network. Files that are there already are never changed. */
export async function init(terminal: Terminal, folder: string, name?: string): Promise<number> {
  const root = resolve(terminal.cwd, folder);
  refuseTaken(root, folder);
  const version = versionIn(packageRoot()) ?? '0.1.0';
  const files = projectTemplate({ name: packageName(name ?? basename(root)), version });
  const isFree = ({ path }: TemplateFile) => !existsSync(join(root, path));
  const kept = files.filter((file) => !isFree(file));
  for (const { path, text } of files.filter(isFree)) {
    makeFolder(dirname(join(root, path)));
    writeFileSync(join(root, path), text, { flag: 'wx' });
    terminal.say(`  ${terminal.colors.green('made')} ${join(folder, path)}\n`);
  }
  for (const { path } of kept) terminal.say(`  kept ${join(folder, path)}, it was there already\n`);
  terminal.say(nextSteps(terminal, root, kept));
  return EXIT_CODES.ok;
}

function refuseTaken(root: string, folder: string): void {
  const stat = statIfThere(root);
  if (stat === undefined) return;
  if (!stat.isDirectory()) throw new UsageError(`${folder} is a file, not a folder`, 'Name another folder.');
  const taken = readdirSync(root).find((name) => name === 'spiders' || name.startsWith('orbweaver.config.'));
  if (taken !== undefined) {
    throw new UsageError(
      `${folder === '.' ? 'this folder' : folder} is a project already: it has ${taken}`,
      'Add a spider by `crawl new spider <name>`, or name another folder.',
    );
  }
}

function nextSteps(terminal: Terminal, root: string, kept: readonly TemplateFile[]): string {
  const crawl = commandPrefix(terminal.env);
  const away = relative(terminal.cwd, root);
  const isKept = kept.some(({ path }) => path === 'package.json');
  const install = isKept ? installCommand(packageRoot()) : installProjectCommand(packageRoot());
  const steps = [
    ...(away === '' ? [] : [`cd ${/\s/.test(away) ? JSON.stringify(away) : away}`]),
    `${install.padEnd(24)}  the framework and types for your editor`,
    `${`${crawl} sandbox`.padEnd(24)}  a practice shop; leave it running in a second terminal`,
    `${crawl} books -a base=http://127.0.0.1:8000/ -O books.csv`,
  ];
  return `\nNext:\n${steps.map((step) => `  ${step}\n`).join('')}`;
}

/** What npm takes as a name: lower case, without blanks. */
function packageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, 100);
  return plain === '' ? 'crawls' : plain;
}
