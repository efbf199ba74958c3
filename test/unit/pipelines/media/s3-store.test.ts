import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { files, S3Store, type StoredMedia } from '../../../../pipelines/index.ts';
import {
  Crawler,
  OutputError,
  type S3Objects,
  type S3Options,
  SettingsError,
  Spider,
} from '../../../../src/index.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { contextWith } from '../../middlewares/component-context.ts';

/** A storage in memory, with what was asked of it. */
class Bucket implements S3Objects {
  readonly objects = new Map<
    string,
    { bytes: Buffer; type: string | undefined; metadata: Record<string, string> }
  >();
  readonly asked: string[] = [];
  options: S3Options | undefined;
  fault: Error | undefined;

  readonly open = async (options: S3Options): Promise<S3Objects> => {
    this.options = options;
    return this;
  };

  async upload({
    bucket,
    key,
    open,
    contentType,
    metadata = {},
  }: Parameters<S3Objects['upload']>[0]): Promise<void> {
    this.asked.push(`put ${key}`);
    if (this.fault !== undefined) throw this.fault;
    const pieces: Uint8Array[] = [];
    for await (const piece of open()) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    this.objects.set(`${bucket}/${key}`, { bytes, type: contentType, metadata: { ...metadata } });
  }

  async stat(bucket: string, key: string) {
    const found = this.objects.get(`${bucket}/${key}`);
    return found && { bytes: found.bytes.length, storedAtMs: Date.now(), metadata: found.metadata };
  }

  async *read(bucket: string, key: string) {
    this.asked.push(`get ${key}`);
    const found = this.objects.get(`${bucket}/${key}`);
    if (found !== undefined) yield found.bytes;
  }

  close(): void {
    this.asked.push('close');
  }
}

const storedOf = (items: readonly object[]) => (items as { files: StoredMedia[] }[])[0]?.files[0];
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('orbweaver-s3-')).length;

let site = '';
const server = createServer((request, response) => {
  if (request.url === '/') {
    response.setHeader('content-type', 'text/html');
    response.end('<a href="/report.pdf">report</a>');
  } else {
    response.setHeader('content-type', 'application/pdf');
    response.end('x'.repeat(100_000));
  }
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

async function crawlInto(bucket: Bucket) {
  class ReportsSpider extends Spider {
    static override settings = { obeyRobotsTxt: false };
    static override pipelines = [
      files({ store: new S3Store('s3://reports/year/2026', { open: bucket.open }) }),
    ];
    override startUrls = [`${site}/`];
    override *parse(response: Parameters<Spider['parse']>[0]) {
      yield { fileUrls: response.css('a::attr(href)').getAll() };
    }
  }
  const items: Record<string, unknown>[] = [];
  const crawler = new Crawler(ReportsSpider, { logger: new MemoryLogger() });
  crawler.signals.on('itemScraped', ({ item }) => void items.push(item));
  const { reason, error } = await crawler.run();
  return { items, reason, error };
}

describe('S3Store', () => {
  it('has the files of a crawl under its prefix, with their types, and keeps nothing here', async () => {
    const bucket = new Bucket();
    const before = leftovers();
    const { items } = await crawlInto(bucket);
    const stored = storedOf(items);
    const object = bucket.objects.get(`reports/year/2026/${stored?.path}`);
    expect(stored).toMatchObject({
      status: 'downloaded',
      path: expect.stringMatching(/^full\/[0-9a-f]{40}\.pdf$/),
    });
    expect(object).toMatchObject({
      type: 'application/pdf',
      metadata: { checksum: `sha256:${stored?.checksum}` },
    });
    expect(object?.bytes.toString()).toBe('x'.repeat(100_000));
    expect(bucket.asked.at(-1)).toBe('close');
    expect(leftovers()).toBe(before);
  });

  it('knows in a later crawl what is there, without reading it', async () => {
    const bucket = new Bucket();
    const { items: first } = await crawlInto(bucket);
    bucket.asked.length = 0;
    const { items: second } = await crawlInto(bucket);
    expect(second).toEqual([{ ...first[0], files: [{ ...storedOf(first), status: 'uptodate' }] }]);
    expect(bucket.asked).toEqual(['close']);
  });

  it('reads what somebody else has put there', async () => {
    const bucket = new Bucket();
    const { items: first } = await crawlInto(bucket);
    for (const object of bucket.objects.values()) object.metadata = {};
    const { items: second } = await crawlInto(bucket);
    expect(second[0]).toMatchObject({
      files: [{ checksum: storedOf(first)?.checksum }],
    });
    expect(bucket.asked.filter((asked) => asked.startsWith('get'))).toHaveLength(1);
  });

  it('ends the crawl when the storage refuses a file', async () => {
    const bucket = new Bucket();
    const before = leftovers();
    bucket.fault = new Error('AccessDenied');
    const { reason, error, items } = await crawlInto(bucket);
    expect([reason, items]).toEqual(['media_error', []]);
    expect(error).toBeInstanceOf(OutputError);
    expect(String(error)).toMatch(/s3:\/\/reports\/year\/2026\/: AccessDenied/);
    expect(leftovers()).toBe(before);
  });

  it('leaves nothing of what is discarded', async () => {
    const bucket = new Bucket();
    const store = new S3Store('s3://reports', { open: bucket.open, region: 'eu' });
    await store.open();
    const writer = await store.create();
    await writer.write(Buffer.from('half'));
    await writer.discard();
    await store.close();
    expect([bucket.asked, bucket.options]).toEqual([['close'], { region: 'eu' }]);
  });

  it.each(['s3://', 's3:///files', 's3://id:secret@bucket/files'])('refuses %s', (address) => {
    expect(() => new S3Store(address)).toThrow(/is named s3:\/\/bucket\/prefix/);
  });
});

describe('the store of a media pipeline', () => {
  it('is reached as settings.s3 says, where it is an address of S3', async () => {
    const s3 = { endpoint: 'http://127.0.0.1:9' };
    const pipeline = await files({ store: 's3://reports/2026' })(contextWith({ s3 }));
    await expect(pipeline?.open?.()).rejects.toThrow(/has no TLS/);
  });

  it.each(['gs://bucket/files', 'ftp://host/files', 'https://host/files'])(
    'is not the folder %s',
    (store) => {
      expect(() => files({ store })).toThrow(SettingsError);
      expect(() => files({ store })).toThrow(/nothing can store files at/);
    },
  );
});
