import { describe, expect, it } from 'vitest';
import { urlHasAnyExtension, urlIsFromAnyDomain } from '../../../src/values/url-domain.ts';

describe('urlIsFromAnyDomain', () => {
  it('takes the domain and its sub-domains in any case, not names that end alike', () => {
    expect(urlIsFromAnyDomain('http://WWW.A.test/', ['a.Test'])).toBe(true);
    expect(urlIsFromAnyDomain('http://nota.test/', ['a.test'])).toBe(false);
    expect(urlIsFromAnyDomain('http://a.test@evil.test/', ['a.test'])).toBe(false);
  });

  it('takes a domain with its port, international names and the trailing dot', () => {
    expect(urlIsFromAnyDomain('http://a.test:81/', ['a.test:81'])).toBe(true);
    expect(urlIsFromAnyDomain('http://a.test:82/', ['a.test:81'])).toBe(false);
    expect(urlIsFromAnyDomain('http://bücher.test/', ['Bücher.test'])).toBe(true);
    expect(urlIsFromAnyDomain('http://a.test./', ['a.test'])).toBe(true);
  });

  it('says no to what has no host', () => {
    for (const url of ['mailto:x@a.test', 'a.test', 'http://', 'file:///a.test']) {
      expect(urlIsFromAnyDomain(url, ['a.test', ''])).toBe(false);
    }
  });
});

describe('urlHasAnyExtension', () => {
  it('looks at the end of the path only, in any case', () => {
    expect(urlHasAnyExtension('http://a.test/F.PDF?x=y.html', new Set(['.pdf']))).toBe(true);
    expect(urlHasAnyExtension('http://a.test/x?f=a.pdf', ['.pdf'])).toBe(false);
    expect(urlHasAnyExtension('http://a.test/f.pdfx', ['.pdf'])).toBe(false);
    expect(urlHasAnyExtension('http://a.test/dir.pdf/x', ['.pdf'])).toBe(false);
  });

  it('leaves path parameters out', () => {
    expect(urlHasAnyExtension('http://a.test/f.pdf;v=1', ['.pdf'])).toBe(true);
  });
});
