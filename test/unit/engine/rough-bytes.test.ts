import { expect, it } from 'vitest';
import { roughBytes } from '../../../src/engine/rough-bytes.ts';

it.each([
  ['a text', 'x'.repeat(1000), 2000],
  ['bytes', Buffer.alloc(500), 500],
  ['members of objects and lists', { a: ['x'.repeat(100), 'x'.repeat(100)] }, 400],
])('counts %s', (_what, value, atLeast) => {
  expect(roughBytes(value)).toBeGreaterThanOrEqual(atLeast);
  expect(roughBytes(value)).toBeLessThan(atLeast + 200);
});

it('ends on cycles', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  expect(roughBytes(cycle)).toBeLessThan(1000);
});
