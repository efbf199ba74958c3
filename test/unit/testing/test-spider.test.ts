import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Crawler } from '../../../src/crawler/crawler.ts';
import { silentLogger } from '../../../src/logging/silent-logger.ts';
import type { PartialSettings } from '../../../src/settings/settings.ts';
import { Spider } from '../../../src/spider/spider.ts';
import { SavedPageDownloader } from '../../../src/testing/saved-pages.ts';
import { testSpider } from '../../../src/testing/test-spider.ts';
import { named } from '../../../src/values/named.ts';
import type { Response } from '../../../src/values/response.ts';
import { retryLater } from '../../../src/values/retry-later.ts';

const LIST = '<h1>Books</h1><a class=book href=/b/1>One</a><a class=book href=/b/2>Two</a>';
const book = (title: string) => `<h1>${title}</h1>`;

class BooksSpider extends Spider {
  static override settings: PartialSettings = {
    downloadDelayMs: 60_000,
    feeds: { '/nowhere/books.json': { format: 'json' } },
  };
  static override pipelines = [
    named('shout', () => ({
      name: 'shout',
      processItem: (item: Record<string, unknown>) => ({ ...item, title: `${item.title}!` }),
    })),
  ];
  override startUrls = ['https://shop.test/'];
  override allowedDomains = ['shop.test'];

  override *parse(response: Response) {
    yield* response.followAll('a.book', { callback: this.parseBook, cbKwargs: { from: 'list' } });
  }

  *parseBook(response: Response, args: { from?: string } = {}) {
    const title = response.css('h1::text').get();
    if (title === 'Two') throw new TypeError('no price');
    yield { title, from: args.from, lang: this.args.lang };
  }
}

