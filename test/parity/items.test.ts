import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  compose,
  defineItem,
  drop,
  type Factory,
  ItemLoader,
  type ItemPipeline,
  identity,
  itemFields,
  join,
  type LoaderFields,
  mapCompose,
  Response,
  Selector,
  Spider,
  type SpiderClass,
  selectJmes,
  takeFirst,
  toPlainRecord,
} from '../../src/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';

interface Product {
  name: string;
  price?: number;
  tags?: string[];
}

const Product = defineItem<Product>({
  name: { in: mapCompose((text: string) => text.trim()), out: takeFirst() },
  price: { serialize: (price: number) => `${price.toFixed(2)} €`, unit: 'euro' },
  tags: { serialize: (tags: string[]) => tags.join('|') },
});

const page = new Response('https://a.test/', {
  headers: { 'Content-Type': 'text/html' },
  body: `<h1> Lamp </h1><p class=price>now 12.50 €</p>
    <div class=about><i>old</i><i>new</i><p>first</p><p>second</p></div>`,
});

describe('Items', () => {
  it('are any objects that are no requests', async () => {
    const { url } = await site({ '/': '' });
    class Book {
      readonly #secret = 1;
      readonly title: string;
      constructor(title: string) {
        this.title = title;
      }
      get size(): number {
        return this.title.length + this.#secret;
      }
    }
    class Kinds extends Spider<object> {
      override startUrls = [url('/')];
      override *parse() {
        yield { kind: 'plain' };
        yield new Book('class');
        yield Object.assign(Object.create(null), { kind: 'bare' });
        yield new Product({ name: 'declared' });
        yield null;
      }
    }
    const { items, stats } = await runSpider(Kinds as unknown as SpiderClass);
    expect(items.map((item) => item.kind ?? item.title ?? item.name)).toEqual([
      'plain',
      'class',
      'bare',
      'declared',
    ]);
    expect(items[1]).toBeInstanceOf(Book);
    expect(stats['item/scraped']).toBe(4);
  });

  it('may declare their fields', () => {
    const item = new Product({ name: 'Lamp' });
    expect(() => Object.assign(item, { prise: 1 })).toThrow(TypeError);
    expect(() => new Product({ prise: 1 } as never)).toThrow(/did you mean price/);
    expect(Product.fields.price.unit).toBe('euro');
    const Offer = defineItem<Product & { until: Date }>({ ...Product.fields, until: { unit: 'day' } });
    const until = new Date(0);
    expect(new Offer({ name: 'x', until })).toEqual({ name: 'x', until });
    expect(Object.keys(Offer.fields)).toEqual(['name', 'price', 'tags', 'until']);
    const tagged = new Product({ tags: ['a'] });
    const copy = new Product(structuredClone({ ...tagged }));
    copy.tags?.push('b');
    expect(tagged.tags).toEqual(['a']);
    class Discounted extends Product {
      get half(): number {
        return (this.price ?? 0) / 2;
      }
    }
    expect(new Discounted({ price: 4 }).half).toBe(2);
  });

  it('are read and written alike, whatever their kind', async () => {
    const { url } = await site({ '/': '' });
    class Made {
      name = 'class';
      price = 1;
    }
    const seen: unknown[] = [];
    const dearer: Factory<ItemPipeline> = () => ({
      name: 'dearer',
      processItem(item) {
        item.price = Number(item.price ?? 0) + 1;
        seen.push([Object.keys(item).includes('name'), toPlainRecord(item), itemFields(item)?.price?.unit]);
        return item.name === 'class' ? drop('a class') : item;
      },
    });
    class Kinds extends Spider<object> {
      override startUrls = [url('/')];
      override *parse() {
        yield { name: 'plain' };
        yield new Made();
        yield new Product({ name: 'declared', price: 2 });
      }
    }
    const { items } = await runSpider(Kinds as unknown as SpiderClass, { settings: { pipelines: [dearer] } });
    expect(seen).toEqual([
      [true, { name: 'plain', price: 1 }, undefined],
      [true, { name: 'class', price: 2 }, undefined],
      [true, { name: 'declared', price: '3.00 €' }, 'euro'],
    ]);
    expect(items.map(({ price }) => price)).toEqual([1, 3]);
  });

  it('say how each field is written', async () => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'parity-items-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { url } = await site({ '/': '' });
    class Serialized extends Spider<Product> {
      override startUrls = [url('/')];
      override *parse() {
        yield new Product({ name: 'Lamp', price: 12.5, tags: ['a', 'b'] });
      }
    }
    const at = (name: string): string => joinPath(folder, name);
    const feeds = { [at('i.jsonl')]: {}, [at('i.csv')]: {}, [at('i.xml')]: {}, [at('i.json')]: {} };
    const { items } = await runSpider(Serialized as unknown as SpiderClass, {
      settings: { feeds, jobDir: at('job') },
    });
    expect(items).toEqual([{ name: 'Lamp', price: 12.5, tags: ['a', 'b'] }]);
    const written = async (name: string): Promise<string> => readFile(at(name), 'utf8');
    expect(JSON.parse(await written('i.jsonl'))).toEqual({ name: 'Lamp', price: '12.50 €', tags: 'a|b' });
    expect(JSON.parse(await written('i.json'))).toEqual([{ name: 'Lamp', price: '12.50 €', tags: 'a|b' }]);
    expect(await written('i.csv')).toBe('name,price,tags\r\nLamp,12.50 €,a|b\r\n');
    expect(await written('i.xml')).toContain('<price>12.50 €</price><tags>a|b</tags>');
  });
});

