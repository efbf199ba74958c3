import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import {
  Crawler,
  type CrawlResult,
  type Exporter,
  type FeedStorage,
  type ItemPipeline,
  type ItemRecord,
  type PartialSettings,
  Spider,
} from '../../src/index.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';
import { crawl as run } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'orbweaver-feed-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class ShopSpider extends Spider {
  readonly shelf = 'new/books';

  override *start(): Iterable<ItemRecord> {
    yield { type: 'book', title: 'A', at: new Date(0) };
    yield { type: 'author', name: 'B' };
    yield { type: 'book', title: 'C' };
  }
}

async function crawl(settings: PartialSettings): Promise<CrawlResult> {
  return await new Crawler(ShopSpider, { settings: { logLevel: 'silent', ...settings } }).run();
}

describe('outputs of a crawl', () => {
  it('take the items of their type, under names of the spider', async () => {
    const { feeds } = await crawl({
      feeds: {
        [join(folder, '%(shelf)s-book.jsonl')]: { itemTypes: ['book'] },
        [join(folder, 'author.csv')]: {
          itemFilter: { type: 'author' },
          fields: { name: 'Name' },
          quoteAll: true,
        },
        [join(folder, 'all.jsonl.br')]: {},
      },
    });
    const texts = readdirSync(folder).sort();
    expect(texts).toEqual(['all.jsonl.br', 'author.csv', 'new-books-book.jsonl']);
    expect(readFileSync(join(folder, 'author.csv'), 'utf8')).toBe('"Name"\r\n"B"\r\n');
    const books = readFileSync(join(folder, 'new-books-book.jsonl'), 'utf8');
    expect(books).toContain('"at":"1970-01-01T00:00:00.000Z"');
    const all = brotliDecompressSync(readFileSync(join(folder, 'all.jsonl.br'))).toString();
    expect([all.split('\n').length, feeds.map(({ items }) => items)]).toEqual([4, [2, 1, 3]]);
  });

  it('are not all that may keep items: a pipeline that commits does', async () => {
    const keeps = async (...pipelines: ItemPipeline[]): Promise<boolean> => {
      const list = pipelines.map((one) => () => one);
      const crawler = new Crawler(ShopSpider, { settings: { logLevel: 'silent', pipelines: list } });
      await crawler.run();
      return crawler.keepsItems;
    };
    expect(await keeps({ name: 'check', processItem: (item) => item })).toBe(false);
    expect(await keeps({ name: 'table', commit: () => {} })).toBe(true);
    expect(await keeps({ name: 'count', commit: () => {}, keepsItems: false })).toBe(false);
  });

  it('use formats and storages of the settings', async () => {
    const written: string[] = [];
    const storage = (location: string): FeedStorage => ({
      location,
      open: async () => {},
      write: async (chunk) => void written.push(Buffer.from(chunk).toString()),
      close: async () => {},
    });
    const counting = (): Exporter => ({
      format: 'count',
      start: () => '',
      encode: (items) => `${items.length} `,
      end: () => 'end',
    });
    const { error } = await crawl({
      feeds: { 'mem://a': { format: 'count' } },
      feedExporters: { count: counting },
      feedStorages: { mem: storage },
    });
    expect([error, written.join('')]).toEqual([undefined, '3 end']);
  });

  it('refuse parts that lack a method, before the crawl', async () => {
    const feeds = { 'mem://a.jsonl': {} };
    await expect(crawl({ feeds, feedStorages: { mem: () => ({ open() {} }) } })).rejects.toThrow(
      'the storage of mem: has no method write()',
    );
  });

  it('are refused at a storage where something is, each run of a job writing its own anew', async () => {
    const written: string[] = [];
    let isThere = true;
    const storage = (location: string): FeedStorage => ({
      location,
      exists: async () => isThere || written.length > 0,
      open: async () => {},
      write: async (chunk) => void written.push(Buffer.from(chunk).toString()),
      close: async () => {},
    });
    const settings: PartialSettings = {
      feeds: { 'mem://a.jsonl': { ifExists: 'refuse', itemTypes: ['author'] } },
      feedStorages: { mem: storage },
    };
    const jobDir = join(folder, 'job-refuse');
    const problem = 'mem://a.jsonl: it is there already; overwrite it with -O, or choose another name';
    for (const more of [{}, { jobDir }])
      expect((await crawl({ ...settings, ...more })).error?.message).toBe(problem);
    expect(written).toEqual([]);
    isThere = false;
    expect((await crawl({ ...settings, jobDir, maxItems: 2 })).error).toBeUndefined();
    expect((await crawl({ ...settings, jobDir })).error).toBeUndefined();
    expect(written).toEqual(['{"type":"author","name":"B"}\n', '{"type":"author","name":"B"}\n']);
  });

  it('cannot be refused at a storage that cannot tell', async () => {
    const none = { open: async () => {}, write: async () => {}, close: async () => {} };
    const feedStorages = { mem: (location: string): FeedStorage => ({ location, ...none }) };
    await expect(crawl({ feeds: { 'mem://a.jsonl': { ifExists: 'refuse' } }, feedStorages })).rejects.toThrow(
      /^feed mem:\/\/a\.jsonl: its storage cannot tell whether something is there/,
    );
  });

  it('go to s3: without TLS only where that is allowed, with a warning', async () => {
    const feeds = { 's3://bucket/a.jsonl': {} };
    const s3 = { endpoint: 'http://127.0.0.1:9000' };
    await expect(crawl({ feeds, s3 })).rejects.toThrow(/has no TLS.*s3\.allowInsecure/);
    const logger = new MemoryLogger();
    const settings: PartialSettings = { feeds, s3: { ...s3, allowInsecure: true } };
    await new Crawler(ShopSpider, { settings, logger }).run();
    expect(logger.messages('warn')).toContain('s3.allowInsecure: keys and content travel without TLS');
  });

  it('say what s3: needs, before the crawl', async () => {
    const settings = {
      feeds: { 's3://bucket/a.jsonl': {} },
      s3: { accessKeyId: 'a', secretAccessKey: 'hidden-key' },
    };
    for (const more of [{}, { jobDir: join(folder, 'job') }]) {
      const { error } = await crawl({ ...settings, ...more });
      expect(error?.message).toMatch(/npm install @aws-sdk\/client-s3 @aws-sdk\/lib-storage/);
    }
    expect(readFileSync(join(folder, 'job', 'job.json'), 'utf8')).not.toContain('hidden-key');
  });

  it.each([
    ['a crawl', undefined],
    ['a job', 'job-refused'],
  ])('stay as they are where another one of %s cannot be opened', async (_what, job) => {
    const at = mkdtempSync(join(folder, 'kept-'));
    const old = ['a.jsonl', 'b.json', 'c.csv', 'd.xml', 'e.jsonl.gz', 'f.csv', 'g-1.jsonl'];
    for (const name of old) writeFileSync(join(at, name), `old ${name}`);
    const storage = (): FeedStorage => ({
      location: 'shut:',
      check: () => Promise.reject(new Error('shut')),
      open: () => Promise.reject(new Error('shut')),
      write: () => Promise.resolve(),
      close: () => Promise.resolve(),
    });
    const overwrite = { ifExists: 'overwrite' } as const;
    const feeds = {
      ...Object.fromEntries(old.slice(0, -1).map((name) => [join(at, name), overwrite])),
      [join(at, 'f.csv')]: { ...overwrite, fields: ['title'] },
      [join(at, 'g-%(batch_id)d.jsonl')]: { ...overwrite, batchItemCount: 2 },
    };
    const jobDir = job === undefined ? {} : { jobDir: join(at, job) };
    const shut = { ...feeds, 'shut://x.jsonl': {}, [join(at, 'new.jsonl')]: overwrite };
    const { reason, error } = await crawl({ feeds: shut, feedStorages: { shut: storage }, ...jobDir });
    expect(reason).toBe('output_error');
    expect(error?.message).toContain('shut');
    for (const name of old) expect(readFileSync(join(at, name), 'utf8')).toBe(`old ${name}`);
    const { feeds: written } = await crawl({ feeds, ...(job && { jobDir: join(at, 'other') }) });
    expect(written.map(({ items }) => items)).toEqual(written.map(() => 3));
    for (const name of old) expect(readFileSync(join(at, name), 'latin1')).not.toContain('old');
  });

  it('end with what a filter did wrong', async () => {
    const itemFilter = (): boolean => {
      throw new Error('no title');
    };
    const { error, reason } = await crawl({ feeds: { [join(folder, 'x.jsonl')]: { itemFilter } } });
    expect(reason).toBe('output_error');
    expect(error?.message).toMatch(/x\.jsonl: its itemFilter failed on an item: no title/);
  });
});

