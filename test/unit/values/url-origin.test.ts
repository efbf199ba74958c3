import { describe, expect, it } from 'vitest';
import { hostKey, originOf } from '../../../src/values/url-origin.ts';

describe('originOf', () => {
  it('differs by scheme, host and port', () => {
    const origins = ['http://a.test/', 'https://a.test/', 'http://b.test/', 'http://a.test:81/'].map(
      originOf,
    );
    expect(new Set(origins).size).toBe(4);
  });

  it('is one for all spellings of an origin', () => {
    for (const url of ['http://a.test:80/x', 'HTTP://u:p@A.test', 'http://a.test?x', 'http:\\\\a.test/y']) {
      expect(originOf(url)).toBe('http://a.test');
    }
  });

  it('reads numbers as the addresses they are', () => {
    expect(originOf('http://0x7f.1/')).toBe('http://127.0.0.1');
    expect(originOf('http://[::0:1]:8080/')).toBe('http://[::1]:8080');
  });
});

describe('hostKey', () => {
  it('is host name and port, the same for http and https', () => {
    expect(hostKey('http://a.test/x')).toBe('a.test');
    expect(hostKey('https://a.test/x')).toBe('a.test');
    expect(hostKey('https://u@a.test:8443/x')).toBe('a.test:8443');
    expect(hostKey('data:,x')).toBe('data:');
  });
});
