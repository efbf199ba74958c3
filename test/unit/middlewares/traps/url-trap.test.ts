import { describe, expect, it } from 'vitest';
import { urlTrap } from '../../../../middlewares/traps/url-trap.ts';

const RULES = { pathSegments: 20, repeatedSegments: 2, yearsAhead: 2, yearsBack: 100 };
const NOW = Date.UTC(2026, 5, 1);
const trapOf = (path: string, rules = {}) => urlTrap(`http://a.test${path}`, { ...RULES, ...rules }, NOW);

describe('urlTrap', () => {
  it.each([
    '',
    '/',
    '/a/a/b',
    '/a/b/a/b/c',
    '/x/a/y/a/z/a',
    `/${'s/t/u/v/w/'.repeat(2)}`,
    '/?next=/a/a/a/a/a',
    '/news/2026/05/31/',
    '/news/1927/1',
    '/2028-12',
    '/?year=2028',
    '/item/2031',
    '/item/4711/3',
    '/item/2031/44',
    '/phone/20311299',
    '/id/120310512',
  ])('lets %s pass', (path) => {
    expect(trapOf(path)).toBeUndefined();
  });

  it.each([
    [Array.from({ length: 21 }, (_, at) => `/s${at}`).join(''), 'path-segments'],
    ['/a/a/a', 'repeated-segments'],
    ['/x/a/b/a/b/a/b/y', 'repeated-segments'],
    [`${'/1/2/3/4/5/6'.repeat(3)}?q`, 'repeated-segments'],
    ['//a//a//a//', 'repeated-segments'],
    ['/calendar/2029/01/', 'calendar'],
    ['/day?on=2031-05-12', 'calendar'],
    ['/day?month=3&Year=2029', 'calendar'],
    ['/events/20310512', 'calendar'],
    ['/events/1901/12', 'calendar'],
  ])('takes %s for a trap: %s', (path, trap) => {
    expect(trapOf(path)).toBe(trap);
  });

  it('counts to its limits', () => {
    const segments = (count: number) => Array.from({ length: count }, (_, at) => `/s${at}`).join('');
    expect([trapOf(segments(20)), trapOf(segments(21))]).toEqual([undefined, 'path-segments']);
    expect([trapOf('/a/a', { repeatedSegments: 1 }), trapOf('/a/a/a/a', { repeatedSegments: 4 })]).toEqual([
      'repeated-segments',
      undefined,
    ]);
  });

  it('takes 0 for no limit', () => {
    const none = { pathSegments: 0, repeatedSegments: 0, yearsAhead: 0, yearsBack: 0 };
    expect(trapOf(`${'/a'.repeat(500)}/2031/05`, none)).toBeUndefined();
  });

  it('does not take the host for a date', () => {
    expect(urlTrap('http://2031-05.test/', RULES, NOW)).toBeUndefined();
  });
});
