import { describe, expect, it } from 'vitest';
import { canonicalizeUrl } from '../../../src/values/canonical-url.ts';

describe('canonicalizeUrl', () => {
  it('sorts arguments by decoded name, then value', () => {
    expect(canonicalizeUrl('http://a.test/?a0=1&a=2&a-=3&%61=1')).toBe('http://a.test/?a=1&a=2&a-=3&a0=1');
  });

  it('keeps bytes that are no UTF-8 apart', () => {
    expect(canonicalizeUrl('http://a.test/%e9?q=%e9&p=%ea')).toBe('http://a.test/%E9?p=%EA&q=%E9');
  });

  it('never makes an escape that was not there', () => {
    expect(canonicalizeUrl('http://a.test/a%2520b')).toBe('http://a.test/a%2520b');
    expect(canonicalizeUrl('http://a.test/%2%35b')).toBe('http://a.test/%2525b');
    expect(canonicalizeUrl('http://a.test/100%25')).toBe('http://a.test/100%');
  });

  it('is idempotent', () => {
    for (const path of ['a%252fb', '%2%35', '%%32%35', 'a%2Fb?x=%2525&y=%', '%C4%80?%u0100', '[x]|^"']) {
      const once = canonicalizeUrl(`http://a.test/${path}`, { keepFragments: true });
      expect(canonicalizeUrl(once, { keepFragments: true })).toBe(once);
    }
  });

  it('leaves addresses without an authority alone but for the fragment', () => {
    expect(canonicalizeUrl('data:text/plain,a b?b&a#c')).toBe('data:text/plain,a b?b&a');
  });

  it('keeps user name and password', () => {
    expect(canonicalizeUrl('http://u:p@a.test:81/?b&a')).toBe('http://u:p@a.test:81/?a=&b=');
  });

  it('takes linear time on long addresses', () => {
    const long = `http://a.test/${'%2'.repeat(200_000)}?${'&=%'.repeat(100_000)}`;
    const start = performance.now();
    canonicalizeUrl(long);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
