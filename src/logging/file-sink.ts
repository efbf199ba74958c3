import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { SettingsError } from '../errors/settings-error.ts';
import type { LogSink } from './log-sink.ts';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Appends lines to a file of the owner's (0600), each at once, so that none is missing after a crash. When the
 * disk is full lines are lost, never the crawl.
 *
 * @throws SettingsError when the file cannot be opened.
 */
export function fileSink(path: string): LogSink {
  // Not blocking: a pipe without a reader is an error now instead of a process that stands still.
  let file: number | undefined = opened(path, O_APPEND | O_CREAT | O_WRONLY | (O_NONBLOCK ?? 0));
  let isTorn = false;
  return {
    isScreen: false,
    write(lines) {
      if (file === undefined) return;
      const bytes = Buffer.from(isTorn ? `\n${lines}` : lines);
      try {
        isTorn = writeSync(file, bytes) < bytes.length;
      } catch {
        // The log is the last place to tell of it.
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function opened(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SettingsError(
      `logFile: cannot write to ${path} (${code}); name a file in a folder that exists`,
      {
        cause,
      },
    );
  }
}
