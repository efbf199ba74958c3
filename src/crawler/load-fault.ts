import { fileURLToPath } from 'node:url';
import { errorMessage } from '../errors/crawl-error.ts';
import { SpiderLoadError } from '../errors/spider-load-error.ts';

/** The error for a file that cannot be loaded: one sentence with the place in the user's own code. */
export function loadFault(file: string, fault: unknown): SpiderLoadError {
  const { message, stack = '' } = fault instanceof Error ? fault : { message: String(fault) };
  const options = { cause: fault };
  const syntax = /^(?:ParseError|SyntaxError): (.+?)\s*\n\s*(.+):(\d+):(\d+)\s*$/s.exec(message);
  if (syntax !== null) {
    const [, problem = '', where = file, line = '', column = ''] = syntax;
    return new SpiderLoadError(
      `${plainPath(where)}:${line}:${Number(column) + 1}`,
      `syntax error: ${errorMessage(problem)}`,
      options,
    );
  }
  const missing = /^Cannot find (?:module|package) '([^']+)'(?:\s+Require stack:\s+- ([^\n]+))?/.exec(
    message,
  );
  if (missing !== null) {
    const [, module = '', importer = file] = missing;
    return new SpiderLoadError(plainPath(importer), missingModule(module), options);
  }
  const place = placeOf(stack);
  return new SpiderLoadError(place ?? file, errorMessage(fault), options);
}

function missingModule(module: string): string {
  const isFile = module.startsWith('.') || module.startsWith('/');
  return isFile
    ? `it imports '${module}', which does not exist`
    : `it imports '${module}', which is not installed: npm install ${module.split('/', module.startsWith('@') ? 2 : 1).join('/')}`;
}

/** The innermost line of the stack that is neither Node's, nor a package's, nor ours. */
function placeOf(stack: string): string | undefined {
  for (const frame of stack.split('\n').slice(1)) {
    const found = /^\s*at (?:.*\()?((?:file:|\/|[A-Za-z]:\\).+:\d+:\d+)\)?$/.exec(frame);
    const path = found?.[1] === undefined ? undefined : plainPath(found[1]);
    if (path !== undefined && !path.includes('node_modules') && !isOurs(path)) return path;
  }
  return undefined;
}

const HERE = fileURLToPath(new URL('..', import.meta.url));

function isOurs(path: string): boolean {
  return path.startsWith(HERE);
}

function plainPath(path: string): string {
  return path.startsWith('file:') ? fileURLToPath(path) : path;
}
