import { expect, it } from 'vitest';
import { SeenSet } from '../../../src/scheduler/seen-set.ts';
import { fingerprint } from '../../../src/values/fingerprint.ts';
import { Request } from '../../../src/values/request.ts';

const print = (at: number) => fingerprint(new Request(`http://site.test/${at}`));

it('knows exactly what was added, over many sizes of its tables', () => {
  const seen = new SeenSet();
  for (let at = 0; at < 20_000; at++) expect(seen.add(print(at))).toBe(true);
  for (let at = 0; at < 20_000; at++) expect(seen.add(print(at))).toBe(false);
  expect(seen.has(print(19_999))).toBe(true);
  expect(seen.has(print(20_000))).toBe(false);
  expect(seen.size).toBe(20_000);
});
