import { describe, expect, it } from 'vitest';
import { CallbackTable } from '../../../src/engine/callback-table.ts';

const URL = 'http://site.test/1';
const spider = { name: 'books', allowedDomains: [], parse() {} };
const table = new CallbackTable(spider as never);

describe('CallbackTable', () => {
  it('knows the methods of the spider', () => {
    expect(table.nameOf(spider.parse, URL)).toBe('parse');
    expect(table.nameOf('parse', URL)).toBe('parse');
  });

  it('names the request whose callback does not exist', () => {
    expect(() => table.nameOf('nope', URL)).toThrow(`${URL}: spider books has no method nope()`);
  });

  it('calls an anonymous function so, although its key is its name', () => {
    const { callback } = { callback: () => {} };
    expect(() => table.nameOf(callback, URL)).toThrow(
      'an anonymous function is not a member of spider books',
    );
    const other = () => {};
    expect(() => table.nameOf(other, URL)).toThrow('other() is not a member of spider books');
  });
});
