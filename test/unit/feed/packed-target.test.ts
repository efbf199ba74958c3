import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packingChoice } from '../../../src/feed/byte-packing.ts';
import { createFeed } from '../../../src/feed/create-feed.ts';
import type { FeedOptions } from '../../../src/settings/feed-options.ts';
import { FeedClock } from './feed-clock.ts';
import { runFeed } from './run-feed.ts';
import { temporaryFolder } from './temporary-folder.ts';

const unpacked = (path: string): string => zlib.brotliDecompressSync(readFileSync(path)).toString();
const batches = [[{ a: 1 }], [{ a: 2, b: 'x' }]];
const hasZstd = 'createZstdCompress' in zlib;

describe('packingChoice', () => {
  it('goes by the option, else by the end of the name, with levels of each', () => {
    expect(packingChoice('a.csv.BR', {})).toEqual({ name: 'brotli', level: 6 });
    expect(packingChoice('a.csv', { compression: 'zstd' })).toEqual({ name: 'zstd', level: 3 });
    expect(packingChoice('a.gz', { compressionLevel: 0 })).toEqual({ name: 'gzip', level: 0 });
    expect(packingChoice('a.csv', {})).toBeUndefined();
  });

  it('refuses what it cannot do, with the reason', () => {
    expect(() => packingChoice('a.gz', { compressionLevel: 10 })).toThrow(/gzip goes from 0 to 9, not 10/);
    expect(() => packingChoice('a.csv.bz2', {})).toThrow(/Node has no bz2; write .gz, .br or .zst/);
  });
});

describe('a feed packed with brotli', () => {
  it('holds each format, also columns that come late', async () => {
    for (const [name, text] of [
      ['a.json.br', '[\n{"a":1},\n{"a":2,"b":"x"}\n]'],
      ['a.jsonl.br', '{"a":1}\n{"a":2,"b":"x"}\n'],
      ['a.csv.br', 'a,b\r\n1,\r\n2,x\r\n'],
    ] as const) {
      const uri = join(temporaryFolder(), name);
      const { items, bytes } = await runFeed({ uri, batches });
      expect([unpacked(uri), items, bytes]).toEqual([text, 2, readFileSync(uri).length]);
    }
  });

  it('takes its place when it is whole, and is there without items only where that is wanted', async () => {
    const folder = temporaryFolder();
    const feed = createFeed(join(folder, 'a.json.br'), {}, { clock: new FeedClock() });
    await feed.open();
    expect(existsSync(join(folder, 'a.json.br'))).toBe(false);
    await feed.close();
    await runFeed({ uri: join(folder, 'b.json.br'), options: { storeEmpty: false }, batches: [] });
    expect(readdirSync(folder)).toEqual(['a.json.br']);
    expect(unpacked(join(folder, 'a.json.br'))).toBe('[]');
  });

  it('adds to no file that is there, and replaces one when asked', async () => {
    const uri = join(temporaryFolder(), 'a.jsonl.br');
    writeFileSync(uri, 'mine');
    const message = /packed with brotli cannot be appended to; overwrite it with -O/;
    await expect(runFeed({ uri, batches })).rejects.toThrow(message);
    await expect(runFeed({ uri, options: { ifExists: 'refuse' }, batches })).rejects.toThrow(/exists/);
    expect(readFileSync(uri, 'utf8')).toBe('mine');
    await runFeed({ uri, options: { ifExists: 'overwrite' }, batches });
    expect(unpacked(uri)).toContain('"x"');
  });

  it('is made anew at the end of each run of a job', () => {
    const feed = createFeed('a.jsonl.br', {}, { clock: new FeedClock(), folder: temporaryFolder() });
    expect(feed.durability).toBe('whole');
  });

  it.skipIf(hasZstd)('says from which Node on there is zstd', () => {
    const create = (): unknown => createFeed('a.jsonl.zst', {}, { clock: new FeedClock() });
    expect(create).toThrow(/zstd needs Node 22\.15 or newer/);
  });

  it.skipIf(!hasZstd)('does zstd where Node has it', async () => {
    const uri = join(temporaryFolder(), 'a.jsonl.zst');
    await runFeed({ uri, batches });
    expect(readFileSync(uri).readUInt32LE(0)).toBe(0xfd2fb528);
  });
});

