import { describe, expect, it } from 'vitest';
import { addOrReplaceParameters, cleanUrlQuery, urlQueryParameter } from '../../../src/values/url-query.ts';

describe('URL queries', () => {
  it('reads the first value of a name, never from the fragment', () => {
    expect(urlQueryParameter('http://a.test/?q=1&q=2', 'q')).toBe('1');
    expect(urlQueryParameter('http://a.test/#?q=1', 'q')).toBeUndefined();
  });

  it('removes named arguments and keeps the fragment where asked', () => {
    const options = { remove: true, keepFragments: true };
    expect(cleanUrlQuery('http://a.test/p?a=1&utm=x&b#f', ['utm'], options)).toBe('http://a.test/p?a=1&b#f');
  });

  it('replaces the first of a name and drops its repeats', () => {
    expect(addOrReplaceParameters('http://a.test/?a=1&b=2&a=3#f', { a: 9, c: 'ü' })).toBe(
      'http://a.test/?a=9&b=2&c=%C3%BC#f',
    );
  });

  it('leaves bytes of other encodings as they are', () => {
    expect(addOrReplaceParameters('http://a.test/?q=%E9', { a: '1' })).toBe('http://a.test/?q=%E9&a=1');
  });

  it('takes names of object members for what they are: names', () => {
    expect(addOrReplaceParameters('http://a.test/?__proto__=1', { constructor: 'x' })).toBe(
      'http://a.test/?__proto__=1&constructor=x',
    );
  });
});
