import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileStore, type FilesOptions, files } from '../../../pipelines/index.ts';
import type { FetchOptions } from '../../../src/contracts/component.ts';
import type { ItemPipeline } from '../../../src/contracts/item-pipeline.ts';
import { DownloadCancelledError } from '../../../src/errors/download-cancelled-error.ts';
import { OutputError } from '../../../src/errors/output-error.ts';
import { drop, isDrop } from '../../../src/values/drop.ts';
import type { ItemRecord } from '../../../src/values/item.ts';
import { Request } from '../../../src/values/request.ts';
import { Response, type ResponseInit } from '../../../src/values/response.ts';
import { temporaryFolder } from '../feed/temporary-folder.ts';
import { contextWith, made, type TestContext } from '../middlewares/component-context.ts';
import { origin } from './item-origin.ts';

type Site = (request: Request) => ResponseInit | Promise<ResponseInit>;

interface Subject {
  readonly pipeline: ItemPipeline;
  readonly context: TestContext;
  readonly folder: string;
  readonly asked: Request[];
  readonly stopped: string[];
  process(urls: unknown): Promise<ItemRecord>;
}

/** The pipeline over a site that answers through the sink as the downloader does; with `inMemory`, as a cache. */
async function subject(
  site: Site,
  { inMemory = false, ...options }: Partial<FilesOptions> & { inMemory?: boolean } = {},
): Promise<Subject> {
  const folder = temporaryFolder();
  const asked: Request[] = [];
  const stopped: string[] = [];
  const fetch = async (
    request: Request,
    _unit: unknown,
    { bodySink }: FetchOptions = {},
  ): Promise<Response> => {
    asked.push(request);
    const response = new Response(request.url, { request, ...(await site(request)) });
    const head = { url: request.url, status: response.status, headers: response.headers };
    const writer = inMemory ? undefined : bodySink?.begin(head);
    if (writer === undefined) return response;
    try {
      if (response.body.length > 0) await writer.write(response.body);
      await writer.end();
    } catch (error) {
      await writer.abort(error);
      throw error;
    }
    return response.replace({ body: new Uint8Array(), flags: [...response.flags, 'streamed'] });
  };
  const context = contextWith({}, { fetch, stop: (reason) => stopped.push(reason) });
  await context.clock.advance(Date.now() - context.clock.now());
  const pipeline = await made(files({ store: folder, ...options }), context);
  await pipeline.open?.();
  const process = async (fileUrls: unknown): Promise<ItemRecord> => {
    const item = { fileUrls };
    return ((await pipeline.processItem?.(item, origin)) ?? item) as ItemRecord;
  };
  return { pipeline, context, folder, asked, stopped, process };
}

/** Takes everything at once and has nothing. */
const nowhere: FileStore = {
  stat: async () => undefined,
  read: async function* () {},
  create: async () => ({ write: async () => {}, keep: async () => {}, discard: async () => {} }),
};

const sha = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');
const pathOf = (url: string, extension = ''): string => `full/${sha('sha1', url)}${extension}`;
const echo: Site = ({ url }) => ({ body: `file ${url}` });
const A = 'http://a.test/a.pdf';
const B = 'http://a.test/b.pdf';

