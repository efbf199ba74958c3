import { join, sep } from 'node:path';
import { packageRoot } from '../values/package-root.ts';

/** Where the framework's code lies, built or as it is written. */
const FOLDERS: readonly string[] = ['dist', 'src', 'middlewares', 'pipelines'].map(
  (folder) => join(packageRoot(), folder) + sep,
);

/** Whether a path, or a line of a stack, names a file of the framework and not one of who uses it. */
export function isOwnCode(place: string): boolean {
  return FOLDERS.some((folder) => place.includes(folder));
}
