import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { statIfThere } from '../values/stat-if-there.ts';

/** A file that should hold a spider. */
export interface SpiderFile {
  /** Path below the spiders' folder without its extension: `books`, `shops/books`. */
  readonly name: string;
  readonly path: string;
}

const SOURCE = /\.[cm]?[jt]s$/;
const NO_SPIDER = /^[._]|\.(test|spec|config|d)\.[cm]?[jt]s$|^index\.[cm]?[jt]s$/;
const MAX_DEPTH = 4;

/**
 * The spider files of a folder by name, from their file names alone: nothing is loaded. Tests, declarations,
 * `index` files and names that begin with `_` or `.` are no spiders.
 */
export function listSpiderFiles(folder: string): SpiderFile[] {
  const found: SpiderFile[] = [];
  collect(folder, '', 0, found);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function collect(folder: string, prefix: string, depth: number, found: SpiderFile[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NO_SPIDER.test(entry.name) || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) collect(path, `${prefix}${entry.name}/`, depth + 1, found);
    } else if (SOURCE.test(entry.name) && isFile(entry, path)) {
      found.push({ name: prefix + entry.name.replace(SOURCE, ''), path });
    }
  }
}

function isFile(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return statIfThere(path)?.isFile() === true;
}
