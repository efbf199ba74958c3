import { expect, it } from 'vitest';
import { newestFirst } from '../../../src/engine/newest-first.ts';
import type { Candidate } from '../../../src/values/candidate.ts';

const named = (fingerprint: string, callback: string): Candidate =>
  ({ fingerprint, callback }) as Partial<Candidate> as Candidate;

it('turns candidates round, but lets the first of those that are the same come first', () => {
  const given = [named('a', '1'), named('b', '2'), named('a', '3'), named('c', '4')];
  expect(newestFirst(given).map(({ callback }) => callback)).toEqual(['4', '1', '2', '3']);
  expect(given.map(({ callback }) => callback)).toEqual(['1', '2', '3', '4']);
});
