import { describe, expect, it } from 'vitest';
import { baseUrl } from '../../../src/markup/base-url.ts';
import { parseHtml } from '../../../src/markup/parse-html.ts';

describe('baseUrl', () => {
  it.each([
    [
      'the first base with an address',
      '<base target=x><base href=/b/><base href=/c/>',
      'http://site.test/b/',
    ],
    ['the page without a base', '<p>', 'http://site.test/a/'],
    ['the page where the base is no web address', '<base href="data:x">', 'http://site.test/a/'],
    ['the page where the base is no address', '<base href="http://[">', 'http://site.test/a/'],
  ])('is that of %s, in text and in a tree', (_what, html, wanted) => {
    expect(baseUrl(html, 'http://site.test/a/')).toBe(wanted);
    expect(baseUrl(parseHtml(html), 'http://site.test/a/')).toBe(wanted);
  });

  it('is not that of a base in a comment', () => {
    expect(baseUrl('<!--<base href=/b/>-->', 'http://site.test/')).toBe('http://site.test/');
  });
});
