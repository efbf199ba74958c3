import { describe, expect, it } from 'vitest';
import { safeUrl } from '../../../src/values/safe-url.ts';

describe('safeUrl', () => {
  it('encodes only the query in the encoding of the page', () => {
    expect(safeUrl('http://a.test/é?é#é', { encoding: 'latin1' })).toBe('http://a.test/%C3%A9?%E9#%C3%A9');
  });

  it('sends a character that the encoding lacks as its number', () => {
    expect(safeUrl('http://a.test/?q=日😀', { encoding: 'windows-1252' })).toBe(
      'http://a.test/?q=%26%2326085%3B%26%23128512%3B',
    );
  });

  it('uses UTF-8 for labels that no page can be sent in', () => {
    for (const encoding of ['utf-16', 'utf-7', 'UTF-8', 'no-such']) {
      expect(safeUrl('http://a.test/?é', { encoding })).toBe('http://a.test/?%C3%A9');
    }
  });

  it('leaves question marks of the fragment to the fragment', () => {
    expect(safeUrl('http://a.test/#?é', { encoding: 'latin1' })).toBe('http://a.test/#?%C3%A9');
  });

  it('refuses what is no absolute URL', () => {
    expect(() => safeUrl('/path')).toThrow(TypeError);
  });
});
