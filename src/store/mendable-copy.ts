import { copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DamagedFiles } from './damaged-files.ts';
import { readLog, writtenLog } from './level-log.ts';

/** Written once and then only read. */
const TABLE = /\.(?:ldb|sst)$/;

/**
 * Copies a store for LevelDB to work on, which writes to what it only opens: without damaged tables, and of damaged
 * logs all that is right, also what stands behind the damage.
 */
export async function mendableCopy(from: string, to: string, { tables, logs }: DamagedFiles): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { mode: 0o700 });
  for (const name of await readdir(from)) {
    const [source, copy] = [join(from, name), join(to, name)];
    if (tables.includes(name)) continue;
    if (logs.includes(name)) await writeFile(copy, writtenLog(readLog(await readFile(source)).records));
    else if (TABLE.test(name)) await link(source, copy).catch(() => copyFile(source, copy));
    else await copyFile(source, copy);
  }
}