describe('files', () => {
  it('stores what an item names, in order', async () => {
    const { process, folder } = await subject(echo);
    const item = await process([B, A]);
    expect(item.files).toEqual(
      [B, A].map((url) => ({
        url,
        path: pathOf(url, '.pdf'),
        checksum: sha('sha256', `file ${url}`),
        status: 'downloaded',
      })),
    );
    expect(readFileSync(join(folder, pathOf(A, '.pdf')), 'utf8')).toBe(`file ${A}`);
  });

  it('leaves items alone that name nothing, and takes one address for a list', async () => {
    const { process } = await subject(echo);
    expect(await process(undefined)).not.toHaveProperty('files');
    expect((await process([])).files).toEqual([]);
    expect((await process(A)).files).toHaveLength(1);
  });

  it('keeps fields of any name, and the class of an item', async () => {
    class Book {
      readonly fileUrls: readonly string[] = [];
    }
    const { pipeline } = await subject(echo);
    const book = await pipeline.processItem?.(new Book() as unknown as ItemRecord, origin);
    expect(book).toBeInstanceOf(Book);
    const named = JSON.parse('{"fileUrls": [], "__proto__": {"polluted": 1}, "constructor": 2}');
    const item = (await pipeline.processItem?.(named, origin)) as ItemRecord;
    expect(JSON.stringify(item)).toBe(
      '{"fileUrls":[],"__proto__":{"polluted":1},"constructor":2,"files":[]}',
    );
    expect(item.polluted).toBeUndefined();
  });

  it('names the address that each item gave, in results of its own', async () => {
    const { process, asked } = await subject(echo);
    const [first, second] = ['x=1&y=2', 'y=2&x=1'].map((query) => `http://a.test/a.pdf?${query}`);
    const items = await Promise.all([process(first), process(second)]);
    expect(items.map((item) => item.files)).toMatchObject([[{ url: first }], [{ url: second }]]);
    expect(asked).toHaveLength(1);
    for (const item of items) Object.assign((item.files as object[])[0] ?? {}, { path: 'changed' });
    expect((await process(first)).files).toMatchObject([{ path: pathOf(first ?? '', '.pdf') }]);
  });

  it('leaves out, counts and logs what cannot be had', async () => {
    const { process, context } = await subject(({ url }) => {
      if (url.endsWith('lost')) throw new TypeError('lost');
      return url.endsWith('gone') ? { status: 404, body: 'gone' } : { body: url.endsWith('void') ? '' : 'x' };
    });
    const item = await process(
      [
        'gone',
        'void',
        'lost',
        'a.pdf',
        'file:///etc/passwd',
        7,
        ' ',
        { toString: 1 },
        Object.create(null),
      ].map((one) => (typeof one === 'string' && /^[a-z.]+$/.test(one) ? `http://a.test/${one}` : one)),
    );
    expect(item.files).toMatchObject([{ url: A }]);
    for (const [reason, count] of [
      ['status 404', 1],
      ['empty', 1],
      ['TypeError', 1],
      ['no address', 5],
    ] as const)
      expect(context.stats.get(`media/failed/${reason}`)).toBe(count);
    expect(context.stats.get('media/failed')).toBe(8);
    expect(context.logger.messages('warn')).toHaveLength(8);
  });

  it('downloads an address once, however many items ask at once', async () => {
    const { process, asked } = await subject(echo);
    const items = await Promise.all([process([A]), process([A, A]), process([A])]);
    expect(asked).toHaveLength(1);
    expect(items.flatMap((item) => item.files)).toHaveLength(4);
  });

  it('works on a bounded number of files at once, and on all in the end', async () => {
    let active = 0;
    let most = 0;
    const busy: Site = async () => {
      most = Math.max(most, ++active);
      await new Promise(setImmediate);
      active -= 1;
      return { body: 'x' };
    };
    const many = Array.from({ length: 40 }, (_, at) => `http://a.test/${at}`);
    const { process } = await subject(busy, { store: nowhere, concurrency: 3 });
    const items = await Promise.all([process(many.slice(0, 20)), process(many.slice(20))]);
    expect(items.flatMap((item) => item.files)).toHaveLength(40);
    expect(most).toBe(3);
    most = 0;
    await (await subject(busy, { store: nowhere })).process(many);
    expect(most).toBe(16);
  });

  it('begins nothing that waited once the page was given up', async () => {
    const controller = new AbortController();
    const { pipeline, asked } = await subject(
      () => {
        controller.abort();
        return { body: 'x' };
      },
      { concurrency: 1 },
    );
    await pipeline.processItem?.({ fileUrls: [A, B] }, { ...origin, signal: controller.signal });
    expect(asked.map(({ url }) => url)).toEqual([A]);
  });

  it('begins nothing more once nothing can be stored', async () => {
    const full = new OutputError('disk', 'no space left');
    const store: FileStore = { ...nowhere, create: () => Promise.reject(full) };
    const { process, asked } = await subject(echo, { store, concurrency: 1 });
    await process([A, B]);
    expect(asked).toHaveLength(1);
  });

  it('refuses a concurrency that lets nothing through', () => {
    expect(() => files({ store: 'x', concurrency: 0 })).toThrow('concurrency is 0');
  });

  it('asks again for an item when the page that asked first was given up', async () => {
    let count = 0;
    const { process, asked } = await subject(({ url }) => {
      if (count++ === 0) throw new DownloadCancelledError(url, 'given up');
      return { body: 'x' };
    });
    const [first, second] = await Promise.all([process([A]), process([A])]);
    expect([first?.files, second?.files]).toMatchObject([[], [{ url: A }]]);
    expect(asked).toHaveLength(2);
  });

  it('does not ask for what is there, until it is old', async () => {
    const first = await subject(echo);
    await first.process([A]);
    const again = await subject(echo, { store: first.folder });
    expect((await again.process([A])).files).toMatchObject([
      { status: 'uptodate', checksum: sha('sha256', `file ${A}`), path: pathOf(A, '.pdf') },
    ]);
    expect(again.asked).toEqual([]);
    const late = await subject(echo, { store: first.folder });
    await late.context.clock.advance(91 * 24 * 60 * 60 * 1000);
    expect((await late.process([A])).files).toMatchObject([{ status: 'downloaded' }]);
  });

  it('finds a file again whose extension came of its type', async () => {
    const url = 'http://a.test/download?id=7';
    const typed: Site = () => ({ body: 'x', headers: { 'Content-Type': 'application/pdf; x=y' } });
    const first = await subject(typed);
    expect((await first.process([url])).files).toMatchObject([{ path: pathOf(url, '.pdf') }]);
    const again = await subject(typed, { store: first.folder });
    expect((await again.process([url])).files).toMatchObject([{ status: 'uptodate' }]);
  });

  it('asks an old file only for changes, and dates it anew where there is none', async () => {
    const first = await subject(echo);
    await first.process([A]);
    const path = join(first.folder, pathOf(A, '.pdf'));
    utimesSync(path, 0, 1_000_000_000);
    const again = await subject(() => ({ status: 304 }), { store: first.folder });
    expect((await again.process([A])).files).toMatchObject([{ status: 'uptodate' }]);
    expect(again.asked[0]?.headers.get('if-modified-since')).toBe('Sun, 09 Sep 2001 01:46:40 GMT');
    await (await subject(echo, { store: first.folder })).process([A]);
    const third = await subject(echo, { store: first.folder });
    await third.process([A]);
    expect(third.asked).toEqual([]);
  });

  it('stores a body that comes from a cache, and says so', async () => {
    const { process } = await subject(() => ({ body: 'x', flags: ['cached'] }), { inMemory: true });
    expect((await process([A])).files).toMatchObject([{ status: 'cached', checksum: sha('sha256', 'x') }]);
  });

  it('asks with its own limits, and follows redirects only where told', async () => {
    const { process, asked } = await subject(echo, { maxBytes: 5, timeoutMs: 7 });
    await process([A]);
    expect(asked[0]?.meta).toMatchObject({ dontRedirect: true, maxBodyBytes: 5, downloadTimeoutMs: 7 });
    const following = await subject(echo, { allowRedirects: true });
    await following.process([A]);
    expect(following.asked[0]?.meta.dontRedirect).toBe(false);
  });

  it('names files as told, but never outside of its folder, and each its own', async () => {
    const { process, folder } = await subject(echo, { filePath: () => '../../same name.pdf' });
    const { files: stored } = (await process([A, B])) as { files: { path: string; url: string }[] };
    for (const { path, url } of stored) {
      expect(path).toMatch(/^same-name-[0-9a-f]{12}\.pdf$/);
      expect(readFileSync(join(folder, path), 'utf8')).toBe(`file ${url}`);
    }
    expect(new Set(stored.map(({ path }) => path)).size).toBe(2);
  });

  it('keeps names apart that differ in case alone, and those of a crawl before', async () => {
    const filePath: FilesOptions['filePath'] = ({ url }) => (url === A ? 'Name' : 'name');
    const first = await subject(echo, { filePath });
    const { files: stored } = (await first.process([A, B])) as { files: { path: string }[] };
    expect(new Set(stored.map(({ path }) => path.toLowerCase())).size).toBe(2);
    const again = await subject(echo, { filePath, store: first.folder });
    expect((await again.process([B, A])).files).toMatchObject([
      { status: 'uptodate', checksum: sha('sha256', `file ${B}`) },
      { status: 'uptodate', checksum: sha('sha256', `file ${A}`) },
    ]);
  });

  it('lets the last file of a name win where asked', async () => {
    const { process, folder } = await subject(echo, { filePath: () => 'same.pdf', uniquePaths: false });
    await process(A);
    await process(B);
    expect(readdirSync(folder)).toEqual(['same.pdf']);
  });

  it('keeps the answers to different bodies apart', async () => {
    const { process, folder } = await subject(({ body }) => ({ body: `for ${Buffer.from(body ?? [])}` }), {
      requests: () => ['a', 'b'].map((body) => new Request(A, { method: 'POST', body })),
    });
    const { files: stored } = (await process(undefined)) as { files: { path: string }[] };
    const texts = stored.map(({ path }) => readFileSync(join(folder, path), 'utf8'));
    expect(texts).toEqual(['for a', 'for b']);
  });

  it.each([
    () => {
      throw new Error('no name');
    },
    () => undefined as unknown as string,
    () => 'a/'.repeat(1000),
  ])('fails only the file that gets no path: %#', async (bad) => {
    const { process, context, pipeline, stopped, folder } = await subject(echo, {
      filePath: ({ url }) => (url === A ? bad() : 'good'),
    });
    expect((await process([A, B])).files).toMatchObject([{ url: B }]);
    expect(context.stats.get('media/failed/bad path')).toBe(1);
    expect(stopped).toEqual([]);
    expect(() => pipeline.commit?.([])).not.toThrow();
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('goes on where one path cannot be written', async () => {
    const { process, context, stopped } = await subject(echo, {
      uniquePaths: false,
      filePath: ({ url }) => (url === A ? 'a' : 'a/b'),
    });
    expect((await process(A)).files).toHaveLength(1);
    expect((await process(B)).files).toEqual([]);
    expect(context.stats.get('media/failed/bad path')).toBe(1);
    expect(stopped).toEqual([]);
  });

  it('downloads a stored file again that a power cut left empty', async () => {
    const first = await subject(echo);
    await first.process(A);
    writeFileSync(join(first.folder, pathOf(A, '.pdf')), '');
    const again = await subject(echo, { store: first.folder });
    expect((await again.process(A)).files).toMatchObject([{ status: 'downloaded' }]);
  });

  it('takes fields, checksums and hooks of one’s own', async () => {
    const { pipeline } = await subject(echo, {
      urlsField: 'documents',
      resultField: 'stored',
      checksum: 'md5',
    });
    const item = await pipeline.processItem?.({ documents: [A] }, origin);
    expect(item).toMatchObject({ stored: [{ checksum: sha('md5', `file ${A}`) }] });
    const hooked = await subject(echo, {
      requests: () => [new Request(A, { headers: { Referer: 'http://a.test/' } })],
      completed: (_item, results) => (results.length === 1 ? drop('enough') : {}),
    });
    expect(isDrop(await hooked.process(undefined))).toBe(true);
    expect(hooked.asked[0]?.headers.get('referer')).toBe('http://a.test/');
  });

  it('ends the crawl without committing the page when nothing can be stored', async () => {
    const full = new OutputError('disk', 'no space left');
    const store: FileStore = { ...nowhere, create: () => Promise.reject(full) };
    const { process, pipeline, stopped } = await subject(echo, { store });
    await process([A]);
    expect(stopped).toEqual(['media_error']);
    expect(() => pipeline.commit?.([])).toThrow(full);
  });

  it('leaves no part of a failed download behind', async () => {
    const { process, folder } = await subject(echo, {
      filePath: (_request, response) => {
        if (response !== undefined) throw new Error('no name');
        return 'a';
      },
    });
    expect((await process([A])).files).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses to be made without a store', () => {
    expect(() => files({ store: '' })).toThrow('store is missing');
  });
});
