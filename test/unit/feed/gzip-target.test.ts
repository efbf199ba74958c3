import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../../../src/feed/create-feed.ts';
import { FeedWriter } from '../../../src/feed/feed-writer.ts';
import { FileTarget } from '../../../src/feed/file-target.ts';
import { GzipTarget } from '../../../src/feed/gzip-target.ts';
import { JsonExporter } from '../../../src/feed/json-exporter.ts';
import { openOnSmallDisk } from './failing-file.ts';
import { FeedClock } from './feed-clock.ts';
import { runFeed } from './run-feed.ts';
import { seededRandom } from './seeded-random.ts';
import { temporaryFolder } from './temporary-folder.ts';

const content = (path: string): string => gunzipSync(readFileSync(path)).toString();
const inFolder = (name: string, before?: string): string => {
  const path = join(temporaryFolder(), name);
  if (before !== undefined) writeFileSync(path, gzipSync(before));
  return path;
};

describe('GzipTarget', () => {
  it('packs every format, whatever the batches and the level', async () => {
    const random = seededRandom(5);
    const text = (): string =>
      Array.from({ length: 30_000 }, () => 'abcde'[Math.floor(random() * 5)]).join('');
    const items = Array.from({ length: 40 }, (_, id) => ({ id, text: text(), [`field${id}`]: id }));
    for (const format of ['json', 'jsonl', 'csv', 'xml']) {
      const plain = join(temporaryFolder(), `a.${format}`);
      await runFeed({ uri: plain, batches: [items] });
      for (const [compressionLevel, step] of [
        [0, 40],
        [1, 7],
        [6, 1],
      ] as const) {
        const uri = `${plain}.GZ`;
        const batches = items.flatMap((_, at) => (at % step === 0 ? [items.slice(at, at + step)] : []));
        const options = { compressionLevel, ifExists: 'overwrite' } as const;
        const { bytes } = await runFeed({ uri, options, batches });
        expect(content(uri)).toBe(readFileSync(plain, 'utf8'));
        expect(bytes).toBe(readFileSync(uri).length);
        if (compressionLevel === 6) expect(bytes).toBeLessThan(readFileSync(plain).length / 2);
      }
    }
  });

  it('is read by gzip', async () => {
    const uri = inFolder('a.jsonl.gz');
    for (const a of [1, 2]) await runFeed({ uri, batches: [[{ a }], [{ a: a * 10 }]] });
    execFileSync('gzip', ['-t', uri]);
    expect(execFileSync('gzip', ['-dc', uri], { encoding: 'utf8' })).toBe(
      '{"a":1}\n{"a":10}\n{"a":2}\n{"a":20}\n',
    );
  });

  it('is a whole file after every batch, and the same bytes for the same batches', async () => {
    const uri = inFolder('a.json.gz');
    const target = new GzipTarget(new FileTarget(uri), 6);
    const exporter = new JsonExporter();
    await target.open(exporter);
    expect(content(uri)).toBe('[]');
    for (const count of [1, 2, 3]) {
      await target.append(Buffer.from(exporter.encode([{ count }])), Buffer.from(exporter.end()));
      expect(JSON.parse(content(uri))).toHaveLength(count);
    }
    await target.close(exporter);
    const again = inFolder('b.json.gz');
    await runFeed({ uri: again, batches: [[{ count: 1 }], [{ count: 2 }], [{ count: 3 }]] });
    expect(content(again)).toBe(content(uri));
  });

  it('appends a member to lines and rows, with the header that is there', async () => {
    for (const [name, options, before, after] of [
      ['a.jsonl.gz', {}, '{"a":0}', '{"a":0}\n{"a":1}\n'],
      ['a.jsonl.gz', {}, '', '{"a":1}\n'],
      ['a.csv.gz', { fields: ['a', 'b'] }, 'b,a\r\n3,4', 'b,a\r\n3,4\r\n,1\r\n'],
      ['a.csv.gz', { fields: ['a'] }, '', 'a\r\n1\r\n'],
      ['a.csv.gz', {}, '\ufeffb\r\n3\r\n', '\ufeffb,a\r\n3,\r\n,1\r\n'],
    ] as const) {
      const uri = inFolder(name, before);
      await runFeed({ uri, options, batches: [] });
      expect(content(uri)).toBe(before);
      await runFeed({ uri, options, batches: [[{ a: 1 }]] });
      expect(content(uri).replace('\ufeff', '')).toBe(after.replace('\ufeff', ''));
    }
  });

  it('refuses to append to what would not be right, and leaves it alone', async () => {
    for (const [name, before, message] of [
      ['a.json.gz', gzipSync('[]'), /cannot be appended to; overwrite it with -O/],
      ['a.xml.gz', gzipSync('<items></items>'), /cannot be appended to/],
      ['a.jsonl.gz', gzipSync('{"a":1}\n{"b'), /cut short/],
      ['a.jsonl.gz', gzipSync('{"a":1}\n').subarray(0, -3), /no whole gzip file/],
      ['a.jsonl.gz', Buffer.concat([gzipSync('{"a":1}\n'), Buffer.alloc(9)]), /something else follows/],
      ['a.jsonl.gz', Buffer.from('{"a":1}\n'), /no whole gzip file/],
    ] as const) {
      const uri = inFolder(name);
      writeFileSync(uri, before);
      await expect(runFeed({ uri, batches: [[{ a: 1 }]] })).rejects.toThrow(message);
      expect(readFileSync(uri)).toEqual(before);
    }
  });

  it('packs by an option, and standard output too', async () => {
    const parts: Buffer[] = [];
    const stdout = new Writable({ write: (chunk, _encoding, done) => done(void parts.push(chunk)) });
    const options = { compression: 'gzip' } as const;
    await runFeed({ uri: '-', options, environment: { stdout }, batches: [[{ a: 1 }], [{ a: 2 }]] });
    await runFeed({
      uri: '-',
      options: { ...options, format: 'csv' },
      environment: { stdout },
      batches: [[{ b: 3 }]],
    });
    expect(gunzipSync(Buffer.concat(parts)).toString()).toBe('{"a":1}\n{"a":2}\nb\r\n3\r\n');
    const uri = inFolder('a.json');
    await runFeed({ uri, options, batches: [[{ a: 1 }]] });
    expect(content(uri)).toBe('[\n{"a":1}\n]');
  });

  it('writes no file of no items where empty files are not wanted', async () => {
    const folder = temporaryFolder();
    const run = (storeEmpty: boolean): Promise<unknown> =>
      runFeed({ uri: join(folder, 'a.csv.gz'), options: { storeEmpty }, batches: [] });
    await run(false);
    expect(readdirSync(folder)).toEqual([]);
    await run(true);
    expect(content(join(folder, 'a.csv.gz'))).toBe('');
  });

  it('stays a whole file that ends on a record when the disk is full', async () => {
    for (let bytes = 60; bytes < 160; bytes += 3) {
      const path = inFolder('a.json.gz');
      const target = new GzipTarget(new FileTarget(path, {}, openOnSmallDisk({ bytes })), 6);
      const exporter = new JsonExporter();
      await target.open(exporter);
      let written = 0;
      const fill = async (): Promise<void> => {
        for (let a = 0; a < 30; a++, written++)
          await target.append(Buffer.from(exporter.encode([{ a }])), Buffer.from(exporter.end()));
      };
      await expect(fill()).rejects.toMatchObject({ code: 'ENOSPC' });
      await target.close(exporter);
      expect(JSON.parse(content(path))).toHaveLength(written);
    }
  });

  it('says that the disk is full', async () => {
    const path = inFolder('a.json.gz');
    const target = new GzipTarget(new FileTarget(path, {}, openOnSmallDisk({ bytes: 60 })), 0);
    const feed = new FeedWriter(new JsonExporter(), target, new FeedClock());
    await feed.open();
    feed.write([{ a: 'x'.repeat(100) }]);
    await expect(feed.close()).rejects.toMatchObject({ message: `${path}: the disk is full` });
    expect(content(path)).toBe('[]');
  });

  it('is made as a whole in a job, after what was there before', async () => {
    const uri = inFolder('a.csv.gz', 'a\r\n0\r\n');
    const basePath = `${uri}-base`;
    const feed = createFeed(uri, {}, { clock: new FeedClock() });
    expect(feed.durability).toBe('whole');
    expect(await feed.prepare?.(basePath)).toBe(true);
    const environment = { whole: { basePath } };
    await runFeed({ uri, environment, batches: [[{ a: 1 }]] });
    await runFeed({ uri, environment, batches: [[{ a: 1 }], [{ b: 2 }]] });
    expect(content(uri)).toBe('a,b\r\n0,\r\n1,\r\n,2\r\n');
  });
});
