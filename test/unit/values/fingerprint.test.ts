import { describe, expect, it } from 'vitest';
import { fingerprint, fingerprintWords } from '../../../src/values/fingerprint.ts';
import { HeaderMap } from '../../../src/values/header-map.ts';

const url = 'http://a.test/p?b=1&a=2';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('fingerprint', () => {
  it('stays the same over releases: stored jobs hold it', () => {
    expect(fingerprint({ method: 'GET', url })).toBe('tVrrFWNpooHWdFmZD8hqla');
    expect(fingerprint({ method: 'POST', url, body: bytes('x') })).toBe('gS2Jssu78i6m6aYchL-zGa');
  });

  it('is one for all spellings of a page', () => {
    expect(fingerprint({ method: 'GET', url: 'http://A.test:80/p?a=2&b=1#x' })).toBe(
      fingerprint({ method: 'GET', url }),
    );
  });

  it('differs by method and body; an empty body is none', () => {
    const identities = [
      { method: 'GET', url },
      { method: 'POST', url },
      { method: 'POST', url, body: bytes('a') },
      { method: 'POST', url, body: bytes('\n') },
    ].map((request) => fingerprint(request));
    expect(new Set(identities).size).toBe(4);
    expect(fingerprint({ method: 'POST', url, body: bytes('') })).toBe(identities[1]);
  });

  it('frames its parts so that none can pass for another', () => {
    const includeHeaders = ['x-a', 'x-b'];
    const of = (headers: [string, string][], body = ''): string =>
      fingerprint(
        { method: 'POST', url, headers: new HeaderMap(headers), body: bytes(body) },
        { includeHeaders },
      );
    const identities = [
      of([['x-a', '1\nx-b:1:2']]),
      of([
        ['x-a', '1'],
        ['x-b', '2'],
      ]),
      of([['x-a', '1']], 'x-b:1:2\n\n'),
      of([['x-a', '']]),
      of([]),
    ];
    expect(new Set(identities).size).toBe(5);
  });

  it('takes chosen headers in any case and order', () => {
    const request = { method: 'GET', url, headers: new HeaderMap({ 'X-A': '1', 'X-B': '2' }) };
    expect(fingerprint(request, { includeHeaders: ['X-A', 'x-b'] })).toBe(
      fingerprint(request, { includeHeaders: ['X-B', 'x-a'] }),
    );
  });
});

describe('fingerprintWords', () => {
  it('gives the first 128 bits of the text', () => {
    const words = new Uint32Array(4);
    for (let page = 0; page < 100; page++) {
      const text = fingerprint({ method: 'GET', url: `http://a.test/${page}` });
      fingerprintWords(text, words);
      const bits = [...words].map((word) => word.toString(2).padStart(32, '0')).join('');
      // The first 30 bits of each word are five characters, its last two come from the tail.
      const six = [...'0123'].flatMap((word) =>
        [0, 6, 12, 18, 24].map((at) => bits.substr(+word * 32 + at, 6)),
      );
      const tail = [...'0123'].map((word) => bits.substr(+word * 32 + 30, 2)).join('');
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      expect(six.map((group) => letters[Number.parseInt(group, 2)]).join('')).toBe(text.slice(0, 20));
      expect(letters[Number.parseInt(tail.slice(0, 6), 2)]).toBe(text[20]);
    }
  });
});
