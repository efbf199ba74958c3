import { fileURLToPath } from 'node:url';
import { isOwnCode } from '../logging/own-code.ts';

/** The innermost line of a stack that is neither Node's, nor a package's, nor ours: `/shop/spiders/books.ts:12:5`. */
export function userPlaceOf(stack: string): string | undefined {
  for (const frame of stack.split('\n').slice(1)) {
    const found = /^\s*at (?:.*\()?((?:file:|\/|[A-Za-z]:\\).+:\d+:\d+)\)?$/.exec(frame);
    const path = found?.[1] === undefined ? undefined : plainPath(found[1]);
    if (path !== undefined && !path.includes('node_modules') && !isOwnCode(path)) return path;
  }
  return undefined;
}

/** The path of a file, which may be given as a URL. */
export function plainPath(path: string): string {
  return path.startsWith('file:') ? fileURLToPath(path) : path;
}
