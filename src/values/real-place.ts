import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Links that lead to each other are followed so often. */
const MOST_LINKS = 40;

/** Where an absolute path leads to in the end, through all links, also where nothing is there yet. */
export function realPlace(path: string, links: number = MOST_LINKS): string {
  try {
    return realpathSync.native(path);
  } catch {
    const above = dirname(path);
    if (above === path || links === 0) return path;
    const folder = realPlace(above, links);
    const link = linkTarget(path);
    return link === undefined ? join(folder, basename(path)) : realPlace(resolve(folder, link), links - 1);
  }
}

/** What a link says that may lead to nothing; undefined: the path is none. */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
