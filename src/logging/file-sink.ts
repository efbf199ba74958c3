import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { SettingsError } from '../errors/settings-error.ts';
import type { LogSink } from './log-sink.ts';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Appends lines to a file of the owner's (0600), each at once, so that none is missing after a crash. When the
 * disk is full lines are lost, never the crawl.
 *
 * @param keepsOld - whether lines that are there stay; else the first line empties the file.
 * @throws SettingsError when the file cannot be opened.
 */
export function fileSink(path: string, keepsOld = true): LogSink {
  // Not blocking: a pipe without a reader is an error now instead of a process that stands still.
  let file: number | undefined = opened(path, O_APPEND | O_CREAT | O_WRONLY | (O_NONBLOCK ?? 0));
  let isTorn = false;
  // Not when it is opened: who only asks for the settings writes no line, and loses none.
  let isEmptied = keepsOld;
  return {
    isScreen: false,
    write(lines) {
      if (file === undefined) return;
      const bytes = Buffer.from(isTorn ? `\n${lines}` : lines);
      try {
        if (!isEmptied) ftruncateSync(file);
      } catch {
        // A pipe or a terminal has nothing to empty.
      }
      isEmptied = true;
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
