import { describe, expect, it } from 'vitest';
import { defineItem, type ItemFields, ItemLoader, takeFirst } from '../../../src/index.ts';

const Product = defineItem({ title: {}, price: {} } as ItemFields<{ title: string; price: number }>);

/** A loader whose class says these, as JavaScript lets it. */
const loaderClass = (fields: object) =>
  class extends ItemLoader {
    static override fields = fields as never;
  };
const loaderWith = (fields: object, item: object = {}): ItemLoader =>
  new (loaderClass(fields))({ item: item as never });

describe('an ItemLoader', () => {
  it('refuses processors for a field that is nearly one of its declared item', () => {
    const Loader = loaderClass({ titel: { out: takeFirst() } });
    for (const item of [new Product(), new Product()]) {
      expect(() => new Loader({ item: item as never })).toThrow(
        'field "titel": the item does not declare it, did you mean title?',
      );
    }
  });

  it('takes processors for fields that other items have', () => {
    expect(() => loaderWith({ born: { out: takeFirst() }, price: {} }, new Product())).not.toThrow();
    expect(() => loaderWith({ titel: { out: takeFirst() } })).not.toThrow();
  });

  it.each([
    ['output', 'output is out here'],
    ['input_processor', 'input_processor is in here'],
    ['both', 'not both'],
  ])('refuses a processor called %s', (name, message) => {
    expect(() => loaderWith({ title: { [name]: takeFirst() } })).toThrow(
      `field "title": it may have the processors in and out`,
    );
    expect(() => new ItemLoader({ defaults: { [name]: takeFirst() } as never })).toThrow(message);
  });
});