describe('a feed behind streams of its own', () => {
  const flip = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));
  const flipped = (): Transform =>
    new Transform({ transform: (piece: Buffer, _encoding, done) => done(null, flip(piece)) });

  it('passes them in order behind the packing', async () => {
    const uri = join(temporaryFolder(), 'a.jsonl.gz');
    const postprocessing = [flipped, () => zlib.createDeflate()];
    await runFeed({ uri, options: { postprocessing }, batches: [[{ a: 1 }]] });
    const packed = flip(zlib.inflateSync(readFileSync(uri)));
    expect(zlib.gunzipSync(packed).toString()).toBe('{"a":1}\n');
  });

  it('has columns that come late, in one run and in a job', async () => {
    for (const environment of [{}, { whole: {} }]) {
      const uri = join(temporaryFolder(), 'a.csv.bz2');
      const options = { postprocessing: [() => zlib.createDeflate()] };
      await runFeed({ uri, options, environment, batches });
      expect(zlib.inflateSync(readFileSync(uri)).toString()).toBe('a,b\r\n1,\r\n2,x\r\n');
    }
  });

  it('leaves no file without items where none is wanted', async () => {
    const folder = temporaryFolder();
    for (const [name, storeEmpty] of [
      ['a.csv', false],
      ['b.jsonl', false],
      ['c.csv', true],
    ] as const) {
      const options = { storeEmpty, postprocessing: [flipped] };
      await runFeed({ uri: join(folder, name), options, batches: [] });
    }
    expect(readdirSync(folder)).toEqual(['c.csv']);
  });

  it('fails where a stream does, or is none, and leaves what was there', async () => {
    const failing = (): Transform =>
      new Transform({ transform: (_p, _e, done) => done(new Error('no key')) });
    for (const [make, message] of [
      [failing, /no key/],
      [() => ({}), /postprocessing\[0\] made no stream/],
    ] as const) {
      for (const name of ['a.jsonl', 'a.csv']) {
        const uri = join(temporaryFolder(), name);
        writeFileSync(uri, 'mine');
        const options: FeedOptions = { ifExists: 'overwrite', postprocessing: [make as () => Transform] };
        await expect(runFeed({ uri, options, batches })).rejects.toThrow(message);
        expect(readFileSync(uri, 'utf8')).toBe('mine');
      }
    }
  });

  it.each<[string, () => Transform]>([
    [
      'and answers',
      () =>
        new Transform({
          transform(_piece, _encoding, done) {
            this.destroy();
            done();
          },
        }),
    ],
    [
      'after it answered',
      () =>
        new Transform({
          transform(piece, _encoding, done) {
            done(null, piece);
            this.destroy();
          },
        }),
    ],
    [
      'and never answers',
      () =>
        new Transform({
          transform() {
            this.destroy();
          },
        }),
    ],
    [
      'at its end',
      () =>
        new Transform({
          transform: (piece, _encoding, done) => done(null, piece),
          flush() {
            this.destroy();
          },
        }),
    ],
  ])('fails where a stream closes itself without an error %s', async (_when, make) => {
    for (const makers of [[make], [make, () => zlib.createDeflate()]]) {
      const uri = join(temporaryFolder(), 'a.jsonl');
      await expect(runFeed({ uri, options: { postprocessing: makers }, batches })).rejects.toThrow(
        'the stream of postprocessing was closed before its end',
      );
      expect(existsSync(uri)).toBe(false);
    }
  });

  it('adds to no file that is there', async () => {
    const uri = join(temporaryFolder(), 'a.csv');
    writeFileSync(uri, 'mine');
    await expect(runFeed({ uri, options: { postprocessing: [flipped] }, batches })).rejects.toThrow(
      /behind postprocessing cannot be appended to/,
    );
  });
});
