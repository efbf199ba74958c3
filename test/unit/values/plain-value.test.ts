import { describe, expect, it } from 'vitest';
import { ownField, toPlainRecord } from '../../../src/values/plain-value.ts';

describe('toPlainRecord', () => {
  it('turns what JSON has no form for into plain data', () => {
    const item = {
      date: new Date(0),
      noDate: new Date(Number.NaN),
      noNumber: Number.NaN,
      small: 5n,
      big: 2n ** 64n,
      set: new Set([1, 2]),
      map: new Map([['k', 'v']]),
      bytes: new Uint8Array([1, 2]),
      url: new URL('http://a.test/'),
      left: undefined,
      out: () => 1,
      list: [undefined, 1],
    };
    expect(toPlainRecord(item)).toEqual({
      date: '1970-01-01T00:00:00.000Z',
      noDate: null,
      noNumber: null,
      small: 5,
      big: '18446744073709551616',
      set: [1, 2],
      map: { k: 'v' },
      bytes: 'AQI=',
      url: 'http://a.test/',
      list: [null, 1],
    });
  });

  it('takes the enumerable fields of a class instance, and toJSON where it is there', () => {
    class Book {
      title = 'Tea';
      #price = 1;
      get price(): number {
        return this.#price;
      }
    }
    expect(toPlainRecord(new Book())).toEqual({ title: 'Tea' });
    expect(toPlainRecord({ toJSON: () => ({ a: 1 }) })).toEqual({ a: 1 });
    expect(toPlainRecord({ toJSON: () => 'x' })).toEqual({ value: 'x' });
  });

  it('keeps keys that name members of objects, and pollutes nothing', () => {
    const item = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
    const record = toPlainRecord(item);
    expect(JSON.stringify(record)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
    expect(ownField(toPlainRecord({}), '__proto__')).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('ends on values that contain themselves or are too deep', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    expect(toPlainRecord(circle)).toEqual({ a: 1, self: '[circular]' });
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(JSON.stringify(toPlainRecord({ deep }))).toContain('[too deep]');
  });
});
