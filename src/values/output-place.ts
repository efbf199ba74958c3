import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const STDOUT: ReadonlySet<string> = new Set(['-', 'stdout:']);
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

/** Whether an output goes to standard output. */
export function isStdout(uri: string): boolean {
  return STDOUT.has(uri);
}

/** The scheme of an output's address in lower case; undefined: it is a path. */
export function schemeOf(uri: string): string | undefined {
  return SCHEME.exec(uri)?.[1]?.toLowerCase();
}

/** The whole path of an output that is a file here; undefined: it goes elsewhere. Relative paths begin at `folder`. */
export function outputPath(uri: string, folder = ''): string | undefined {
  const scheme = schemeOf(uri);
  if (isStdout(uri) || (scheme !== undefined && scheme !== 'file')) return undefined;
  // The places of a template are no escapes.
  return scheme === 'file' ? fileURLToPath(uri.replaceAll('%(', '%25(')) : resolve(folder, uri);
}
