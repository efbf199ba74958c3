import { type Stats, statSync } from 'node:fs';

/**
 * What stands at a path, or undefined where nothing does, also below a file: Node 20 throws there even with
 * `throwIfNoEntry: false`, later versions do not.
 * @throws what the file system refuses otherwise
 */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
