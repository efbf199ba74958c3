import { describe, expect, it } from 'vitest';
import { pageUrl } from '../../../src/cli/page-url.ts';

describe('pageUrl', () => {
  it.each([
    ['https://a.test/x?y=1', 'https://a.test/x?y=1'],
    ['a.test', 'https://a.test/'],
    ['a.test:8080/x', 'https://a.test:8080/x'],
    ['localhost:8000', 'http://localhost:8000/'],
    ['127.0.0.1:8000/a', 'http://127.0.0.1:8000/a'],
    [' http://a.test ', 'http://a.test/'],
  ])('reads %s', (word, url) => {
    expect(pageUrl(word).href).toBe(url);
  });

  it.each(['not a url', 'books', '', 'http://', 'https://a b/'])('refuses "%s"', (word) => {
    expect(() => pageUrl(word)).toThrow('is not a URL');
  });

  it.each(['ftp://a.test/', 'file:///etc/passwd', 'javascript:alert(1)'])('fetches no %s', (word) => {
    expect(() => pageUrl(word)).toThrow('only http and https');
  });
});
