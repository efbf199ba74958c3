import { describe, expect, it } from 'vitest';
import { checkSpiderName, spiderClassName } from '../../../src/cli/spider-name.ts';

describe('checkSpiderName', () => {
  it('refuses the names of commands', () => {
    expect(() => checkSpiderName('list')).toThrow('that is a command');
    expect(() => checkSpiderName('genspider')).toThrow('that is a command');
  });

  it.each(['../evil', 'a b', '', '.hidden', 'a/b', 'a.ts'])('refuses "%s" as a file name', (name) => {
    expect(() => checkSpiderName(name)).toThrow("cannot be a spider's name");
  });
});

describe('spiderClassName', () => {
  it.each([
    ['books', 'BooksSpider'],
    ['book-shop_eu', 'BookShopEuSpider'],
    ['my-spider', 'MySpider'],
    ['2nd', 'N2ndSpider'],
  ])('names the class of %s %s', (name, className) => {
    expect(spiderClassName(name)).toBe(className);
  });
});
