import { expect, it } from 'vitest';
import { SeenAddresses } from '../../../src/crawler/seen-addresses.ts';

it('tells an address that is new from one that was there', () => {
  const seen = new SeenAddresses();
  expect(['/a', '/b', '/a'].map((path) => seen.add(`https://site.test${path}`))).toEqual([true, true, false]);
});
