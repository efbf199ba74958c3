import { expect, it } from 'vitest';
import { type ItemColumns, postgres, sqlite } from '../../pipelines/index.ts';
import type { Factory } from '../../src/contracts/component.ts';
import type { CommittedItem, ItemPipeline } from '../../src/contracts/item-pipeline.ts';
import type { ItemRecord } from '../../src/values/item.ts';
import { contextWith, made } from '../unit/middlewares/component-context.ts';

/** Options that every pipeline with a table has. */
export interface TableOptions {
  readonly table: string;
  readonly columns?: ItemColumns;
  readonly replacePages?: boolean;
}

/** A database, as the suite looks at it. */
export interface ItemStoreSubject {
  readonly pipeline: 'sqlite' | 'postgres';
  /** Options of the pipeline for one database that is empty at first. */
  options(table: TableOptions): object;
  /** All rows of a table, by page and ordinal. */
  rows(table: string): Promise<Record<string, unknown>[]>;
  /** One column of all rows as text, by page and ordinal. */
  texts(table: string, column: string): Promise<unknown[]>;
  /** What a JSON column of a row says. */
  json(value: unknown): unknown;
  readonly types: Readonly<Record<'text' | 'real' | 'integer' | 'boolean' | 'bytes' | 'json', string>>;
  readonly true: unknown;
  /** A text with NUL and half a surrogate pair, as a JSON column and a text column give it back. */
  readonly odd: readonly [json: string, text: string];
}

const table = 'items';

