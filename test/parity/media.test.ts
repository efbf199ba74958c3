import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type FileStore,
  files,
  images,
  type MediaStatus,
  type Sharp,
  type SharpImage,
} from '../../pipelines/index.ts';
import {
  type DownloaderMiddleware,
  drop,
  type Factory,
  type ItemPipeline,
  type ItemRecord,
  named,
  Request,
  Spider,
  type SpiderMiddleware,
} from '../../src/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';

/** A folder that lives as long as the test. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-parity-media-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

type Media = ItemRecord & { readonly files?: readonly { path: string; status: MediaStatus; url: string }[] };

/** Crawls a spider that gives these items, through these pipelines. */
async function crawlItems(items: readonly ItemRecord[], ...pipelines: Factory<ItemPipeline>[]) {
  class Shop extends Spider {
    override *start() {
      yield* items;
    }
  }
  const { items: scraped, ...crawled } = await runSpider(Shop, { settings: { pipelines } });
  return { ...crawled, items: scraped as readonly Media[] };
}

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');

/** "Pictures" are JSON of their metadata; each step is written down in the result. */
const fakeSharp: Sharp = (input) => {
  const facts = JSON.parse(Buffer.from(input).toString());
  const steps: string[] = [];
  const step = (name: string): SharpImage => {
    steps.push(name);
    return image;
  };
  const image: SharpImage = {
    metadata: async () => facts,
    stats: async () => undefined,
    rotate: () => step('rotate'),
    flatten: ({ background }) => step(`flatten ${background}`),
    toColourspace: (space) => step(space),
    resize: ({ width, height, fit }) => step(`${fit} ${width}x${height}`),
    jpeg: () => step('jpeg'),
    toBuffer: async () => Buffer.from(JSON.stringify({ ...facts, steps })),
  };
  return image;
};

