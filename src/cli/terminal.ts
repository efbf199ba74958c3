import picocolors from 'picocolors';
import { printable } from '../values/printable.ts';

/** The process as commands see it: data goes out by `write`, words for people by `say`. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error is a screen that can be redrawn. */
  readonly isInteractive: boolean;
  /** Whether standard output is a screen, so that bytes are shown as text. */
  readonly isScreen: boolean;
  readonly colors: Colors;
  /** Writes data to standard output, on a screen with control characters spelled out. Rejects with `ClosedPipeError` once the reader has gone (`| head`). */
  write(data: string | Uint8Array): Promise<void>;
  /** Writes text for people to standard error. */
  say(text: string): void;
  /** Asks a question that is answered by yes or no; missing where nobody can answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Calls back once the reader of standard output has gone. */
  onClosed(listener: () => void): void;
}

/** Colours for words on standard error; they do nothing where there is no screen or NO_COLOR is set. */
export type Colors = Pick<typeof picocolors, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>;

/** The reader of standard output has gone. Not a fault: the process ends in order and quietly. */
export class ClosedPipeError extends Error {
  override readonly name = 'ClosedPipeError';
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // A closed pipe is told to the writer by its callback; unheard, the event would end the process.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  const isScreen = stdout.isTTY === true;
  const isInteractive = stderr.isTTY === true && env.TERM !== 'dumb' && (env.CI ?? '') === '';
  return {
    cwd: process.cwd(),
    env,
    isInteractive,
    isScreen,
    colors: picocolors.createColors(hasColors(env, stderr.isTTY === true)),
    write: (data) =>
      new Promise((resolve, reject) => {
        stdout.write(isScreen ? shown(data) : data, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(isClosedPipe(error) ? new ClosedPipeError('standard output was closed') : error);
        });
      }),
    say: (text) => {
      stderr.write(text);
    },
    confirm: process.stdin.isTTY === true && stderr.isTTY === true ? confirm : undefined,
    onClosed: (listener) => {
      stdout.once('error', (error) => {
        if (isClosedPipe(error)) listener();
      });
    },
  };
}

/** What came from a page is not to be obeyed by a screen; files and pipes get it as it is. */
function shown(data: string | Uint8Array): string {
  return printable(typeof data === 'string' ? data : Buffer.from(data).toString());
}

async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

/** Whether an error, or one it was caused by, says that a pipe's reader has gone. */
export function isClosedPipe(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof ClosedPipeError || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return true;
  }
  return false;
}

function hasColors(env: NodeJS.ProcessEnv, isScreen: boolean): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  if ((env.FORCE_COLOR ?? '') !== '') return env.FORCE_COLOR !== '0';
  return isScreen && env.TERM !== 'dumb';
}
