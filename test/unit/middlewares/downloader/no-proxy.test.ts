import { describe, expect, it } from 'vitest';
import { isProxied, parseNoProxy } from '../../../../middlewares/downloader/no-proxy.ts';

const goes = (list: string, url: string): boolean => isProxied(url, parseNoProxy(list));

describe('NO_PROXY', () => {
  it('excepts nothing when it is empty', () => {
    expect(goes(' , ', 'http://a.test/')).toBe(true);
  });

  it.each(['a.test', '.a.test', '*.a.test', 'A.TEST', 'x, a.test', 'x a.test'])(
    '%s excepts the host and its sub-domains',
    (list) => {
      expect(goes(list, 'http://a.test/')).toBe(false);
      expect(goes(list, 'http://www.a.test/')).toBe(false);
      expect(goes(list, 'http://nota.test/')).toBe(true);
    },
  );

  it('* excepts every host', () => {
    expect(goes('*', 'https://a.test/')).toBe(false);
  });

  it('with a port excepts that port alone', () => {
    expect(goes('a.test:8080', 'http://a.test:8080/')).toBe(false);
    expect(goes('a.test:8080', 'http://a.test/')).toBe(true);
    expect(goes('a.test:443', 'https://a.test/')).toBe(false);
  });

  it('excepts addresses and ranges of them', () => {
    expect(goes('10.0.0.1', 'http://10.0.0.1/')).toBe(false);
    expect(goes('10.0.0.0/8', 'http://10.200.3.4/')).toBe(false);
    expect(goes('10.0.0.0/8', 'http://11.0.0.1/')).toBe(true);
    expect(goes('fd00::/8', 'http://[fd00::1]/')).toBe(false);
    expect(goes('[::1]', 'http://[::1]:8000/')).toBe(false);
    expect(goes('::1', 'http://[::1]/')).toBe(false);
  });

  it('reads a range that makes no sense as a name', () => {
    expect(goes('10.0.0.0/99', 'http://10.0.0.1/')).toBe(true);
  });
});
