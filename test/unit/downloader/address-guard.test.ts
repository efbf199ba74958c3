import { expect, it } from 'vitest';
import { isSpecialAddress } from '../../../src/downloader/address-guard.ts';

it.each([
  '127.0.0.1',
  '127.255.0.9',
  '0.0.0.0',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a00:1',
  '::7f00:1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00::1',
  'ff02::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::ffff:0:7f00:1',
  '2001:0:7f00:1::',
  '3fff::1',
  '5f00::1',
])('%s is not public', (address) => {
  expect(isSpecialAddress(address)).toBe(true);
});

it.each([
  '1.1.1.1',
  '172.32.0.1',
  '192.169.0.1',
  '223.255.255.255',
  '2606:4700::1111',
  '2001:4860:4860::8888',
  '::ffff:1.1.1.1',
])('%s is public', (address) => {
  expect(isSpecialAddress(address)).toBe(false);
});
