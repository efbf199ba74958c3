import { expect, it } from 'vitest';
import { foreignPackingOfName, packingOfName, unpackedName } from '../../../src/values/packed-name.ts';

it.each([
  ['a.csv', undefined, 'a.csv'],
  ['a.csv.gz', 'gzip', 'a.csv'],
  ['dir.gz/a.jsonl.BR', 'brotli', 'dir.gz/a.jsonl'],
  ['a.json.zst', 'zstd', 'a.json'],
  ['a.json.xz', undefined, 'a.json'],
])('%s is packed with %s', (name, packing, unpacked) => {
  expect([packingOfName(name), unpackedName(name)]).toEqual([packing, unpacked]);
});

it('knows packings that Node does not have', () => {
  expect([foreignPackingOfName('a.csv.bz2'), foreignPackingOfName('a.csv.gz')]).toEqual(['bz2', undefined]);
});
