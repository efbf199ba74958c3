import { describe, expect, it } from 'vitest';
import {
  compose,
  identity,
  join,
  mapCompose,
  selectJmes,
  takeFirst,
} from '../../../src/extract/processors.ts';

describe('processors', () => {
  it('identity gives the values', () => {
    expect(identity()([1, null], {})).toEqual([1, null]);
  });

  it('takeFirst passes over what is empty, not over zero and false', () => {
    expect([
      takeFirst()([null, '', 0, 1], {}),
      takeFirst()([false], {}),
      takeFirst()(['', null], {}),
    ]).toEqual([0, false, undefined]);
  });

  it('join makes one text', () => {
    expect([join()(['a', 'b'], {}), join('<br>')(['a', 2], {})]).toEqual(['a b', 'a<br>2']);
  });

  it('compose hands the whole list on, and ends at null', () => {
    const first = takeFirst<string>();
    const upper = (text: string) => text.toUpperCase();
    expect(compose(first, upper)(['a', 'b'], {})).toBe('A');
    expect(compose(first, upper)([], {})).toBeUndefined();
    expect(compose(first, (text?: string) => text ?? 'none', { stopOnNone: false })([], {})).toBe('none');
  });

  it('mapCompose takes every value alone, flattens lists and drops null', () => {
    const words = (text: string) => text.split(' ');
    const long = (word: string) => (word.length > 1 ? word : null);
    expect(mapCompose(words, long)(['ab c', 'de'], {})).toEqual(['ab', 'de']);
    expect(mapCompose(words)('a b', {})).toEqual(['a', 'b']);
    expect(mapCompose(words)(null, {})).toEqual([]);
  });

  it('selectJmes looks into values', () => {
    const data = [{ a: { b: 1 } }, { a: { b: [2, 3] } }, { c: 4 }];
    expect(mapCompose(selectJmes('a.b'))(data, {})).toEqual([1, 2, 3]);
  });

  it('hand the context to every step', () => {
    const withUnit = (value: number, { unit }: { readonly unit?: unknown }) => `${value} ${unit}`;
    expect(mapCompose(withUnit)([1, 2], { unit: 'cm' })).toEqual(['1 cm', '2 cm']);
  });

  it('name the step and the value that fail', () => {
    const toNumber = () => {
      throw new TypeError('no number');
    };
    const failing = expect.objectContaining({ code: 'ERR_CRAWL_LOADER', cause: expect.any(TypeError) });
    expect(() => mapCompose((text: string) => text, toNumber)(['x'], {})).toThrow(failing);
    expect(() => compose(toNumber)(['x'], {})).toThrow("step 1 toNumber on [ 'x' ]: no number");
  });
});
