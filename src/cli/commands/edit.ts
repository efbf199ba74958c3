import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorMessage } from '../../errors/crawl-error.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { Workspace } from '../workspace.ts';

/** Opens a spider's file in the editor of $VISUAL or $EDITOR, and ends when that ends. The file is not loaded. */
export async function edit(terminal: Terminal, name: string): Promise<number> {
  const path = await fileOf(new Workspace(terminal.cwd), name);
  const { VISUAL, EDITOR } = terminal.env;
  const words = (VISUAL?.trim() || EDITOR?.trim() || '').split(/\s+/).filter((word) => word !== '');
  const [program, ...options] = words;
  if (program === undefined) {
    throw new UsageError('there is no editor', `Set EDITOR, or open ${path} yourself.`);
  }
  const code = await ended(program, [...options, path]);
  return code === 0 ? EXIT_CODES.ok : EXIT_CODES.failed;
}

/** A file that cannot be loaded is just the one that has to be edited. */
async function fileOf(workspace: Workspace, name: string): Promise<string> {
  const plain = name.replace(/(?<=.)#[^#]*$/, '');
  const path = resolve(workspace.cwd, plain);
  if (/\.[cm]?[jt]s$/.test(plain) && existsSync(path)) return path;
  const found = (await workspace.spiderFiles()).find((file) => file.name === plain);
  return found?.path ?? (await workspace.find(name)).file;
}

function ended(program: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'inherit' });
    child.once('error', (error) => {
      reject(new UsageError(`the editor ${program} does not start: ${errorMessage(error)}`, 'Set EDITOR.'));
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
