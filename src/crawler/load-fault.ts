import { errorMessage } from '../errors/crawl-error.ts';
import { SpiderLoadError } from '../errors/spider-load-error.ts';
import { plainPath, userPlaceOf } from './user-place.ts';

/**
 * The error for a file that cannot be loaded: one sentence with the place in the user's own code.
 *
 * @param written finds the place in the file as it was written. @defaultValue it is the same
 */
export function loadFault(
  file: string,
  fault: unknown,
  written: (place: string) => string = (place) => place,
): SpiderLoadError {
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
  const place = userPlaceOf(stack);
  return new SpiderLoadError(place === undefined ? file : written(place), errorMessage(fault), options);
}

function missingModule(module: string): string {
  const isFile = module.startsWith('.') || module.startsWith('/');
  return isFile
    ? `it imports '${module}', which does not exist`
    : `it imports '${module}', which is not installed: npm install ${module.split('/', module.startsWith('@') ? 2 : 1).join('/')}`;
}
