import { describe, expect, it } from 'vitest';
import { siteDomain, siteScope } from '../../../src/spider-kinds/site-scope.ts';
import { urlPattern } from '../../../src/spider-kinds/url-pattern.ts';

describe('urlPattern', () => {
  it.each([
    ['/docs/*', 'http://a.test/docs/x?y=1', true],
    ['/docs/*', 'http://a.test/old/docs/x', false],
    ['*.pdf', 'http://a.test/a.pdf', true],
    ['*.pdf', 'http://a.test/a.pdf?x', false],
    ['/a*b*c', 'http://a.test/a-b-b-c', true],
    ['/a*b*b', 'http://a.test/ab', false],
    ['http://*.a.test/*', 'http://b.a.test/x', true],
    ['page=', 'http://a.test/x?page=2', true],
    ['page=', 'http://a.test/x', false],
  ])('%s on %s: %s', (pattern, url, fits) => expect(urlPattern(pattern)(url)).toBe(fits));
});

describe('siteScope', () => {
  it.each([
    [
      'host',
      ['http://www.a.co.uk/docs/x', 'https://www.a.co.uk/'],
      ['http://a.co.uk/', 'http://b.co.uk/', 'mailto:x'],
    ],
    ['domain', ['http://a.co.uk/', 'http://x.a.co.uk/'], ['http://b.co.uk/', 'http://xa.co.uk/']],
    ['path', ['http://www.a.co.uk/docs/', 'http://www.a.co.uk/docs/b/c'], ['http://www.a.co.uk/doc']],
  ] as const)('%s', (scope, inside, outside) => {
    const isInside = siteScope(scope, 'http://www.a.co.uk/docs/index.html');
    expect([inside.filter(isInside), outside.filter(isInside)]).toEqual([inside, []]);
  });

  it('takes an address or a name of this machine for its own domain', () => {
    expect([siteDomain('http://127.0.0.1:8000/'), siteDomain('http://localhost/')]).toEqual([
      '127.0.0.1',
      'localhost',
    ]);
  });
});
