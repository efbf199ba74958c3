import { damagedLogs } from './damaged-logs.ts';
import { damagedTables } from './level-tables.ts';
import { liveFiles } from './live-files.ts';

/** Files of a store that are not what was written, by their names. */
export interface DamagedFiles {
  readonly tables: readonly string[];
  readonly logs: readonly string[];
}

/**
 * Looks at all files of a store that nobody has open; they stay as they are. LevelDB looks at no checksum before it
 * merges tables, and a wrong one can end the process: a gigabyte costs a second.
 */
export async function damagedFiles(folder: string): Promise<DamagedFiles> {
  const live = await liveFiles(folder);
  return { tables: await damagedTables(folder, live), logs: await damagedLogs(folder, live) };
}