describe('ItemLoader', () => {
  it('gathers values of an item from a page, a selector or a parent', () => {
    const loader = new ItemLoader<Record<string, unknown>>({
      response: page,
      item: { id: 7 },
      context: { unit: '€' },
    });
    loader
      .addCss('name', 'h1::text')
      .addXpath('price', '//p[@class="price"]/text()', { re: /[\d.]+/ })
      .addValue('tags', ['a'])
      .addValue('tags', 'b: 1', { re: /\w+/ })
      .replaceCss('none', 'h2::text')
      .replaceXpath('about', '//i/text()')
      .replaceValue('price', '3', { processors: (text: string) => `${text}.0` });
    expect(loader.getCss('i::text', { re: 'n.w' })).toEqual(['new']);
    expect(loader.getXpath('//i/text()', { processors: takeFirst() })).toBe('old');
    expect(loader.getValue('x: 1', { re: /\d/ })).toEqual(['1']);
    expect(loader.getCollectedValues('tags')).toEqual(['a', 'b', '1']);
    expect(loader.getOutputValue('price')).toEqual(['3.0']);
    expect(loader.context.unit).toBe('€');
    expect(loader.loadItem()).toEqual({
      id: [7],
      name: [' Lamp '],
      price: ['3.0'],
      tags: ['a', 'b', '1'],
      about: ['old', 'new'],
    });
    const data = new Selector({ text: '{"n":[1,2]}', type: 'json' });
    const json = new ItemLoader({ selector: data });
    json.addJmes('n', 'n').addJmes('first', 'n[0]').replaceJmes('first', 'n[1]');
    expect(json.getJmes('n[0]')).toEqual([1]);
    expect(json.loadItem()).toEqual({ n: [1, 2], first: [2] });
    const child = new ItemLoader({ parent: json, selector: page.css('div') });
    child.addCss('about', 'i::text');
    expect(json.loadItem()).toMatchObject({ about: ['old', 'new'] });
  });

  it('has processors', () => {
    const context = {};
    expect(identity()(['a', null], context)).toEqual(['a', null]);
    expect(takeFirst()(['', null, 0, 'a'], context)).toBe(0);
    expect(join()(['a', 'b'], context)).toBe('a b');
    expect(join('<br>')(['a', 'b'], context)).toBe('a<br>b');
    const upper = (text: string): string => text.toUpperCase();
    expect(compose(takeFirst(), upper)(['', 'a'], context)).toBe('A');
    expect(compose(takeFirst(), upper)([''], context)).toBeUndefined();
    expect(
      compose(takeFirst(), (value: unknown) => value ?? 'none', { stopOnNone: false })([], context),
    ).toBe('none');
    const split = (text: string): string[] | null => (text === '' ? null : text.split(' '));
    expect(mapCompose(split, upper)(['a b', '', 'c'], context)).toEqual(['A', 'B', 'C']);
    expect(selectJmes('a.b')({ a: { b: 1 } }, context)).toBe(1);
    expect(
      compose(takeFirst(), (text: string) => JSON.parse(text), selectJmes('n'))(['{"n":2}'], context),
    ).toBe(2);
    const inUnit = (text: string, { unit }: { unit?: unknown }): string => `${text} ${unit}`;
    expect(mapCompose(inUnit)(['1'], { unit: '€' })).toEqual(['1 €']);
  });

  it('takes processors of its class, its options, the item and its defaults, in this order', () => {
    class ProductLoader extends ItemLoader<Product> {
      static override defaults = { out: takeFirst<never>() };
      static override fields: LoaderFields<Product> = {
        price: { in: mapCompose((text: string, { factor }) => Number(text) * Number(factor)) },
      };
    }
    const fill = (loader: ItemLoader<Product>): Product =>
      loader
        .addCss('name', 'h1::text')
        .addCss('price', '.price', { re: /[\d.]+/ })
        .loadItem();
    const context = { factor: 2 };
    expect(fill(new ProductLoader({ response: page, context, item: new Product() }))).toEqual({
      name: 'Lamp',
      price: 25,
    });
    expect(fill(new ProductLoader({ response: page, context }))).toEqual({ name: ' Lamp ', price: 25 });
    const fields: LoaderFields<Product> = { name: { out: join('') }, price: { in: () => [0] } };
    expect(fill(new ProductLoader({ response: page, context, item: new Product(), fields }))).toEqual({
      name: 'Lamp',
      price: 0,
    });
    const later = new ProductLoader({ response: page });
    later.context.factor = 4;
    expect(fill(later).price).toBe(50);
    expect(() => new ItemLoader({ item: new Product() }).addValue('prise' as never, 1)).toThrow(/prise/);
  });

  it('nests and is inherited', () => {
    class Base extends ItemLoader<Record<string, unknown>> {
      static override fields: LoaderFields<Record<string, unknown>> = {
        about: { out: join(', ') },
        name: { in: mapCompose((text: string) => text.trim()), out: takeFirst() },
      };
    }
    class Special extends Base {
      static override fields: LoaderFields<Record<string, unknown>> = {
        name: { out: compose(takeFirst(), (text: string) => `special ${text}`) },
      };
    }
    const loader = new Special({ response: page });
    loader.addCss('name', 'h1::text');
    const about = loader.nestedCss('.about');
    expect(about).toBeInstanceOf(Special);
    about.addCss('about', 'i::text').nestedXpath('./p[2]').addXpath('about', './text()');
    loader.nestedXpath('//div').addXpath('count', 'count(./p)');
    expect(loader.loadItem()).toEqual({ name: 'special Lamp', about: 'old, new, second', count: ['2'] });
  });
});
