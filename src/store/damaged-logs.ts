import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLog } from './level-log.ts';
import type { LiveFiles } from './live-files.ts';

const LOG = /^\d+\.log$/;

/**
 * Log files of a store in which something stands that was not written, and records behind it. LevelDB drops them
 * without a word when it is opened, as if they had never been: who opens a store must look first.
 */
export async function damagedLogs(folder: string, live: LiveFiles | undefined): Promise<readonly string[]> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => LOG.test(name)).sort();
  const first = live?.log ?? 0;
  const damaged: string[] = [];
  for (const name of names) {
    if (Number.parseInt(name, 10) < first) continue;
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes !== undefined && !readLog(bytes).isWhole) damaged.push(name);
  }
  return damaged;
}
