import { describe, expect, it } from 'vitest';
import { loadFault } from '../../../src/crawler/load-fault.ts';

const FILE = '/shop/spiders/books.ts';
const failed = (message: string, stack?: string): Error => {
  const error = new Error(message);
  if (stack !== undefined) error.stack = `Error: ${message}\n${stack}`;
  return error;
};

describe('loadFault', () => {
  it('gives file, line and column of a syntax error', () => {
    const fault = loadFault(FILE, failed(`ParseError: Unexpected token, expected "," \n ${FILE}:3:7`));
    expect(fault.message).toBe(`${FILE}:3:8: syntax error: Unexpected token, expected ","`);
  });

  it.each([
    ['lodash', 'npm install lodash'],
    ['lodash/map', 'npm install lodash'],
    ['@scope/name/part', 'npm install @scope/name'],
  ])('says how to install %s', (module, command) => {
    const { message } = loadFault(FILE, failed(`Cannot find module '${module}'\nRequire stack:\n- ${FILE}`));
    expect(message).toBe(`${FILE}: it imports '${module}', which is not installed: ${command}`);
  });

  it('does not send anybody to install a file', () => {
    const { message } = loadFault(FILE, failed("Cannot find module './helper.ts'"));
    expect(message).toBe(`${FILE}: it imports './helper.ts', which does not exist`);
  });

  it("names the innermost place in the user's own code", () => {
    const stack = [
      '    at readFileSync (node:fs:1:1)',
      '    at parse (/shop/node_modules/yaml/index.js:9:9)',
      '    at settings (file:///shop/with%20blanks/settings.ts:4:2)',
      `    at ${FILE}:1:1`,
    ].join('\n');
    expect(loadFault(FILE, failed('no such file', stack)).message).toBe(
      '/shop/with blanks/settings.ts:4:2: no such file',
    );
  });

  it('names the file where the place is not known, also of what is no error', () => {
    expect(loadFault(FILE, 'a text').message).toBe(`${FILE}: a text`);
  });

  it('keeps the cause', () => {
    const cause = failed('boom');
    expect(loadFault(FILE, cause).cause).toBe(cause);
  });
});
