import { expect, it } from 'vitest';
import { parseProxy } from '../../../src/downloader/proxy-address.ts';

it('takes a proxy URL apart and shows it without its credentials', () => {
  expect(parseProxy('https://us%40er:p%3Ass@proxy.test:8443')).toMatchObject({
    protocol: 'https:',
    hostname: 'proxy.test',
    port: 8443,
    user: 'us@er',
    password: 'p:ss',
    authorization: `Basic ${btoa('us@er:p:ss')}`,
    shown: 'https://proxy.test:8443',
  });
});

it.each([
  ['proxy.test:3128', 'http:', 3128],
  ['http://proxy.test', 'http:', 80],
  ['socks://[::1]', 'socks5:', 1080],
  ['socks5h://proxy.test:9050', 'socks5:', 9050],
])('%s is %s on port %i', (written, protocol, port) => {
  expect(parseProxy(written)).toMatchObject({ protocol, port, authorization: undefined });
});

it.each(['ftp://proxy.test', 'socks4://proxy.test', 'http://', 'http://:80'])('%s is no proxy', (written) => {
  expect(parseProxy(written)).toBeUndefined();
});
