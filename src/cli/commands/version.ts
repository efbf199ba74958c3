import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findProject } from '../../crawler/find-project.ts';
import { packageRoot } from '../../values/package-root.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** Options of `crawl version`. */
export interface VersionOptions {
  readonly verbose?: true;
}

/** Prints the version; with `-v` what a bug report should say. */
export async function version(terminal: Terminal, { verbose }: VersionOptions): Promise<number> {
  const root = packageRoot();
  const own = versionIn(root);
  if (!verbose) {
    await terminal.write(`${own}\n`);
    return EXIT_CODES.ok;
  }
  const project = findProject(terminal.cwd);
  const installed = project && versionIn(join(project.root, 'node_modules', 'orbweaver'));
  const facts = {
    orbweaver: `${own}  (${root})`,
    node: `${process.versions.node}  (${process.platform} ${process.arch}, OpenSSL ${process.versions.openssl})`,
    undici: versionOf('undici', root) ?? 'see npm ls undici',
    project: project === undefined ? 'none' : project.root,
    ...(installed !== undefined && { 'in project': installed }),
  };
  const lines = Object.entries(facts).map(([name, value]) => `${`${name}:`.padEnd(12)}${value}`);
  await terminal.write(`${lines.join('\n')}\n`);
  return EXIT_CODES.ok;
}

/** The version of a package that another one would load, wherever that is installed. */
export function versionOf(name: string, root: string): string | undefined {
  try {
    const { resolve } = createRequire(join(root, 'package.json'));
    return versionIn(dirname(resolve(`${name}/package.json`)));
  } catch {
    return undefined;
  }
}

/** The version in a folder's package.json; undefined where there is none. */
export function versionIn(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}
