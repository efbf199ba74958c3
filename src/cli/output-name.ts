import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path from the working folder where it lies below that, standard output by its name. */
export function outputName(uri: string, cwd: string): string {
  if (uri === '-' || uri === 'stdout:') return 'standard output';
  const path = uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return path;
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') ? path : below;
}
