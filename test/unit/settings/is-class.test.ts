import { describe, expect, it } from 'vitest';
import { isClass, makerOf } from '../../../src/settings/is-class.ts';

describe('isClass', () => {
  it('tells classes from functions, also those with class in their names', () => {
    for (const one of [class {}, class Mine {}, class Other extends Map {}]) expect(isClass(one)).toBe(true);
    for (const one of [() => {}, function classify() {}, async () => {}, Map, {}, 'class'])
      expect(isClass(one)).toBe(false);
  });
});

describe('makerOf', () => {
  it('is the function as it would be written', () => {
    expect(makerOf(class Mine {})).toBe('() => new Mine()');
    expect(makerOf(class {})).toBe('() => new MyComponent()');
  });
});
