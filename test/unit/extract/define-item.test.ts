import { describe, expect, it } from 'vitest';
import { ItemFieldError } from '../../../src/errors/item-field-error.ts';
import { defineItem, itemFields } from '../../../src/extract/define-item.ts';
import { ItemLoader } from '../../../src/extract/item-loader.ts';
import { mapCompose, takeFirst } from '../../../src/extract/processors.ts';
import { toPlainRecord } from '../../../src/values/plain-value.ts';

interface Product {
  name: string;
  price?: number;
}

const Product = defineItem<Product>({
  name: { in: mapCompose((text: string) => text.trim()), out: takeFirst() },
  price: { serialize: (price) => `€ ${price.toFixed(2)}`, unit: 'euro' },
});

describe('defineItem()', () => {
  it('makes items that have their fields and take no others', () => {
    const item = new Product({ name: 'Lamp' });
    expect(item).toEqual({ name: 'Lamp' });
    item.price = 2;
    expect(item.price).toBe(2);
    expect(() => Object.assign(item, { prise: 1 })).toThrow(TypeError);
    expect(() => new Product({ prise: 1 } as never)).toThrow('did you mean price?');
    expect(() => new Product({ zzzzzz: 1 } as never)).toThrow('it has name, price');
  });

  it('writes what serialize() gives, and nothing for what has no value', () => {
    expect(toPlainRecord(new Product({ name: 'Lamp', price: 12.5 }))).toEqual({
      name: 'Lamp',
      price: '€ 12.50',
    });
    expect(toPlainRecord(new Product({ name: 'Lamp' }))).toEqual({ name: 'Lamp' });
    expect(() => JSON.stringify(new Product({ price: 'x' as never }))).toThrow(
      expect.objectContaining({ code: 'ERR_CRAWL_ITEM', field: 'price', cause: expect.any(TypeError) }),
    );
  });

  it('keeps what is said of the fields', () => {
    expect(Product.fields.price.unit).toBe('euro');
    expect(itemFields(new Product())).toBe(Product.fields);
    expect(itemFields({ name: 'plain' })).toBeUndefined();
    const Loose = defineItem({ name: {}, price: { serialize: (price: number) => price + 1 } });
    expect(JSON.stringify(new Loose({ name: 'x', price: 1 }))).toBe('{"name":"x","price":2}');
    const Special = defineItem<Product & { offer: string }>({ ...Product.fields, offer: {} });
    expect(new Special({ offer: 'x' })).toEqual({ offer: 'x' });
  });

  it('takes fields of any name', () => {
    const Odd = defineItem<Record<string, number>>({ ['__proto__']: {}, constructor: {} });
    const item = new Odd({ ['__proto__']: 1, constructor: 2 });
    expect(JSON.stringify(item)).toBe('{"__proto__":1,"constructor":2}');
    expect(() => new Odd({ toString: 1 } as never)).toThrow(ItemFieldError);
  });

  it('is filled by loaders, with the processors of its fields behind those of the loader', () => {
    const loader = new ItemLoader({ item: new Product(), defaults: { out: (values) => values } });
    loader.addValue('name', ' Lamp ').addValue('price', 3);
    expect(loader.loadItem()).toEqual({ name: 'Lamp', price: [3] });
    expect(() => loader.addValue('prise' as never, 1)).toThrow('has no such field');
    const shouting = new ItemLoader({ item: new Product(), fields: { name: { in: () => ['LAMP'] } } });
    expect(shouting.addValue('name', 'lamp').loadItem()).toEqual({ name: 'LAMP' });
  });
});
