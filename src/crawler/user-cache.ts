import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../values/make-folder.ts';

/**
 * A folder of the user's own cache, made if need be and closed to everybody else; undefined where there is none
 * that is private and writable. Never the shared temporary folder: others could plant code there.
 */
export function userCache(name: string): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base = XDG_CACHE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(homedir(), '.cache');
  return privateFolder(join(base, 'orbweaver', name));
}

/** The project's own cache where it has `node_modules`, else the user's. */
export function transpileCache(projectRoot: string | undefined): string | undefined {
  const modules = projectRoot === undefined ? undefined : join(projectRoot, 'node_modules');
  const own =
    modules !== undefined && existsSync(modules)
      ? privateFolder(join(modules, '.cache', 'orbweaver'))
      : undefined;
  return own ?? userCache('transpiled');
}

function privateFolder(path: string): string | undefined {
  try {
    makeFolder(path, 0o700);
    accessSync(path, constants.W_OK);
    const { uid, mode } = statSync(path);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? path : undefined;
  } catch {
    return undefined;
  }
}
