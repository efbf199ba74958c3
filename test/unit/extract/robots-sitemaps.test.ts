import { describe, expect, it } from 'vitest';
import { robotsSitemaps } from '../../../src/extract/robots-sitemaps.ts';

const found = (text: string) => robotsSitemaps(text, 'http://a.test/robots.txt');

describe('robotsSitemaps', () => {
  it('finds them in any group and spelling, absolute', () => {
    expect(found('User-agent: x\r\n sitemap : /a.xml\rSITEMAP:http://b.test/b.xml # all\n')).toEqual([
      'http://a.test/a.xml',
      'http://b.test/b.xml',
    ]);
  });

  it('leaves out what leads nowhere', () => {
    expect(found('Sitemap:\nSitemap: file:///etc/passwd\nSitemap: http://[x\n# Sitemap: /c.xml')).toEqual([]);
  });

  it('reads 500 KiB', () => {
    expect(found(`${'#'.repeat(512_000)}\nSitemap: /late.xml`)).toEqual([]);
  });
});
