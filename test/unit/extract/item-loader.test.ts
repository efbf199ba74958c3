import { describe, expect, it } from 'vitest';
import type { LoaderFields } from '../../../src/extract/field-processors.ts';
import { ItemLoader } from '../../../src/extract/item-loader.ts';
import { join, mapCompose, takeFirst } from '../../../src/extract/processors.ts';
import { Response } from '../../../src/values/response.ts';
import { growth } from '../../support/growth.ts';

interface Product {
  name: string;
  price?: number;
  tags?: string[];
}

const trim = (text: string): string => text.trim();
const response = new Response('http://site.test/', {
  headers: { 'content-type': 'text/html' },
  body: '<h1> Lamp </h1><p class=price>now $12.50</p><ul><li>a<li>b</ul><div><h1>Other</h1></div>',
});

class ProductLoader extends ItemLoader<Product> {
  static override readonly fields: LoaderFields<Product> = {
    name: { in: mapCompose(trim), out: takeFirst() },
    price: { in: mapCompose(Number), out: takeFirst() },
  };
}

describe('ItemLoader', () => {
  it('fills an item from a page', () => {
    const loader = new ProductLoader({ response });
    loader
      .addCss('name', 'h1::text')
      .addXpath('price', '//p/text()', { re: /[\d.]+/ })
      .addCss('tags', 'li::text');
    expect(loader.loadItem()).toEqual({ name: 'Lamp', price: 12.5, tags: ['a', 'b'] });
  });

  it('leaves fields without a value out', () => {
    const loader = new ProductLoader({ response });
    expect(loader.addCss('name', '.none').addValue('price', null).loadItem()).toEqual({});
    expect(loader.addValue('name', ['', '']).loadItem()).toEqual({});
  });

  it('takes options before its class, and a subclass before the one it extends', () => {
    class ShoutingLoader extends ProductLoader {
      static override readonly fields: LoaderFields<Product> = { name: { out: join('+') } };
      static override readonly defaults = { in: mapCompose((text: string) => text.toUpperCase()) };
    }
    const add = (loader: ItemLoader<Product>) =>
      loader.addValue('name', [' a ', 'b']).addValue('tags', 'x').addValue('price', '1').loadItem();
    expect(add(new ShoutingLoader())).toEqual({ name: 'a+b', tags: ['X'], price: 1 });
    const options = { fields: { name: { in: mapCompose() } }, defaults: { out: join('') } };
    expect(add(new ShoutingLoader(options))).toEqual({ name: ' a +b', tags: 'X', price: 1 });
  });

  it('adds to, replaces and shows what it has', () => {
    const loader = new ProductLoader({ response }).addCss('tags', 'li::text');
    expect(loader.getCollectedValues('tags')).toEqual(['a', 'b']);
    loader.replaceCss('tags', ['h1::text', '.price::text'], { re: /\w+/ });
    expect(loader.getCollectedValues('tags')).toEqual(['Lamp', 'Other', 'now', '12', '50']);
    expect(loader.replaceXpath('tags', '//none').getCollectedValues('tags')).toEqual([]);
    expect(loader.addValue('price', '5').replaceValue('price', null).getOutputValue('price')).toBe(5);
  });

  it('gives what a query finds without adding it', () => {
    const loader = new ProductLoader({ response });
    expect(loader.getCss('li::text', { processors: [takeFirst(), (text: string) => `${text}!`] })).toBe('a!');
    expect(loader.getXpath('//li/text()', { processors: join('') })).toBe('ab');
    expect(loader.getValue('a1b2', { re: '\\d' })).toEqual(['1', '2']);
    expect(loader.loadItem()).toEqual({});
  });

  it('reads JSON', () => {
    const json = new Response('http://site.test/', { body: '{"items":[{"n":"a"},{"n":"b"}],"n":5}' });
    const loader = new ItemLoader({ response: json }).addJmes('all', 'items[].n').addJmes('n', 'n');
    expect(loader.replaceJmes('n', 'items[1].n').loadItem()).toEqual({ all: ['a', 'b'], n: ['b'] });
    expect(loader.getJmes('n')).toEqual([5]);
  });

  it('lets nested loaders fill the same item from a part of the page', () => {
    const loader = new ProductLoader({ response, context: { unit: 'x' } });
    const nested = loader.nestedCss('div', { more: 1 }).addCss('name', 'h1::text');
    nested.nestedXpath('h1').addXpath('tags', 'text()');
    expect(nested.context).toMatchObject({ unit: 'x', more: 1, response });
    expect(loader.loadItem()).toEqual({ name: 'Other', tags: ['Other'] });
    expect(nested.loadItem()).toBe(loader.item);
  });

  it('puts what the item has first, once', () => {
    const item = { name: 'old', tags: ['t'] };
    const loader = new ProductLoader({ item, response }).addCss('name', 'h1::text');
    loader.nestedCss('ul').addCss('tags', 'li::text');
    expect(loader.loadItem()).toBe(item);
    expect(item).toEqual({ name: 'old', tags: ['t', 'a', 'b'] });
  });

  it('hands its context to processors', () => {
    const out = (_values: unknown, { unit, item }: { readonly unit?: unknown; readonly item?: unknown }) =>
      `${unit} ${JSON.stringify(item)}`;
    const loader = new ItemLoader({ context: { unit: 'cm' }, defaults: { out } });
    loader.context.unit = 'm';
    expect(loader.addValue('a', 1).loadItem()).toEqual({ a: 'm {}' });
  });

  it('fills fields of any name', () => {
    const loader = new ItemLoader().addValues(JSON.parse('{"__proto__":[{"x":1}],"constructor":2}'));
    const item = loader.loadItem();
    expect(Object.entries(item)).toEqual([
      ['__proto__', [{ x: 1 }]],
      ['constructor', [2]],
    ]);
    expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
  });

  it('names field, processor and value when a processor fails', () => {
    const broken = () => {
      throw new RangeError('too big');
    };
    const loader = new ItemLoader({ fields: { a: { in: mapCompose(broken) }, b: { out: broken } } });
    expect(() => loader.addValue('a', [1])).toThrow(
      'field "a": input processor mapCompose failed on [ 1 ]: step 1 broken on 1: too big',
    );
    expect(() => loader.addValue('b', 2).loadItem()).toThrow(
      expect.objectContaining({ code: 'ERR_CRAWL_LOADER', field: 'b', cause: expect.any(RangeError) }),
    );
  });

  it('takes any number of values, at once and one by one, in linear time', () => {
    const many = Array.from({ length: 300_000 }, (_, at) => at);
    const loader = new ItemLoader<{ n?: number[] }>({ fields: { n: { in: (values) => values } } });
    loader.addValue('n', -1).addValue('n', many);
    expect(loader.loadItem().n).toHaveLength(300_001);
    const oneByOne = (size: number): void => {
      const slow = new ItemLoader();
      for (let at = 0; at < size; at += 1) slow.addValue('n', at);
    };
    expect(growth((size) => oneByOne(size / 4))).toBeLessThan(24);
  });

  it('gives lists that later values do not change', () => {
    const loader = new ItemLoader<{ n?: number[] }>().addValue('n', [1]);
    const before = loader.getCollectedValues('n');
    const { n } = loader.loadItem();
    loader.addValue('n', loader.getCollectedValues('n'));
    expect([before, n, loader.getCollectedValues('n')]).toEqual([[1], [1], [1, 1]]);
  });

  it('says what a query needs', () => {
    expect(() => new ItemLoader().addCss('a', 'p')).toThrow('needs a loader with a response or a selector');
  });
});
