import { describe, expect, it } from 'vitest';
import { robotsSitemaps } from '../../../src/extract/robots-sitemaps.ts';
import { growth } from '../../support/growth.ts';

const found = (text: string) => robotsSitemaps(text, 'http://a.test/robots.txt');

describe('robotsSitemaps', () => {
  it('finds them in any group and spelling, absolute', () => {
    expect(found('User-agent: x\r\n sitemap : /a.xml\rSITEMAP:http://b.test/b.xml # all\n')).toEqual([
      'http://a.test/a.xml',
      'http://b.test/b.xml',
    ]);
  });

  it.each([
    ['a byte order mark', '\ufeffSitemap: /a.xml'],
    ['one in the middle', 'Allow: /\n\ufeffSitemap: /a.xml'],
    ['lone carriage returns', 'Allow: /\rSitemap: /a.xml\rDisallow: /'],
    ['any case, tabs and blanks', ' \tSiteMAP\t :\t/a.xml \t'],
    ['a comment without a blank', 'Sitemap: /a.xml#all'],
    ["Google's other spelling", 'Site-map: a.xml'],
    ['no colon', 'Sitemap /a.xml'],
  ])('reads %s', (_, text) => {
    expect(found(text)).toEqual(['http://a.test/a.xml']);
  });

  it('keeps escapes as they are, and escapes the rest in UTF-8', () => {
    expect(found('Sitemap: /%E9%2f?a=%20b\nSitemap: /caf\u00e9 1.xml')).toEqual([
      'http://a.test/%E9%2f?a=%20b',
      'http://a.test/caf%C3%A9%201.xml',
    ]);
  });

  it('takes linear time for lines of blanks and comments', () => {
    expect(growth((size) => found(`Sitemap: ${' #'.repeat(size / 2)}\u2028`))).toBeLessThan(24);
    expect(growth((size) => found(`Sitemap: a${' '.repeat(size)}b`))).toBeLessThan(24);
  });

  it('leaves out what leads nowhere', () => {
    expect(found('Sitemap:\nSitemap: file:///etc/passwd\nSitemap: http://[x\n# Sitemap: /c.xml')).toEqual([]);
  });

  it('reads 500 KiB', () => {
    expect(found(`${'#'.repeat(512_000)}\nSitemap: /late.xml`)).toEqual([]);
  });
});
