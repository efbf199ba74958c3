import { describe, expect, it } from 'vitest';
import {
  boolean,
  choice,
  either,
  integer,
  list,
  nothing,
  number,
  optional,
  secret,
  shape,
  shown,
  table,
  text,
} from '../../../src/settings/setting-type.ts';

describe('setting types', () => {
  it.each([
    ['integer', integer(0, 5), [0, 5], [-1, 6, 1.5, '1', Number.NaN, undefined]],
    ['number', number(0), [0, 2.5], [-0.1, Number.POSITIVE_INFINITY, '1']],
    ['boolean', boolean, [true, false], [0, 'true', null]],
    ['choice', choice('a', 'b'), ['a'], ['c', '', 1]],
    ['text', text('a word', (value) => value !== ''), ['x'], ['', 1]],
    ['optional', optional(integer(0)), [undefined, 1], [null, -1]],
    ['either', either(choice('auto'), number(0)), ['auto', 3], ['fast', -1]],
    ['nothing', either(nothing, integer(0)), [null, 1], [undefined, 'null']],
    ['list', list(integer(0)), [[], [1, 2]], ['1', [1, 'x'], { 0: 1 }]],
    ['table', table(integer(0)), [{}, { a: 1 }], [[], null, { a: 'x' }]],
    ['shape', shape({ a: optional(integer(0)) }), [{}, { a: 1 }], [[], { b: 1 }, { a: -1 }]],
  ])('%s takes what it should and nothing else', (_name, type, good, bad) => {
    expect(good.map((value) => type.fault(value))).toEqual(good.map(() => undefined));
    for (const value of bad) expect(type.fault(value), JSON.stringify(value)).toBeDefined();
  });

  it('tells the path to what is wrong inside of a value', () => {
    const type = table(shape({ sizes: list(integer(0)) }));
    expect(type.fault({ 'a.test': { sizes: [1, -2] } })).toMatchObject({
      path: '["a.test"].sizes[1]',
      expected: 'a whole number from 0',
      given: -2,
    });
  });

  it('takes no inherited member for a known one', () => {
    expect(shape({ a: optional(integer(0)) }).fault({ constructor: 1 })).toBeDefined();
  });

  it('says nothing about the wrong values of a secret', () => {
    const fault = secret(table(text())).fault({ Cookie: ['hunter2'] });
    expect(fault?.path).toBe('["Cookie"]');
    expect(shown(fault?.given)).toContain('not shown');
  });
});

describe('shown', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;

  it.each([
    ['x', '"x"'],
    [undefined, 'undefined'],
    [12n, '12'],
    [Number.NaN, 'NaN'],
    [cycle, '[object Object]'],
    [() => 1, 'a function'],
    ['http://me:pa/ss@host', '"***@host"'],
  ])('shows %o as %s', (value, wanted) => {
    expect(shown(value)).toBe(wanted);
  });

  it('cuts long values', () => {
    expect(shown('x'.repeat(500)).length).toBeLessThan(110);
  });
});
