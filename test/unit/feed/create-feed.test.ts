import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FeedStorage } from '../../../src/contracts/feed-storage.ts';
import { createFeed, type FeedEnvironment } from '../../../src/feed/create-feed.ts';
import type { FeedOptions } from '../../../src/settings/feed-options.ts';
import { FeedClock } from './feed-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const clock = new FeedClock();

async function crawl(
  uri: string,
  options: FeedOptions,
  environment: Partial<FeedEnvironment>,
): Promise<string> {
  const feed = createFeed(uri, options, { clock, ...environment });
  await feed.open();
  await feed.write([{ a: 1 }]);
  clock.run();
  await feed.write([{ b: 2 }]);
  return (await feed.close()).uri;
}

function output(): { stdout: Writable; text: () => string } {
  const parts: Buffer[] = [];
  const stdout = new Writable({ write: (chunk, _encoding, done) => done(void parts.push(chunk)) });
  return { stdout, text: () => Buffer.concat(parts).toString() };
}

describe('createFeed', () => {
  it('takes the format from the extension or the options', async () => {
    const folder = temporaryFolder();
    for (const [name, options, text] of [
      ['a.JSON', {}, '[\n{"a":1},\n{"b":2}\n]'],
      ['a.jl', {}, '{"a":1}\n{"b":2}\n'],
      ['a.txt', { format: 'jsonlines' }, '{"a":1}\n{"b":2}\n'],
      ['a.csv', {}, 'a,b\r\n1,\r\n,2\r\n'],
    ] as const) {
      expect(readFileSync(await crawl(name, options, { folder }), 'utf8')).toBe(text);
    }
  });

  it('says which formats there are when it knows none', () => {
    expect(() => createFeed('out.foo', {}, { clock })).toThrow(
      /there is no format "foo"; known are json, jsonl, csv, xml/,
    );
    expect(() => createFeed('out', {}, { clock })).toThrow(/write out:jsonl/);
    expect(() => createFeed('x.json', { format: 'constructor' }, { clock, formats: {} })).toThrow(
      /no format/,
    );
    expect(() => createFeed('ftp://b/x.json', {}, { clock })).toThrow(
      /nothing can write to ftp:; known are file, s3, and what settings.feedStorages has/,
    );
  });

  it('reads file URLs and fills in names and times', async () => {
    const folder = temporaryFolder();
    const uri = `${pathToFileURL(folder).href}/%(name)s-%(time)s-%(batch_id)03d.jsonl`;
    await crawl(uri, {}, { variables: { name: '../x' } });
    expect(readdirSync(folder)).toEqual(['_-x-2024-01-02T03-04-05-001.jsonl']);
  });

  it('writes lines to standard output as they come, and CSV with late columns at the end', async () => {
    const lines = output();
    await crawl('-', {}, { stdout: lines.stdout });
    expect(lines.text()).toBe('{"a":1}\n{"b":2}\n');
    const rows = output();
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('orbweaver-feed-'));
    await crawl('-', { format: 'csv' }, { stdout: rows.stdout });
    expect(rows.text()).toBe('a,b\r\n1,\r\n,2\r\n');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('orbweaver-feed-'))).toEqual(before);
    expect(rows.stdout.writableEnded).toBe(false);
  });

  it('ends quietly when nobody reads standard output any more', async () => {
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(broken) });
    let gone = 0;
    await crawl('-', {}, { stdout, onReaderGone: () => gone++ });
    expect(gone).toBe(1);
  });

  it('fails early on a folder, and with a stable code', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out.json'));
    writeFileSync(join(folder, 'file'), '');
    for (const uri of ['out.json', 'file/out.json', `${'x'.repeat(300)}.json`]) {
      await expect(crawl(uri, {}, { folder })).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    }
  });

  it.skipIf(!existsSync('/dev/full'))('reports a device that takes nothing', async () => {
    await expect(crawl('/dev/full', { format: 'jsonl' }, {})).rejects.toMatchObject({
      code: 'ERR_CRAWL_OUTPUT',
      message: '/dev/full: the disk is full',
    });
  });

  it('refuses a storage that messages cannot name', () => {
    const done = async (): Promise<void> => {};
    const storages = { mem: () => ({ open: done, write: done, close: done }) as unknown as FeedStorage };
    expect(() => createFeed('mem://a.jsonl', {}, { clock, storages })).toThrow(
      'the storage of mem: has no location, the text that messages name it by',
    );
  });

  it('looks whether something is there at the opening, packed or not', async () => {
    const done = async (): Promise<void> => {};
    const storage = { location: 'mem:', exists: async () => true, open: done, write: done, close: done };
    for (const uri of ['mem://a.jsonl', 'mem://a.jsonl.gz', 'mem://a.jsonl.br']) {
      const feed = createFeed(uri, { ifExists: 'refuse' }, { clock, storages: { mem: () => storage } });
      await expect(feed.open(), uri).rejects.toThrow('mem:: it is there already');
    }
  });

  it('uses formats and storages of the environment', async () => {
    const written: string[] = [];
    const storage = (uri: string) => ({
      location: uri.replace('secret', '***'),
      open: async () => {},
      write: async (chunk: Uint8Array) => void written.push(Buffer.from(chunk).toString()),
      close: async () => {},
    });
    const format = () => ({
      format: 'count',
      start: () => '',
      encode: (items: readonly unknown[]) => `${items.length};`,
      end: () => '.',
    });
    const location = await crawl(
      'mem://secret/x',
      { format: 'count' },
      { formats: { count: format }, storages: { mem: storage } },
    );
    expect(written.join('')).toBe('1;1;.');
    expect(location).toBe('mem://***/x');
  });

  it('knows how each output can live in a job', () => {
    const folder = temporaryFolder();
    const nothing = { format: 'own', start: () => '', encode: () => '', end: () => '' };
    const formats = { own: () => nothing, kept: () => ({ ...nothing, state: () => 1, restore: () => {} }) };
    const done = async (): Promise<void> => {};
    const storages = { mem: () => ({ location: '', open: done, write: done, close: done }) };
    const environment = { clock, folder, formats, storages };
    for (const [durability, ...feeds] of [
      ['cursor', 'a.json', 'a.jsonl', 'a.xml', 'a.csv?', 'a.kept'],
      ['whole', 'a.csv', 'a.jsonl.gz', 'a.csv.gz?', 'a.own', 'mem://a.jsonl', 'mem://a.csv'],
      ['live', '-'],
    ] as const) {
      for (const feed of feeds) {
        const options = feed.endsWith('?') ? { fields: ['a'] } : {};
        expect([feed, createFeed(feed.replace('?', ''), options, environment).durability]).toEqual([
          feed,
          durability,
        ]);
      }
    }
    expect(createFeed('-', { format: 'csv' }, environment).durability).toBe('whole');
    expect(createFeed('/dev/null', { format: 'jsonl' }, environment).durability).toBe('live');
  });
});
