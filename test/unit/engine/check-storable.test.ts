import { expect, it } from 'vitest';
import { checkStorable } from '../../../src/engine/check-storable.ts';
import { Request } from '../../../src/values/request.ts';

const check = (cbKwargs: unknown): void =>
  checkStorable(new Request('http://a.test/', { cbKwargs } as never));

it('lets plain data through', () => {
  const deep = { text: 'a', list: [1, null, true, { none: undefined }], map: Object.create(null) as object };
  expect(() => check(deep)).not.toThrow();
});

it('names the member that would not come back as it was', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const unfit: readonly (readonly [unknown, RegExp])[] = [
    [{ when: new Date(0) }, /cbKwargs\.when is a Date/],
    [{ ids: new Set([1]) }, /cbKwargs\.ids is a Set/],
    [{ list: [1, { f: () => 1 }] }, /cbKwargs\.list\[1\]\.f is a function/],
    [{ big: 1n }, /cbKwargs\.big is a bigint/],
    [{ rate: Number.NaN }, /cbKwargs\.rate is NaN/],
    [cycle, /contains itself/],
  ];
  for (const [value, message] of unfit) expect(() => check(value)).toThrow(message);
});