describe('the command', () => {
  it('cuts an output into batches under a name of an argument, in a job too', {
    timeout: 60_000,
  }, async () => {
    const cwd = mkdtempSync(join(folder, 'cli-'));
    writeFileSync(
      join(cwd, 'pages.mjs'),
      `import { Spider } from 'orbweaver';
export default class extends Spider { *start() { for (let n = 0; n < 5; n++) yield { n }; } }
`,
    );
    const feeds = { 'out/%(name)s-%(shelf)s-%(batch_id)02d.jsonl': { batchItemCount: 2 } };
    const words = ['./pages.mjs', '-a', 'shelf=../x', '-s', `feeds=${JSON.stringify(feeds)}`];
    for (const more of [
      ['-s', 'statsDump=true'],
      ['--job', 'job'],
    ]) {
      const { code, stderr } = await run([...words, ...more], { cwd });
      expect([code, stderr]).toEqual([0, expect.stringContaining('"items":5,"bytes":40,"batches":3')]);
      const files = readdirSync(join(cwd, 'out')).sort();
      expect(files).toEqual(['01', '02', '03'].map((id) => `pages-_-x-${id}.jsonl`));
      expect(readFileSync(join(cwd, 'out', files[2] ?? ''), 'utf8')).toBe('{"n":4}\n');
      rmSync(join(cwd, 'out'), { recursive: true });
    }
  });
});