describe('media pipelines', () => {
  it('download what items name, in order, and leave out what failed', async () => {
    const store = temporaryFolder();
    const { url } = await site({ '/a.pdf': 'A', '/b.pdf': 'B' });
    const fileUrls = [url('/a.pdf'), url('/gone.pdf'), url('/b.pdf')];
    const { items, stats, logger } = await crawlItems([{ title: 'x', fileUrls }], files({ store }));
    const pathOf = (name: string) => `full/${hash('sha1', url(name))}.pdf`;
    const stored = (name: string, text: string) => {
      return { url: url(name), path: pathOf(name), checksum: hash('sha256', text), status: 'downloaded' };
    };
    expect(items).toEqual([{ title: 'x', fileUrls, files: [stored('/a.pdf', 'A'), stored('/b.pdf', 'B')] }]);
    expect(readFileSync(join(store, pathOf('/b.pdf')), 'utf8')).toBe('B');
    expect(stats).toMatchObject({ 'media/failed': 1, 'media/failed/status 404': 1 });
    expect(JSON.stringify(logger.records)).toContain('gone.pdf');
  });

  it('download an address once, through downloader middlewares, while items wait', async () => {
    const { url, paths, arrived } = await site({ '/page': 'x', '/a.pdf': 'A' });
    const passed: string[] = [];
    const token: Factory<DownloaderMiddleware> = named('token', () => ({
      name: 'token',
      processRequest: (_request, { headers }) => void headers.set('X-Token', 't'),
    }));
    const watch: Factory<SpiderMiddleware> = named('watch', () => ({
      name: 'watch',
      processInput: ({ url: page }) => void passed.push(page),
    }));
    class Shop extends Spider {
      override startUrls = [url('/page')];
      override *parse() {
        for (const n of [1, 2, 3]) yield { n, fileUrls: [url('/a.pdf'), url('/a.pdf')] };
      }
    }
    const { items } = await runSpider(Shop, {
      settings: {
        pipelines: [files({ store: temporaryFolder() })],
        downloaderMiddlewares: (list) => list.append(token),
        spiderMiddlewares: (list) => list.append(watch),
      },
    });
    expect(paths).toEqual(['/page', '/a.pdf']);
    expect(arrived[1]?.headers['x-token']).toBe('t');
    expect(passed).toEqual([url('/page')]);
    expect((items as readonly Media[]).map(({ files: stored }) => stored?.length)).toEqual([2, 2, 2]);
  });

  it('ask for a file again after 90 days only, and say how it came', async () => {
    const store = temporaryFolder();
    const conditions: (string | undefined)[] = [];
    const { url } = await site({
      '/a.pdf': ({ headers }) => {
        conditions.push(headers['if-modified-since']);
        return headers['if-modified-since'] === undefined ? 'A' : { status: 304 };
      },
    });
    const status = async (options = {}) => {
      const { items } = await crawlItems([{ fileUrls: [url('/a.pdf')] }], files({ store, ...options }));
      return items[0]?.files?.[0]?.status;
    };
    const age = (days: number) => {
      const [name] = readdirSync(join(store, 'full'));
      const time = Date.now() / 1000 - days * 86_400;
      utimesSync(join(store, 'full', String(name)), time, time);
    };
    expect(await status()).toBe('downloaded');
    age(89);
    expect([await status(), conditions.length]).toEqual(['uptodate', 1]);
    age(91);
    expect([await status(), conditions.length]).toEqual(['uptodate', 2]);
    // The server said that nothing changed: it counts as stored now.
    expect([await status(), conditions.length]).toEqual(['uptodate', 2]);
    expect([await status({ expiresMs: 0 }), conditions.length]).toEqual(['uptodate', 3]);
    class Cached extends Spider {
      override startUrls = [url('/a.pdf')];
      override *parse() {
        yield { fileUrls: this.startUrls };
      }
    }
    const settings = {
      pipelines: [files({ store: temporaryFolder() })],
      httpCache: 'replay',
      httpCacheDir: temporaryFolder(),
    } as const;
    const { items } = await runSpider(Cached, { settings });
    expect(items).toMatchObject([{ files: [{ status: 'cached' }] }]);
  });

  it('are told by options what to ask for, where it goes and what becomes of the item', async () => {
    const { url, arrived } = await site({ '/a.pdf': 'A', '/b.pdf': 'B' });
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    const { items, stats } = await crawlItems(
      [
        { year: 2025, docs: [url('/a.pdf')], others: [url('/b.pdf')] },
        { year: 2026, docs: [url('/gone.pdf')] },
      ],
      files({
        store: first,
        urlsField: 'docs',
        resultField: 'stored',
        checksum: 'md5',
        uniquePaths: false,
        requests: ({ docs }) =>
          (docs as string[]).map((one) => new Request(one, { headers: { 'X-A': '1' } })),
        filePath: (request, _response, { item }) => `${item.year}/${new URL(request.url).pathname}`,
        completed: (item, results) =>
          results.some((one) => 'error' in one) ? drop('no file') : { ...item, stored: results },
      }),
      files({ store: second, urlsField: 'others', resultField: 'more' }),
    );
    expect(items).toMatchObject([
      {
        stored: [{ path: '2025/a.pdf', checksum: hash('md5', 'A') }],
        more: [{ path: `full/${hash('sha1', url('/b.pdf'))}.pdf` }],
      },
    ]);
    expect(arrived.find(({ path }) => path === '/a.pdf')?.headers['x-a']).toBe('1');
    expect(stats['item/dropped/no file']).toBe(1);
    expect(readdirSync(join(first, '2025'))).toEqual(['a.pdf']);
    expect(readdirSync(join(second, 'full'))).toHaveLength(1);
  });

  it('follow redirects only where that is allowed', async () => {
    const { url } = await site({
      '/old.pdf': { status: 302, headers: { Location: '/a.pdf' } },
      '/a.pdf': 'A',
    });
    const crawlWith = async (options: object) => {
      const store = temporaryFolder();
      const { items, stats } = await crawlItems(
        [{ fileUrls: [url('/old.pdf')] }],
        files({ store, ...options }),
      );
      return [items[0]?.files?.length, stats['media/failed/status 302']];
    };
    expect(await crawlWith({})).toEqual([0, 1]);
    expect(await crawlWith({ allowRedirects: true })).toEqual([1, undefined]);
  });

  it('make JPEGs in RGB that lie as they should, with thumbnails, and leave out small ones', async () => {
    const store = temporaryFolder();
    const picture = (facts: object) => JSON.stringify({ width: 100, height: 50, space: 'srgb', ...facts });
    const { url } = await site({
      '/a.png': picture({ format: 'png' }),
      '/b.jpg': picture({ format: 'jpeg', orientation: 6, space: 'cmyk' }),
      '/narrow.jpg': picture({ format: 'jpeg', width: 99 }),
      '/low.jpg': picture({ format: 'jpeg', height: 49 }),
    });
    const imageUrls = ['/a.png', '/b.jpg', '/narrow.jpg', '/low.jpg'].map(url);
    const { items, stats } = await crawlItems(
      [{ imageUrls }],
      images({ store, sharp: fakeSharp, minWidth: 50, minHeight: 50, thumbnails: { small: [50, 60] } }),
      images({
        store: temporaryFolder(),
        sharp: fakeSharp,
        resultField: 'wide',
        minWidth: 100,
        minHeight: 50,
      }),
    );
    const stored = (name: string, folder = 'full') =>
      JSON.parse(readFileSync(join(store, folder, `${hash('sha1', url(name))}.jpg`), 'utf8')).steps;
    const upright = ['rotate', 'flatten #ffffff', 'srgb', 'jpeg'];
    expect([stored('/a.png'), stored('/b.jpg')]).toEqual([upright, upright]);
    expect(stored('/a.png', 'thumbs/small')).toEqual(['inside 50x60', 'jpeg']);
    const addresses = (field: string) =>
      items.flatMap((item) => item[field] as { url: string }[]).map((one) => new URL(one.url).pathname);
    expect(addresses('images')).toEqual(['/a.png', '/b.jpg', '/narrow.jpg']);
    expect(addresses('wide')).toEqual(['/a.png']);
    expect(stats['media/failed/too small']).toBe(4);
  });

  it('keep files in a store of your own', async () => {
    const kept = new Map<string, string>();
    const store: FileStore = {
      stat: async () => undefined,
      async *read() {},
      async create() {
        const pieces: Uint8Array[] = [];
        return {
          write: async (chunk) => void pieces.push(Uint8Array.from(chunk)),
          keep: async (path, { contentType }) =>
            void kept.set(path, `${contentType}: ${Buffer.concat(pieces).toString()}`),
          discard: async () => {},
        };
      },
    };
    const { url } = await site({ '/a.txt': { body: 'A', headers: { 'Content-Type': 'text/plain' } } });
    await crawlItems([{ fileUrls: [url('/a.txt')] }], files({ store }));
    expect([...kept.values()]).toEqual(['text/plain: A']);
  });
});
