import { expect, it } from 'vitest';
import { newestFirst } from '../../../src/engine/newest-first.ts';
import type { Candidate } from '../../../src/values/candidate.ts';

const named = (fingerprint: string, callback: string, filtered = true): Candidate =>
  ({ fingerprint, callback, filtered }) as Partial<Candidate> as Candidate;

const orderOf = (given: readonly Candidate[]) => newestFirst(given).map(({ callback }) => callback);

it('turns candidates round, but lets the first of those that are the same stay in its place', () => {
  const given = [named('a', '1'), named('b', '2'), named('a', '3'), named('c', '4')];
  expect(orderOf(given)).toEqual(['4', '2', '1', '3']);
  expect(given.map(({ callback }) => callback)).toEqual(['1', '2', '3', '4']);
});

it('turns round what is the same where nothing is filtered', () => {
  expect(orderOf([named('a', '1', false), named('b', '2', false), named('a', '3', false)])).toEqual([
    '3',
    '2',
    '1',
  ]);
});

it('lets nothing without a filter come before a request that would be refused for it', () => {
  expect(orderOf([named('a', '1'), named('b', '2'), named('a', '3', false)])).toEqual(['2', '1', '3']);
});
