import { describe, expect, it } from 'vitest';
import { Request } from '../../../src/values/request.ts';
import { type ThrottleScope, throttleGroup } from '../../../src/values/throttle-group.ts';

const groupOf = (scope: ThrottleScope, url: string, downloadSlot?: string): string =>
  throttleGroup(scope)(new Request(url, downloadSlot === undefined ? {} : { meta: { downloadSlot } }));

describe('throttleGroup', () => {
  it.each([
    ['https://www.shop.test/a', 'www.shop.test'],
    ['http://www.shop.test:8080/a', 'www.shop.test:8080'],
  ])('by host: %s', (url, group) => {
    expect(groupOf('host', url)).toBe(group);
  });

  it.each([
    ['https://www.example.co.uk/a', 'example.co.uk'],
    ['http://shop.example.co.uk:8080/a', 'example.co.uk'],
    ['https://someone.github.io/', 'github.io'],
    ['http://127.0.0.1:8080/', '127.0.0.1:8080'],
    ['http://[::1]:8080/', '[::1]:8080'],
    ['http://localhost:8080/', 'localhost:8080'],
    ['http://co.uk/', 'co.uk'],
  ])('by domain: %s', (url, group) => {
    expect(groupOf('domain', url)).toBe(group);
  });

  it('takes the whole crawl as one', () => {
    expect(groupOf('crawl', 'http://a.test/')).toBe(groupOf('crawl', 'http://b.test/'));
  });

  it('goes by a function, and by the host where it gives nothing', () => {
    const scope = ({ url }: Request): string | undefined => (url.endsWith('.pdf') ? 'files' : undefined);
    expect(groupOf(scope, 'http://a.test/1.pdf')).toBe('files');
    expect(groupOf(scope, 'http://a.test/')).toBe('a.test');
  });

  it.each([[''], [7]])('says what is wrong when a function gives %j', (key) => {
    const scope = (() => key) as unknown as ThrottleScope;
    expect(() => groupOf(scope, 'http://a.test/')).toThrow(/^throttleScope gave .+ for http:\/\/a\.test\//);
  });

  it.each(['host', 'domain', 'crawl', () => 'mine'] as const)(
    'gives way to meta.downloadSlot: %s',
    (scope) => {
      expect(groupOf(scope, 'http://www.a.test/', 'slot')).toBe('slot');
    },
  );
});
