import { type ChildProcess, spawn } from 'node:child_process';
import { BIN } from './build.ts';

const LONGEST_MS = 60_000;

/** What a run of the command line came to. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process, and again whenever it has written to standard error. */
  readonly onOutput?: (process: ChildProcess, stderr: string) => void;
}

/** Runs the built `crawl` as a process of its own. */
export function crawl(
  words: readonly string[],
  { cwd, env, onOutput }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [BIN, ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A command that hangs must not outlive its test.
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onOutput?.(child, stderr);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
