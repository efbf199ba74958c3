import { expect, it } from 'vitest';
import { relativeLink } from '../../../src/sandbox/relative-link.ts';

const PATHS = ['/', '/index.html', '/a/index.html', '/a/b/c.html', '/a/b/', '/a_1/index.html', '/search?q=x'];

it('leads back to its target from any page', () => {
  for (const from of PATHS) {
    for (const to of PATHS) {
      expect(new URL(relativeLink(from, to), `http://site.test${from}`).href).toBe(`http://site.test${to}`);
    }
  }
});
