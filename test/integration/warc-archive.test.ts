import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Indexer, WARCParser, type WARCRecord } from 'warcio';
import {
  Crawler,
  type CrawlResult,
  type ItemRecord,
  type PartialSettings,
  Request,
  type Response,
  Spider,
} from '../../src/index.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';
import { type RawServer, rawServer } from '../support/raw-server.ts';
import { temporaryFolder } from '../unit/feed/temporary-folder.ts';

const page = (title: string, links = ''): string => `<title>${title}</title>${links}`;
const same = page('the same on two addresses'.padEnd(3000, '.'));
const packed = gzipSync(page('packed'));
const answers: Readonly<Record<string, (method: string, body: string) => string | Buffer>> = {
  '/robots.txt': () => plain('User-agent: *\nAllow: /\n', 'text/plain'),
  '/': () =>
    chunked(
      page('front', ['packed', 'a', 'b', 'moved', 'gone'].map((to) => `<a href="/${to}">x</a>`).join('')),
    ),
  '/packed': () =>
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 200 Fine\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`,
      ),
      packed,
    ]),
  '/a': () => plain(same),
  '/b': () => plain(same),
  '/moved': () => 'HTTP/1.1 302 Found\r\nLocation: /target\r\nSet-Cookie: id=7\r\nContent-Length: 0\r\n\r\n',
  '/target': () => plain(page('target')),
  '/gone': () => 'HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone',
  '/form': (method, body) => plain(page(`${method} ${body}`)),
};

function plain(body: string, type = 'text/html'): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function chunked(body: string): string {
  const chunks = [body.slice(0, 20), body.slice(20)].map((one) => `${one.length.toString(16)}\r\n${one}\r\n`);
  return `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`;
}

let server: RawServer;
let origin = '';
let file = '';

class SiteSpider extends Spider {
  override *start(): Iterable<Request> {
    yield new Request(`${origin}/`, { headers: { Authorization: 'Bearer s3cret', Cookie: 'sid=s3cret' } });
    yield new Request(`${origin}/form`, { formData: { q: 'one' } });
    yield new Request(`${origin}/form`, { formData: { q: 'two' } });
  }

  override *parse(response: Response): Iterable<ItemRecord | Request> {
    yield { url: response.url.slice(origin.length), title: response.css('title::text').get()?.slice(0, 20) };
    yield* response.followAll('a');
  }
}

beforeEach(async () => {
  server = await rawServer((socket, { target, method, body }) =>
    socket.write(answers[target]?.(method, body) ?? plain('')),
  );
  origin = server.origin;
  file = join(temporaryFolder(), 'pages.warc.gz');
});

afterEach(() => server.close());

async function run(settings: PartialSettings): Promise<CrawlResult & { collected: unknown[] }> {
  const collected: unknown[] = [];
  const crawler = new Crawler(SiteSpider, {
    logger: new MemoryLogger(),
    settings: { retryBackoffMs: 1, retryTimes: 1, closeTimeoutMs: 2000, ...settings },
  });
  crawler.signals.on('itemScraped', ({ item }) => {
    collected.push(item);
  });
  const result = await crawler.run();
  return { ...result, collected: collected.map((item) => JSON.stringify(item)).sort() };
}

/** Records as an independent reader sees them, contents as they stand in the file. */
async function readWith(parseHttp: boolean, path = file): Promise<{ record: WARCRecord; content: Buffer }[]> {
  const records = [];
  for await (const record of WARCParser.iterRecords([readFileSync(path)], { parseHttp })) {
    records.push({ record, content: Buffer.from(await record.readFully(parseHttp)) });
  }
  return records;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function sha1(bytes: Uint8Array): string {
  const bits = Array.from(createHash('sha1').update(bytes).digest(), (byte) =>
    byte.toString(2).padStart(8, '0'),
  );
  return bits
    .join('')
    .replaceAll(/.{5}/g, (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)] ?? '');
}

describe('an archive', () => {
  it('holds every exchange, redirects, errors and robots.txt too, behind a warcinfo record', async () => {
    await run({ warcFile: file });
    const records = await readWith(false);
    const urls = records.flatMap(({ record }) =>
      record.warcType === 'response' || record.warcType === 'revisit'
        ? [record.warcTargetURI?.slice(origin.length)]
        : [],
    );
    expect(records[0]?.record.warcType).toBe('warcinfo');
    expect(urls.sort()).toEqual([
      '/',
      '/a',
      '/b',
      '/form',
      '/form',
      '/gone',
      '/moved',
      '/packed',
      '/robots.txt',
      '/target',
    ]);
    expect(records.filter(({ record }) => record.warcType === 'request')).toHaveLength(urls.length);
  });

  it('says the block digest, the version and the lengths that an independent reader finds', async () => {
    await run({ warcFile: file, warcMetadata: true });
    for (const { record, content } of await readWith(false)) {
      expect(record.warcHeaders.statusline).toBe('WARC/1.1');
      expect(record.warcHeader('WARC-Record-ID')).toMatch(/^<urn:uuid:[0-9a-f-]{36}>$/);
      expect(record.warcDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(record.warcContentLength).toBe(content.length);
      expect(record.warcBlockDigest).toBe(`sha1:${sha1(content)}`);
    }
  });

  it('keeps bodies as they were sent, with a digest of them', async () => {
    await run({ warcFile: file });
    const responses = (await readWith(false)).filter(({ record }) => record.warcType === 'response');
    for (const { record, content } of responses) {
      const body = content.subarray(content.indexOf('\r\n\r\n') + 4);
      expect(record.warcPayloadDigest).toBe(`sha1:${sha1(body)}`);
      expect(record.warcHeader('WARC-IP-Address')).toBe('127.0.0.1');
    }
    const of = (path: string) =>
      responses.find(({ record }) => record.warcTargetURI === origin + path)?.content;
    expect(of('/packed')?.subarray(-packed.length)).toEqual(packed);
    expect(of('/packed')?.toString('latin1')).toMatch(/^HTTP\/1\.1 200 Fine\r\n/);
    expect(of('/')?.toString()).toContain('X-Archive-Orig-Transfer-Encoding: chunked\r\nContent-Length: ');
    expect((await readWith(true)).map(({ content }) => content.toString())).toContain(page('packed'));
  });

  it('names the question of an answer and the other way round', async () => {
    await run({ warcFile: file });
    const records = (await readWith(false)).map(({ record }) => record);
    const pairs = records
      .filter(({ warcType }) => warcType === 'request')
      .map((question) => {
        const answer = records.find(
          (one) => one.warcHeader('WARC-Record-ID') === question.warcHeader('WARC-Concurrent-To'),
        );
        return answer?.warcHeader('WARC-Concurrent-To') === question.warcHeader('WARC-Record-ID');
      });
    expect(new Set(pairs)).toEqual(new Set([true]));
  });

  it('packs each record as a gzip member of its own', async () => {
    await run({ warcFile: file });
    const bytes = readFileSync(file);
    const indexer = new Indexer({ fields: ['offset', 'length'] });
    let end = 0;
    for await (const { offset, length } of indexer.iterIndex([{ filename: file, reader: pieces(bytes) }])) {
      const member = gunzipSync(bytes.subarray(Number(offset), Number(offset) + Number(length)));
      expect(member.toString('latin1')).toMatch(/^WARC\/1\.1\r\n[\s\S]*\r\n\r\n$/);
      expect(Number(offset)).toBe(end);
      end += Number(length);
    }
    expect(end).toBe(bytes.length);
  });

  it('stores a payload once and refers to it afterwards', async () => {
    await run({ warcFile: file, concurrentRequestsPerHost: 1 });
    const records = (await readWith(false)).map(({ record }) => record);
    const revisits = records.filter(({ warcType }) => warcType === 'revisit');
    const original = records.find(
      (one) => one.warcHeader('WARC-Record-ID') === revisits[0]?.warcHeader('WARC-Refers-To'),
    );
    expect(revisits).toHaveLength(1);
    expect(revisits[0]?.warcHeader('WARC-Profile')).toBe(
      'http://netpreserve.org/warc/1.1/revisit/identical-payload-digest',
    );
    expect(original?.warcPayloadDigest).toBe(revisits[0]?.warcPayloadDigest);
    expect(original?.warcTargetURI).toBe(revisits[0]?.warcRefersToTargetURI);
    expect(original?.warcDate).toBe(revisits[0]?.warcRefersToDate);
  });

  it('masks secrets of requests unless told to keep them', async () => {
    const plainFile = file.replace(/\.gz$/, '');
    await run({ warcFile: plainFile });
    expect(readFileSync(plainFile, 'latin1')).not.toContain('s3cret');
    expect(readFileSync(plainFile, 'latin1')).toMatch(/Authorization: \*\*\*\r\n/);
    await run({ warcFile: plainFile, warcIfExists: 'overwrite', warcKeepSecrets: true });
    expect(readFileSync(plainFile, 'latin1')).toContain('Authorization: Bearer s3cret');
  });

  it('is for the eyes of its owner', async () => {
    await run({ warcFile: file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('tells its records and size in the result', async () => {
    const { feeds } = await run({ warcFile: file });
    expect(feeds).toEqual([{ uri: file, format: 'warc', items: 21, bytes: statSync(file).size }]);
  });

  it.each([
    ['disconnect', 'half', {}],
    ['length', '', { maxBodyBytes: 100 }],
    ['time', 'half', { silenceTimeoutMs: 50 }],
  ])('says why a body is not whole: %s', async (reason, had, settings) => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf';
    await server.close();
    server = await rawServer((socket, { target }) => {
      socket.write(target === '/' ? answer : plain(''));
      if (target === '/' && reason === 'disconnect') socket.end();
    });
    origin = server.origin;
    await run({ warcFile: file, retryTimes: 0, ...settings });
    const found = (await readWith(false)).filter(({ record }) => record.warcHeader('WARC-Truncated'));
    expect(found.map(({ record }) => record.warcHeader('WARC-Truncated'))).toEqual([reason]);
    expect(found[0]?.content.toString().split('\r\n\r\n')[1]).toBe(had);
  });

  it.runIf(existsSync('/dev/full'))('ends the crawl with an error when the disk is full', async () => {
    const full = join(temporaryFolder(), 'full.warc');
    symlinkSync('/dev/full', full);
    const { error, pages } = await run({ warcFile: full });
    expect(error?.message).toContain('the disk is full');
    expect(pages).toBe(0);
  });

  it('goes on behind the last whole record of a file', async () => {
    await run({ warcFile: file });
    const before = (await readWith(false)).length;
    truncateSync(file, statSync(file).size - 5);
    const { stats } = await run({ warcFile: file });
    const records = (await readWith(false)).map(({ record }) => record);
    expect(records.length).toBe(before * 2 - 1);
    expect(stats['warc/revisits']).toBeGreaterThan(5);
    expect(records.filter(({ warcType }) => warcType === 'warcinfo')).toHaveLength(2);
  });

  const infos = async (): Promise<number> =>
    (await readWith(false)).filter(({ record }) => record.warcType === 'warcinfo').length;

  it('of a job goes on in its next run, -O or not', async () => {
    const settings = {
      warcFile: file,
      warcIfExists: 'overwrite',
      jobDir: join(temporaryFolder(), 'job'),
    } as const;
    await run({ ...settings, maxPages: 1 });
    await run(settings);
    expect(await infos()).toBe(2);
  });

  it('takes the place of an old one by -O also where the first run of its job could not begin', async () => {
    await run({ warcFile: file });
    const settings = {
      warcFile: file,
      warcIfExists: 'overwrite',
      jobDir: join(temporaryFolder(), 'job'),
    } as const;
    const locked = () => ({
      name: 'locked',
      open: () => {
        throw new Error('locked');
      },
    });
    expect((await run({ ...settings, pipelines: [locked] })).error?.message).toContain('locked');
    await run(settings);
    expect(await infos()).toBe(1);
  });

  it('is not appended to by a job that names it in a later run, unless asked to', async () => {
    const settings = { jobDir: join(temporaryFolder(), 'job') };
    await run({ warcFile: file });
    await run({ ...settings, maxPages: 1 });
    const { error } = await run({ ...settings, warcFile: file, warcIfExists: 'refuse' });
    expect(error?.message).toContain('the file exists');
    expect(await infos()).toBe(1);
  });

  it('refuses to be appended to something else, and to overwrite what it is replayed from', async () => {
    const other = file.replace('.warc.gz', '.warc');
    writeFileSync(other, 'name,price\n');
    expect((await run({ warcFile: other })).error?.message).toContain('it cannot be continued');
    expect(readFileSync(other, 'utf8')).toBe('name,price\n');
    await expect(run({ warcFile: other, warcIfExists: 'overwrite', replayWarc: other })).rejects.toThrow(
      'overwritten before',
    );
  });
});

describe('a replay', () => {
  it.each(['.gz', ''])('gives the same items without the site (.warc%s)', async (packing) => {
    const path = file.replace(/\.gz$/, packing);
    const first = await run({ warcFile: path });
    await server.close();
    const second = await run({ replayWarc: path });
    expect(first.collected).toHaveLength(7);
    expect(second.collected).toEqual(first.collected);
    expect(second.stats).toMatchObject({ 'warc/replayed': 10, 'page/count': 7, 'robotstxt/rules': 1 });
  });

  it('fetches what the file lacks, and archives it into the same file', async () => {
    await run({ warcFile: file, maxPages: 1, concurrentRequests: 1 });
    const had = server.requests.length;
    const { stats, collected } = await run({ replayWarc: file, warcFile: file });
    expect(collected).toHaveLength(7);
    expect(stats['warc/replay_missing']).toBe(server.requests.length - had);
    expect(
      (await run({ replayWarc: file, replayMissing: 'fail' })).stats['warc/replay_missing'],
    ).toBeUndefined();
  });

  it('drops what the file lacks where it may not be fetched', async () => {
    await run({ warcFile: file, maxPages: 1, concurrentRequests: 1 });
    const had = server.requests.length;
    const { stats, failedOn } = await run({
      replayWarc: file,
      replayMissing: 'fail',
      failOn: ['failed>0'],
    });
    expect(server.requests.length).toBe(had);
    expect(stats['request/dropped/replay missing']).toBeGreaterThan(0);
    expect(failedOn).toHaveLength(1);
  });
});
