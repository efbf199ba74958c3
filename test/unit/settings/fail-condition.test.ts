import { describe, expect, it } from 'vitest';
import { metCondition, parseFailCondition } from '../../../src/settings/fail-condition.ts';

const figures = { pages: 400, items: 90, errors: 12, failed: 15, dead: 3, dropped: 0 };

/** What a condition says of a crawl. */
function met(text: string, changes: Partial<typeof figures> = {}): string | undefined {
  const condition = parseFailCondition(text);
  if (condition === undefined) throw new Error(`not a condition: ${text}`);
  return metCondition(condition, { ...figures, ...changes });
}

describe('conditions of failOn', () => {
  it('give their figures when they are met', () => {
    expect(met('errors > 1%')).toBe('errors>1%: 12 errors, 3 % of 400 pages');
    expect(met('items<100')).toBe('items<100: 90 items');
  });

  it.each([
    ['errors>12', false],
    ['errors>=12', true],
    ['errors<12', false],
    ['errors<=12', true],
    ['errors=12', true],
    ['errors>3%', false],
    ['errors>=3%', true],
    ['errors>2.99%', true],
    ['failed>3.75%', false],
    ['dead>2', true],
    ['dropped=0', true],
    ['pages<400', false],
  ])('%s: %s', (text, expected) => {
    expect(met(text) !== undefined).toBe(expected);
  });

  it('take any error without a page for more than any share, and none for nothing', () => {
    expect(met('errors>50%', { pages: 0 })).toBe('errors>50%: 12 errors and no pages');
    expect(met('errors>0%', { pages: 0, errors: 0 })).toBeUndefined();
    expect(met('items<1%', { pages: 0, items: 0 })).toBe('items<1%: 0 items and no pages');
  });

  it.each([
    '',
    'errors',
    'errors>',
    'errros>1%',
    'errors>-1',
    'errors=>1',
    'errors>1%%',
    'errors>1e3',
    'errors>1 items<2',
  ])('does not read %j', (text) => {
    expect(parseFailCondition(text)).toBeUndefined();
  });
});
