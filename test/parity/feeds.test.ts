import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createDeflate, createGunzip, gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type Exporter,
  exportedFields,
  type FeedOptions,
  type FeedStorage,
  type ItemRecord,
  type PartialSettings,
  Spider,
} from '../../src/index.ts';
import { crawl } from '../support/command-line.ts';
import { type RunOptions, runSpider } from './run-spider.ts';

/** A folder that lives as long as the test. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-parity-feeds-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Crawls one page that gives these items, in order. */
function crawlItems(items: readonly ItemRecord[], settings: PartialSettings, options: RunOptions = {}) {
  class Shop extends Spider {
    static override spiderName = 'shop';
    readonly shelf = 'new/books';
    override *start() {
      yield* items;
    }
  }
  return runSpider(Shop, { ...options, settings });
}

/** The text that one output holds. */
async function written(name: string, items: readonly ItemRecord[], options: FeedOptions = {}) {
  const path = join(temporaryFolder(), name);
  await crawlItems(items, { feeds: { [path]: options } });
  return readFileSync(path, 'utf8');
}

const BOOKS = [
  { title: 'A', price: 1 },
  { title: 'é', price: 2 },
];

describe('outputs', () => {
  it('are any number, each with options of its own', async () => {
    const folder = temporaryFolder();
    const file = (name: string) => join(folder, name);
    let printed = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk, ...rest) => {
      printed += Buffer.from(chunk as Uint8Array).toString();
      for (const one of rest) if (typeof one === 'function') one();
      return true;
    });
    onTestFinished(() => write.mockRestore());
    const { result } = await crawlItems(BOOKS, {
      feeds: {
        [file('a.json')]: { fields: ['title'] },
        [file('b.jsonl')]: { itemFilter: { price: 2 } },
        [pathToFileURL(file('c.csv')).href]: { delimiter: ';' },
        'stdout:': { fields: ['price'] },
      },
    });
    expect(readFileSync(file('a.json'), 'utf8')).toBe('[\n{"title":"A"},\n{"title":"é"}\n]');
    expect(readFileSync(file('b.jsonl'), 'utf8')).toBe('{"title":"é","price":2}\n');
    expect(readFileSync(file('c.csv'), 'utf8')).toBe('title;price\r\nA;1\r\né;2\r\n');
    expect(printed).toBe('{"price":1}\n{"price":2}\n');
    expect(result.feeds.map(({ items }) => items)).toEqual([2, 1, 2, 2]);
  });

  it('are named on the command line: -o appends, -O overwrites, - is standard output', async () => {
    const cwd = temporaryFolder();
    const spider = `import { Spider } from "orbweaver";
      export default class extends Spider { *start() { yield { n: 1 }; } }`;
    writeFileSync(join(cwd, 'one.mjs'), spider);
    for (const name of ['appended.jsonl', 'anew.csv']) writeFileSync(join(cwd, name), 'x,y\r\n');
    writeFileSync(join(cwd, 'appended.jsonl'), '{"n":0}\n');
    const words = ['./one.mjs', '-o', 'appended.jsonl', '-O', 'anew.csv', '-o', 'data.txt:xml', '-o', '-'];
    const { code, stdout } = await crawl(words, { cwd });
    expect([code, stdout]).toEqual([0, '{"n":1}\n']);
    expect(readFileSync(join(cwd, 'appended.jsonl'), 'utf8')).toBe('{"n":0}\n{"n":1}\n');
    expect(readFileSync(join(cwd, 'anew.csv'), 'utf8')).toBe('n\r\n1\r\n');
    expect(readFileSync(join(cwd, 'data.txt'), 'utf8')).toContain('<item><n>1</n></item>');
  }, 20_000);

  it('are json, jsonl by three names, and csv', async () => {
    const lines = '{"title":"A","price":1}\n{"title":"é","price":2}\n';
    expect(JSON.parse(await written('a.json', BOOKS))).toEqual(BOOKS);
    for (const name of ['a.jsonl', 'a.jl', 'a.jsonlines']) expect(await written(name, BOOKS)).toBe(lines);
    expect(await written('a.csv', BOOKS)).toBe('title,price\r\nA,1\r\né,2\r\n');
  });

  it('are xml, or of a format of your own', async () => {
    const items = [{ title: 'A & B', tags: ['x', 'y'] }];
    expect(await written('a.xml', items)).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<items><item><title>A &amp; B</title><tags><value>x</value><value>y</value></tags></item></items>',
    );
    const path = join(temporaryFolder(), 'a.md');
    const markdown = ({ indent = 1 }: FeedOptions): Exporter => ({
      format: 'md',
      start: () => '# Items\n',
      encode: (given) => given.map(({ title }) => `${' '.repeat(Number(indent))}- ${title}\n`).join(''),
      end: () => '.',
    });
    await crawlItems(BOOKS, { feeds: { [path]: { indent: 2 } }, feedExporters: { md: markdown } });
    expect(readFileSync(path, 'utf8')).toBe('# Items\n  - A\n  - é\n.');
  });

  it('have the fields that are chosen, in order, under titles; csv loses none without', async () => {
    expect(await written('a.csv', BOOKS, { fields: ['price', 'none', 'title'] })).toBe(
      'price,none,title\r\n1,,A\r\n2,,é\r\n',
    );
    expect(await written('a.jsonl', BOOKS, { fields: { price: 'Price', title: 'Title' } })).toBe(
      '{"Price":1,"Title":"A"}\n{"Price":2,"Title":"é"}\n',
    );
    const later = [{ a: 1 }, { a: 2, b: 3 }];
    expect(await written('a.csv', later)).toBe('a,b\r\n1,\r\n2,3\r\n');
    expect(await written('a.csv', later, { fields: ['a'] })).toBe('a\r\n1\r\n2\r\n');
  });

  it('append to files and replace what storages hold, unless told otherwise', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.json');
    const stored = new Map<string, string>();
    const memory = (uri: string): FeedStorage => ({
      location: uri,
      exists: async () => stored.has(uri),
      open: async () => void stored.set(uri, ''),
      write: async (chunk) => void stored.set(uri, stored.get(uri) + Buffer.from(chunk).toString()),
      close: async () => {},
    });
    const run = (ifExists: FeedOptions['ifExists'], n: number) => {
      const options = ifExists === undefined ? {} : { ifExists };
      const feeds = { [path]: options, 'memory://a.jsonl': options };
      return crawlItems([{ n }], { feeds, feedStorages: { memory } });
    };
    const texts = () => [JSON.parse(readFileSync(path, 'utf8')), stored.get('memory://a.jsonl')];
    await run(undefined, 1);
    await run(undefined, 2);
    expect(texts()).toEqual([[{ n: 1 }, { n: 2 }], '{"n":2}\n']);
    await run('overwrite', 3);
    expect(texts()).toEqual([[{ n: 3 }], '{"n":3}\n']);
    expect((await run('refuse', 4)).result.reason).toBe('output_error');
    expect(texts()).toEqual([[{ n: 3 }], '{"n":3}\n']);
  });

  it('have an encoding and an indentation', async () => {
    expect(await written('a.jsonl', [{ a: 'é' }])).toBe('{"a":"é"}\n');
    expect(await written('a.jsonl', [{ a: 'é€' }], { encoding: 'ascii' })).toBe('{"a":"\\u00e9\\u20ac"}\n');
    const path = join(temporaryFolder(), 'a.csv');
    await crawlItems([{ a: 'é' }], { feeds: { [path]: { encoding: 'latin1' } } });
    expect(readFileSync(path, 'latin1')).toBe('a\r\né\r\n');
    const items = [{ a: 1 }, { a: 2 }];
    expect(await written('a.json', items, { indent: 0 })).toBe('[\n{"a":1},\n{"a":2}\n]');
    expect(await written('a.json', items, { indent: 2 })).toBe('[\n{\n  "a": 1\n},\n{\n  "a": 2\n}\n]');
    expect(await written('a.json', items, { indent: null })).toBe('[{"a":1},{"a":2}]');
    const xml = await written('a.xml', items, { indent: 2 });
    expect(xml).toContain('<items>\n  <item>\n    <a>1</a>\n  </item>\n');
  });

  it('are there without items too, unless told otherwise', async () => {
    const folder = temporaryFolder();
    const file = (name: string) => join(folder, name);
    writeFileSync(file('old.json'), '[1]');
    await crawlItems([], {
      feeds: {
        [file('empty.json')]: {},
        [file('none.json')]: { storeEmpty: false },
        [file('old.json')]: { storeEmpty: false, ifExists: 'overwrite' },
      },
    });
    expect(readdirSync(folder).sort()).toEqual(['empty.json', 'old.json']);
    expect(readFileSync(file('empty.json'), 'utf8')).toBe('[]');
    expect(readFileSync(file('old.json'), 'utf8')).toBe('[1]');
  });

  it('are cut into batches, the full ones delivered at once', async () => {
    const folder = temporaryFolder();
    const early: string[] = [];
    class Five extends Spider {
      override startUrls = ['data:text/plain,1', 'data:text/plain,2', 'data:text/plain,3'];
      override *parse() {
        yield { n: 1 };
        yield { n: 2 };
      }
    }
    const feeds = {
      [join(folder, 'a-%(batch_id)05d.jsonl')]: { batchItemCount: 4 },
      [join(folder, 'b-%(batch_time)s.jsonl')]: { batchItemCount: 100 },
    };
    const { logger } = await runSpider(Five, {
      settings: { feeds },
      onCrawler: ({ signals }) =>
        signals.on('feedSlotClosed', ({ uri, batchId, items }) => {
          if (uri.includes('a-'))
            early.push(`${batchId}: ${items} ${existsSync(join(folder, 'a-00001.jsonl'))}`);
        }),
    });
    expect(logger.messages('error')).toEqual([]);
    expect(early).toEqual(['1: 4 true', '2: 2 true']);
    const [first, second, timed] = readdirSync(folder).sort();
    expect([first, second]).toEqual(['a-00001.jsonl', 'a-00002.jsonl']);
    expect(timed).toMatch(/^b-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d/);
  });

  it('have names of spider, time and function, in which only %(…) is filled in', async () => {
    const folder = temporaryFolder();
    const uriParams: FeedOptions['uriParams'] = ({ name }, spider) => ({
      own: `${name}-${(spider as { shelf: string }).shelf.length}`,
    });
    await crawlItems(BOOKS, {
      feeds: {
        [join(folder, '%(name)s 100%%20 %(shelf)s.jsonl')]: {},
        [join(folder, '%(time)s.jsonl')]: {},
        [join(folder, '%(own)s.jsonl')]: { uriParams },
      },
    });
    expect(readdirSync(folder).sort()).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.jsonl$/),
      'shop 100%%20 new-books.jsonl',
      'shop-9.jsonl',
    ]);
    await expect(crawlItems([], { feeds: { '%(unknown)s.jsonl': {} } })).rejects.toThrow(
      /there is no %\(unknown\)s; known are .*shelf/,
    );
  });

  it('take the items that a type, values or a function let through', async () => {
    const items = [
      { type: 'book', n: 1 },
      { type: 'author', n: 2 },
      { type: 'shelf', n: 3 },
    ];
    const numbers = async (options: FeedOptions) =>
      (await written('a.csv', items, { ...options, fields: ['n'], headers: false })).split('\r\n').join('');
    expect(await numbers({ itemTypes: ['book', 'shelf'] })).toBe('13');
    expect(await numbers({ itemFilter: { type: ['author', 'shelf'] } })).toBe('23');
    expect(await numbers({ itemFilter: ({ n }) => Number(n) > 2 })).toBe('3');
  });

  it('give their options to the exporter', async () => {
    const items = [{ tags: ['a', 'b'], text: 'x;"y' }, { text: '=1' }];
    const options = { joinMultivalued: '|', delimiter: ';', quote: "'", headers: false };
    expect(await written('a.csv', items, options)).toBe("a|b;'x;\"y'\r\n;'''=1'\r\n");
    expect(await written('a.csv', items, { quoteAll: true, escapeFormulas: false })).toBe(
      '"tags","text"\r\n"a,b","x;""y"\r\n"","=1"\r\n',
    );
    expect(await written('a.jsonl', [{ a: 1 }], { fields: ['a', 'b'], emptyFields: true })).toBe(
      '{"a":1,"b":null}\n',
    );
    const xml = await written('a.xml', [{ a: 1 }], { rootElement: 'books', itemElement: 'book' });
    expect(xml).toContain('<books><book><a>1</a></book></books>');
  });

  it('are packed, and pass streams of your own in order', async () => {
    const folder = temporaryFolder();
    const file = (name: string) => join(folder, name);
    let closed = 0;
    const counting = () =>
      new Transform({
        transform: (piece, _encoding, done) => done(null, piece),
        flush(done) {
          closed += 1;
          this.push('end');
          done();
        },
      });
    await crawlItems(BOOKS, {
      feeds: {
        [file('a.csv.gz')]: { compressionLevel: 9 },
        [file('a.csv.bz2')]: { postprocessing: [counting, () => createDeflate({ level: 1 })] },
        [file('b.jsonl')]: { compression: 'gzip', postprocessing: [() => createGunzip(), counting] },
      },
    });
    const text = 'title,price\r\nA,1\r\né,2\r\n';
    expect(gunzipSync(readFileSync(file('a.csv.gz'))).toString()).toBe(text);
    expect(inflateSync(readFileSync(file('a.csv.bz2'))).toString()).toBe(`${text}end`);
    expect(readFileSync(file('b.jsonl'), 'utf8')).toMatch(/^{"title":"A".*}\n.*}\nend$/);
    expect(closed).toBe(2);
  });

  it('of your own get what the built-in ones write', async () => {
    const path = join(temporaryFolder(), 'a.txt');
    const item = { when: new Date(0), z: 1n, a: new Set(['x']), skip: undefined };
    const exporter = (options: FeedOptions): Exporter => ({
      format: 'txt',
      start: () => '<',
      encode: (items) => items.map((one) => JSON.stringify(exportedFields(one, options))).join(''),
      end: () => '>',
    });
    await crawlItems([item], {
      feeds: { [path]: { format: 'own', fields: { a: 'A', when: 'When', none: 'None' }, emptyFields: true } },
      feedExporters: { own: exporter },
    });
    expect(readFileSync(path, 'utf8')).toBe('<{"A":["x"],"When":"1970-01-01T00:00:00.000Z","None":null}>');
    const text = '{"when":"1970-01-01T00:00:00.000Z","z":1,"a":["x"]}';
    expect(JSON.stringify(exportedFields(item))).toBe(text);
    expect(await written('a.jsonl', [item])).toBe(`${text}\n`);
    expect(await written('a.xml', [item])).toContain('<when>1970-01-01T00:00:00.000Z</when>');
    expect(await written('a.csv', [item])).toBe('when,z,a\r\n1970-01-01T00:00:00.000Z,1,x\r\n');
  });

  it('go to S3 when they are whole, with keys, region, endpoint and ACL', async () => {
    const uploads: Record<string, unknown>[] = [];
    const clients: Record<string, unknown>[] = [];
    class S3Client {
      readonly middlewareStack = { add() {} };
      constructor(options: Record<string, unknown>) {
        clients.push(options);
      }
      destroy() {}
    }
    class Upload {
      readonly #given: {
        params: Record<string, unknown> & { Body: AsyncIterable<Buffer> };
        queueSize: number;
      };
      constructor(given: Upload['given']) {
        this.#given = given;
      }
      get given() {
        return this.#given;
      }
      async done() {
        const { params, queueSize } = this.#given;
        const pieces: Buffer[] = [];
        for await (const piece of params.Body) pieces.push(piece);
        uploads.push({ ...params, Body: Buffer.concat(pieces).toString(), queueSize });
      }
    }
    vi.doMock('@aws-sdk/client-s3', () => ({
      S3Client,
      HeadObjectCommand: class {},
      GetObjectCommand: class {},
    }));
    vi.doMock('@aws-sdk/lib-storage', () => ({ Upload }));
    onTestFinished(() => {
      vi.doUnmock('@aws-sdk/client-s3');
      vi.doUnmock('@aws-sdk/lib-storage');
    });
    const { result } = await crawlItems([...BOOKS, { title: 'C', price: 3 }], {
      feeds: { 's3://shop/%(name)s-%(batch_id)d.csv': { batchItemCount: 2 } },
      s3: {
        accessKeyId: 'id',
        secretAccessKey: 'key',
        sessionToken: 'token',
        endpoint: 'https://minio.test:9000',
        region: 'eu-central-1',
        acl: 'private',
        maxConnections: 2,
      },
    });
    expect(result.error).toBeUndefined();
    const [first, second] = uploads;
    const common = { Bucket: 'shop', ACL: 'private', queueSize: 2 };
    expect(first).toEqual({ ...common, Key: 'shop-1.csv', Body: 'title,price\r\nA,1\r\né,2\r\n' });
    expect(second).toEqual({ ...common, Key: 'shop-2.csv', Body: 'title,price\r\nC,3\r\n' });
    expect(clients[0]).toMatchObject({
      endpoint: 'https://minio.test:9000',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' },
    });
  });

  it('are counted and told of by signals', async () => {
    const folder = temporaryFolder();
    const events: string[] = [];
    const broken = (location: string): FeedStorage => ({
      location,
      open: async () => {},
      write: async () => {},
      close: async () => {
        throw new Error('no space');
      },
    });
    const feeds = { [join(folder, 'a.jsonl')]: {}, 'broken://b.jsonl': {} };
    const { stats, result } = await crawlItems(
      BOOKS,
      { feeds, feedStorages: { broken } },
      {
        onCrawler: ({ signals }) => {
          signals.on('feedSlotClosed', ({ items, format }) => void events.push(`slot ${format} ${items}`));
          signals.on('feedClosed', ({ items }) => void events.push(`feed ${items}`));
          signals.on('feedExporterClosed', () => void events.push('all'));
        },
      },
    );
    expect(events).toEqual(['slot jsonl 2', 'feed 2', 'all']);
    expect(stats).toMatchObject({ 'feed/success_count': 1, 'feed/failed_count': 1 });
    expect(result.error?.message).toContain('no space');
  });
});