/** What holds of every pipeline that keeps items in a table. */
export function itemStoreContract(subjectOf: () => ItemStoreSubject): void {
  it('has each item once, however often and over whatever connection it comes', async () => {
    const subject = subjectOf();
    const batch = page('a', [{ n: 1 }, { n: 2 }]);
    await using(subject, { table }, (store) => store.commit?.(batch));
    await using(subject, { table }, async (store) => {
      await store.commit?.(batch);
      await store.commit?.(page('a', [{ n: 1 }, { n: 3 }]));
    });
    expect(await items(subject)).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it('takes the same item twice in one batch as the later of the two', async () => {
    const subject = subjectOf();
    const batch = [...page('a', [{ n: 1 }]), ...page('a', [{ n: 2 }])];
    await using(subject, { table }, (store) => store.commit?.(batch));
    expect(await items(subject)).toEqual([{ n: 2 }]);
  });

  it('takes batches of many pages at once, and of one page over two connections', async () => {
    const subject = subjectOf();
    await using(subject, { table }, (one) =>
      using(subject, { table }, async (two) => {
        const pages = Array.from({ length: 20 }, (_, at) => page(`page${at}`, numbers(20)));
        await Promise.all(pages.flatMap((batch) => [one.commit?.(batch), two.commit?.(batch.toReversed())]));
      }),
    );
    expect(await items(subject)).toHaveLength(400);
  });

  it('keeps the whole item in one column unless columns were declared', async () => {
    const subject = subjectOf();
    const item = {
      text: 'ü "x"',
      list: [1, [2, { deep: null }]],
      when: new Date(0),
      yes: true,
      no: undefined,
    };
    await using(subject, { table }, (store) => store.commit?.(page('a', [item])));
    expect(await items(subject)).toEqual([
      { text: 'ü "x"', list: [1, [2, { deep: null }]], when: '1970-01-01T00:00:00.000Z', yes: true },
    ]);
  });

  it('writes values as what their columns are', async () => {
    const subject = subjectOf();
    const { text, real, integer, boolean, bytes, json } = subject.types;
    const columns = { text, real, integer, boolean, bytes, json, when: text, list: text, raw: text };
    const item = {
      text: "o'x",
      real: 1.5,
      integer: 7,
      boolean: true,
      bytes: new Uint8Array([0, 255]),
      json: 'word',
      when: new Date(0),
      list: [1, { a: 2 }],
      raw: new Uint8Array([0, 255]),
    };
    await using(subject, { table, columns }, (store) => store.commit?.(page('a', [item, {}])));
    const [row = {}, empty = {}] = await subject.rows(table);
    expect(row).toMatchObject({
      text: "o'x",
      real: 1.5,
      boolean: subject.true,
      when: '1970-01-01T00:00:00.000Z',
    });
    expect(Number(row.integer)).toBe(7);
    expect(Buffer.from(row.bytes as Uint8Array)).toEqual(Buffer.from([0, 255]));
    expect([subject.json(row.json), JSON.parse(String(row.list)), row.raw]).toEqual([
      'word',
      [1, { a: 2 }],
      'AP8=',
    ]);
    expect(Object.keys(columns).map((name) => empty[name])).toEqual(Object.keys(columns).map(() => null));
  });

  it('loses no number silently: large ones are text where no number holds them, no number is null', async () => {
    const subject = subjectOf();
    const { text, real, integer } = subject.types;
    const given = { nan: Number.NaN, rest: 2n ** 70n, inf: Number.POSITIVE_INFINITY, safe: 2 ** 53 };
    await using(subject, { table, columns: { nan: real } }, (store) => store.commit?.(page('a', [given])));
    const [row = {}] = await subject.rows(table);
    expect(row.nan).toBe(null);
    expect(subject.json(row.extra)).toEqual({ rest: String(2n ** 70n), inf: null, safe: 2 ** 53 });
    await using(subject, { table: 'large', columns: { big: integer, huge: text } }, (store) =>
      store.commit?.(page('a', [{ big: 2n ** 60n, huge: 10n ** 30n }])),
    );
    expect(await subject.texts('large', 'big')).toEqual([String(2n ** 60n)]);
    expect(await subject.texts('large', 'huge')).toEqual([`1${'0'.repeat(30)}`]);
  });

  it('keeps fields that no column was declared for', async () => {
    const subject = subjectOf();
    await using(subject, { table, columns: ['title'] }, (store) =>
      store.commit?.(page('a', [{ title: 't', price: 2, fingerprint: 'mine', extra: 1 }, { title: 'u' }])),
    );
    const rows = await subject.rows(table);
    expect(rows.map(({ title, extra }) => [title, subject.json(extra)])).toEqual([
      ['t', { price: 2, fingerprint: 'mine', extra: 1 }],
      ['u', null],
    ]);
    expect(rows[0]?.fingerprint).toBe('a');
  });

  it('takes fields with any name, as columns and in JSON', async () => {
    const subject = subjectOf();
    const names = [
      '__proto__',
      'constructor',
      'say "x"; DROP TABLE items',
      "it's",
      'größe 🕷',
      'order',
      '$1',
      '?',
      'a.b',
    ];
    const item: ItemRecord = Object.fromEntries(
      [...names, 'x'.repeat(100), ''].map((name, at) => [name, `v${at}`]),
    );
    await using(subject, { table, columns: names }, (store) => store.commit?.(page('a', [item])));
    const [row = {}] = await subject.rows(table);
    const values = await Promise.all(names.map((name) => subject.texts(table, name)));
    expect(values).toEqual(names.map((_, at) => [`v${at}`]));
    expect(subject.json(row.extra)).toEqual({ ['x'.repeat(100)]: 'v9', '': 'v10' });
    await using(subject, { table: 'whole' }, (store) => store.commit?.(page('a', [item])));
    const [whole = {}] = await subject.rows('whole');
    expect(Object.entries(subject.json(whole.item) as object).sort()).toEqual(Object.entries(item).sort());
  });

  it('refuses names and types that cannot be', () => {
    const subject = subjectOf();
    const refused = (options: TableOptions) => expect(() => factory(subject, options));
    refused({ table: '' }).toThrow(/no name for a table/);
    refused({ table: 'a\0b' }).toThrow(/without NUL/);
    refused({ table: 'x'.repeat(300) }).toThrow(/1 to \d+ bytes/);
    refused({ table, columns: ['a\ud800'] }).toThrow(/no name for a column/);
    refused({ table, columns: ['Ordinal'] }).toThrow(/has one of its own/);
    refused({ table, columns: ['price', 'Price'] }).toThrow(/it is there twice/);
    for (const type of ['TEXT; DROP TABLE x', 'TEXT)', "TEXT DEFAULT 'x'", 'TEXT -- x', '(1)'])
      refused({ table, columns: { price: type } }).toThrow(/is no type/);
  });

  it('has a rule for characters that a database refuses', async () => {
    const subject = subjectOf();
    const odd = 'a\0b\ud800c \\u0000 \ud83d\ude00';
    await using(subject, { table, columns: { text: subject.types.text } }, (store) =>
      store.commit?.(page('a', [{ text: odd, inside: odd }])),
    );
    const [row = {}] = await subject.rows(table);
    const [json, text] = subject.odd;
    expect([subject.json(row.extra), row.text]).toEqual([{ inside: json }, text]);
  });

  it('takes huge texts', async () => {
    const subject = subjectOf();
    const huge = 'ü'.repeat(5_000_000);
    await using(subject, { table }, (store) => store.commit?.(page('a', [{ huge }, { huge }])));
    const lengths = (await items(subject)).map((item) => (item as { huge: string }).huge.length);
    expect(lengths).toEqual([huge.length, huge.length]);
  });

  it('takes 10,000 items of a page', async () => {
    const subject = subjectOf();
    const text = 'x'.repeat(2000);
    const batch = page('a', numbers(10_000)).map((one) => ({ ...one, item: { ...one.item, text } }));
    await using(subject, { table, columns: { n: subject.types.integer } }, async (store) => {
      await store.commit?.(batch);
      await store.commit?.(batch);
    });
    const rows = await subject.rows(table);
    expect(rows.map(({ n }) => Number(n))).toEqual(batch.map(({ ordinal }) => ordinal));
  });

  it('writes a batch whole or not at all, and says which column does not fit', async () => {
    const subject = subjectOf();
    const columns = { n: `${subject.types.integer} NOT NULL` };
    await using(subject, { table, columns }, async (store) => {
      const fails = async () => store.commit?.(page('a', [{ n: 1 }, {}]));
      await expect(fails()).rejects.toMatchObject({
        code: 'ERR_CRAWL_OUTPUT',
        message: expect.stringMatching(/\bn\b.*constraint|constraint.*\bn\b/),
      });
      expect(await subject.rows(table)).toEqual([]);
      await store.commit?.(page('a', [{ n: 1 }]));
    });
    expect(await subject.rows(table)).toHaveLength(1);
  });

  it('leaves rows behind what a page gives now, unless pages are to be replaced', async () => {
    const subject = subjectOf();
    const batches = [page('a', numbers(5)), page('b', numbers(2)), page('start', numbers(3))];
    const later = [page('a', numbers(2)), page('a', numbers(1), 2), page('start', numbers(1))];
    const commit = (list: CommittedItem[][]) => async (store: ItemPipeline) => {
      for (const batch of list) await store.commit?.(batch);
    };
    await using(subject, { table }, commit([...batches, ...later]));
    expect(await subject.rows(table)).toHaveLength(10);
    await using(subject, { table, replacePages: true }, commit(later));
    const keys = (await subject.rows(table)).map((row) => `${row.fingerprint}${row.ordinal}`);
    expect(keys).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'start0', 'start1', 'start2']);
  });

  it('says before the first page that a table does not fit, and how to mend it', async () => {
    const subject = subjectOf();
    await using(subject, { table, columns: ['title'] }, () => undefined);
    const open = using(subject, { table, columns: ['title', 'price'] }, () => undefined);
    await expect(open).rejects.toMatchObject({
      code: 'ERR_CRAWL_OUTPUT',
      message: expect.stringMatching(/price.*ALTER TABLE/),
    });
  });

  it('writes nothing once it is closed', async () => {
    const subject = subjectOf();
    const store = await open(subject, { table });
    await store.close?.('finished');
    await store.close?.('finished');
    await expect(async () => store.commit?.(page('a', [{ n: 1 }]))).rejects.toThrow(/closed/);
  });
}

/** Items of a page, from a place on. */
export function page(fingerprint: string, given: readonly ItemRecord[], from = 0): CommittedItem[] {
  return given.map((item, at) => ({ item, fingerprint, ordinal: from + at }));
}

function numbers(count: number): { readonly n: number }[] {
  return Array.from({ length: count }, (_, n) => ({ n }));
}

function factory(subject: ItemStoreSubject, options: TableOptions): Factory<ItemPipeline> {
  const make = subject.pipeline === 'sqlite' ? sqlite : postgres;
  return (make as (options: object) => Factory<ItemPipeline>)(subject.options(options));
}

async function open(subject: ItemStoreSubject, options: TableOptions): Promise<ItemPipeline> {
  const store = await made(factory(subject, options), contextWith());
  await store.open?.();
  return store;
}

async function using(
  subject: ItemStoreSubject,
  options: TableOptions,
  work: (store: ItemPipeline) => unknown,
): Promise<void> {
  const store = await open(subject, options);
  try {
    await work(store);
  } finally {
    await store.close?.('finished');
  }
}

async function items(subject: ItemStoreSubject): Promise<unknown[]> {
  return (await subject.rows(table)).map(({ item }) => subject.json(item));
}