const fileStates = (path: string) =>
  readdirSync(path).map((name) => [name, statSync(join(path, name)).mtimeMs]);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-test-spider-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('testSpider', () => {
  it('gives the requests of one page without following them', async () => {
    const { items, requests, errors, reason } = await testSpider(BooksSpider, { page: LIST });
    expect({ items, errors, reason }).toEqual({ items: [], errors: [], reason: 'finished' });
    expect(requests).toEqual([
      { url: 'https://shop.test/b/1', method: 'GET', callback: 'parseBook', cbKwargs: { from: 'list' } },
      { url: 'https://shop.test/b/2', method: 'GET', callback: 'parseBook', cbKwargs: { from: 'list' } },
    ]);
  });

  it('runs a callback with its arguments', async () => {
    const { items } = await testSpider(BooksSpider, {
      page: book('One'),
      url: 'https://elsewhere.test/b/1',
      callback: 'parseBook',
      cbKwargs: { from: 'test' },
      args: { lang: 'en' },
    });
    expect(items).toEqual([{ title: 'One', from: 'test', lang: 'en' }]);
  });

  it('reads pages from files', async () => {
    const file = join(folder, 'page.html');
    writeFileSync(file, book('One'));
    for (const place of [file, pathToFileURL(file)]) {
      const { items } = await testSpider(BooksSpider, { page: { file: place }, callback: 'parseBook' });
      expect(items).toMatchObject([{ title: 'One' }]);
    }
  });

  it('runs a whole spider the same way each time, at once, and says what failed', async () => {
    const pages = { 'https://shop.test': LIST, 'https://shop.test/b/1': book('One') };
    const run = () => testSpider(BooksSpider, { pages: { ...pages, 'https://shop.test/b/2': book('Two') } });
    const { items, errors, stats } = await run();
    expect(items).toEqual([{ title: 'One', from: 'list', lang: undefined }]);
    expect(errors).toMatchObject([
      { url: 'https://shop.test/b/2', name: 'TypeError', message: expect.stringContaining('no price') },
    ]);
    expect(stats).toMatchObject({ 'page/count': 3, 'item/scraped': 1, 'spider/errors': 1 });
    expect((await run()).stats).toEqual(stats);
  });

  it('asks nobody for a page that is not there', async () => {
    const { errors } = await testSpider(BooksSpider, { pages: { 'https://shop.test/': LIST } });
    expect(errors.map(({ url, code }) => [url, code])).toEqual([
      ['https://shop.test/b/1', 'ERR_CRAWL_NO_SAVED_PAGE'],
      ['https://shop.test/b/2', 'ERR_CRAWL_NO_SAVED_PAGE'],
    ]);
  });

  it('takes answers with a status from a function, and counts those that no callback wants as errors', async () => {
    const { errors } = await testSpider(BooksSpider, { pages: () => ({ status: 503 }) });
    expect(errors).toMatchObject([{ url: 'https://shop.test/', code: 'ERR_CRAWL_HTTP_STATUS' }]);
  });

  it('sends items through pipelines only when asked to', async () => {
    const options = { page: book('One'), callback: 'parseBook' };
    expect((await testSpider(BooksSpider, options)).items).toMatchObject([{ title: 'One' }]);
    expect((await testSpider(BooksSpider, { ...options, pipelines: true })).items).toMatchObject([
      { title: 'One!' },
    ]);
  });

  it('waits for nothing, whatever the spider is set to', async () => {
    class SlowSpider extends Spider {
      static override settings: PartialSettings = {
        autoThrottle: true,
        autoThrottleStartDelayMs: 60_000,
        retryBackoffMs: 60_000,
        hostBackoffMs: 60_000,
      };
      override *parse(response: Response) {
        yield retryLater('not yet');
        yield { url: response.url };
      }
    }
    const { stats } = await testSpider(SlowSpider, { page: LIST });
    expect(stats['retry/count']).toBe(2);
  });

  it('writes nothing that updateSettings() or an add-on asks for', async () => {
    const outputs = (name: string): PartialSettings => ({
      feeds: { [join(folder, `${name}.jsonl`)]: {} },
      jobDir: join(folder, `${name}-job`),
      pipelines: [named(name, () => ({ name, processItem: () => expect.unreachable() }))],
    });
    class WritingSpider extends Spider {
      static override settings: PartialSettings = {
        addons: [{ name: 'uploads', updateSettings: () => outputs('add-on') }],
      };
      static override updateSettings = () => outputs('updated');
      override *parse(response: Response) {
        yield { url: response.url };
      }
    }
    const { items, errors } = await testSpider(WritingSpider, { page: LIST, url: 'https://shop.test/' });
    expect({ items, errors }).toEqual({ items: [{ url: 'https://shop.test/' }], errors: [] });
    expect(readdirSync(folder).filter((name) => /add-on|updated/.test(name))).toEqual([]);
  });

  it('shows nothing of a try that its callback took back', async () => {
    class ShySpider extends Spider {
      #tries = 0;
      override *parse(response: Response) {
        this.#tries += 1;
        yield { tried: this.#tries };
        yield response.follow(`/${this.#tries}`);
        if (this.#tries < 3) yield retryLater('not yet');
      }
    }
    const { items, requests } = await testSpider(ShySpider, { page: LIST });
    expect(items).toEqual([{ tried: 3 }]);
    expect(requests).toMatchObject([{ url: 'https://site.test/3' }]);
  });

  it('shows nothing of a page that fails when it is tried again', async () => {
    const statuses = [200, 500];
    class ShySpider extends Spider {
      override startUrls = ['https://site.test/'];
      override *parse() {
        yield { a: 1 };
        yield retryLater('not yet');
      }
    }
    const { items, errors } = await testSpider(ShySpider, {
      pages: () => ({ status: statuses.shift() ?? 500, body: LIST }),
    });
    expect([items, errors.length]).toEqual([[], 1]);
  });

  it('refuses a callback that the spider does not have, and two sources of pages', async () => {
    const { errors } = await testSpider(BooksSpider, { page: LIST, callback: 'parseBok' });
    expect(errors).toMatchObject([{ code: 'ERR_CRAWL_CALLBACK' }]);
    await expect(testSpider(BooksSpider, { page: LIST, replay: folder })).rejects.toThrow('not both');
    await expect(testSpider(BooksSpider, { replay: join(folder, 'none') })).rejects.toThrow('no replay');
  });

  it('plays a recorded folder and leaves it as it was', async () => {
    const pages = {
      'https://shop.test/': LIST,
      'https://shop.test/b/1': book('One'),
      'https://shop.test/b/2': book('Three'),
    };
    const replay = join(folder, 'recorded');
    await new Crawler(BooksSpider, {
      downloader: new SavedPageDownloader(pages),
      logger: silentLogger,
      settings: {
        httpCache: 'replay',
        httpCacheDir: replay,
        feeds: {},
        obeyRobotsTxt: false,
        downloadDelayMs: 0,
      },
    }).run();
    const before = fileStates(replay);
    const { items, errors } = await testSpider(BooksSpider, { replay });
    expect(errors).toEqual([]);
    expect(items.map(({ title }) => title)).toEqual(['One', 'Three']);
    expect(fileStates(replay)).toEqual(before);
  });
});
