import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../../../src/feed/create-feed.ts';
import { CsvExporter } from '../../../src/feed/csv-exporter.ts';
import { FeedWriter } from '../../../src/feed/feed-writer.ts';
import { JsonLinesExporter } from '../../../src/feed/json-lines-exporter.ts';
import { WholeFileTarget } from '../../../src/feed/whole-file-target.ts';
import { openOnLooseDisk, openOnSmallDisk } from './failing-file.ts';
import { FeedClock } from './feed-clock.ts';
import { runFeed } from './run-feed.ts';
import { temporaryFolder } from './temporary-folder.ts';

const clock = new FeedClock();
const read = (path: string): string => readFileSync(path, 'utf8');

describe('WholeFileTarget', () => {
  it('takes the place of the file at the close only, with its rights, through links', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out.csv');
    writeFileSync(path, 'old');
    chmodSync(path, 0o662);
    symlinkSync(path, join(folder, 'link.csv'));
    const feed = createFeed(join(folder, 'link.csv'), {}, { clock, whole: {} });
    expect(feed.durability).toBe('whole');
    await feed.open();
    feed.write([{ a: 1 }]);
    clock.run();
    expect(read(path)).toBe('old');
    feed.write([{ b: 2 }]);
    await feed.close();
    expect(read(path)).toBe('a,b\r\n1,\r\n,2\r\n');
    expect(statSync(path).mode & 0o777).toBe(0o662);
    expect(readdirSync(folder).sort()).toEqual(['link.csv', 'out.csv']);
  });

  it('begins with what was there before the job, in every run', async () => {
    const folder = temporaryFolder();
    const [uri, basePath] = [join(folder, 'out.csv'), join(folder, 'base')];
    writeFileSync(uri, 'a\r\n0\r\n');
    expect(await createFeed(uri, {}, { clock }).prepare?.(basePath)).toBe(true);
    for (const batches of [[[{ a: 1 }]], [[{ a: 1 }], [{ b: 2 }]]]) {
      await runFeed({ uri, environment: { whole: { basePath } }, batches });
    }
    expect(read(uri)).toBe('a,b\r\n0,\r\n1,\r\n,2\r\n');
    expect(readdirSync(folder).sort()).toEqual(['base', 'out.csv']);
  });

  it('overwrites what a killed process left', async () => {
    const folder = temporaryFolder();
    const uri = join(folder, 'out.csv');
    writeFileSync(`${uri}.orbweaver.tmp`, 'half');
    writeFileSync(`${uri}.orbweaver-revised.tmp`, 'half');
    await runFeed({ uri, environment: { whole: {} }, batches: [[{ a: 1 }], [{ b: 2 }]] });
    expect(read(uri)).toBe('a,b\r\n1,\r\n,2\r\n');
    expect(readdirSync(folder)).toEqual(['out.csv']);
  });

  it('leaves the file alone, and no other, wherever the disk is full', async () => {
    for (let bytes = 0; bytes < 23; bytes++) {
      const folder = temporaryFolder();
      const path = join(folder, 'out.csv');
      writeFileSync(path, 'old');
      const target = new WholeFileTarget(path, {}, openOnSmallDisk({ bytes }));
      const feed = new FeedWriter(new CsvExporter(), target, clock);
      await feed.open();
      feed.write([{ a: 1 }]);
      clock.run();
      feed.write([{ b: 2 }]);
      await expect(feed.close()).rejects.toMatchObject({ message: `${path}: the disk is full` });
      expect(read(path)).toBe('old');
      expect(readdirSync(folder)).toEqual(['out.csv']);
    }
  });

  it('leaves the file alone when the disk keeps nothing', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out.jsonl');
    writeFileSync(path, 'old');
    const target = new WholeFileTarget(path, {}, openOnLooseDisk);
    const feed = new FeedWriter(new JsonLinesExporter(), target, clock);
    await feed.open();
    feed.write([{ a: 1 }]);
    await expect(feed.close()).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    expect(read(path)).toBe('old');
    expect(readdirSync(folder)).toEqual(['out.jsonl']);
  });

  it('leaves the file alone when an item cannot be written', async () => {
    const uri = join(temporaryFolder(), 'out.csv');
    writeFileSync(uri, 'old');
    const feed = createFeed(uri, {}, { clock, whole: {} });
    await feed.open();
    feed.write([{ a: 1 }]);
    clock.run();
    await expect(feed.write([{ toJSON: () => JSON.parse('no') }])).rejects.toThrow();
    await expect(feed.close()).rejects.toThrow();
    expect(read(uri)).toBe('old');
  });

  it('makes no file of no items where empty files are not wanted', async () => {
    const options = { storeEmpty: false };
    const folder = temporaryFolder();
    const uri = join(folder, 'out.csv');
    await runFeed({ uri, options, environment: { whole: {} }, batches: [] });
    expect(readdirSync(folder)).toEqual([]);
    await runFeed({ uri, environment: { whole: {} }, batches: [] });
    expect(read(uri)).toBe('');
  });

  it('says at the start of a job what would fail at its end', async () => {
    const folder = temporaryFolder();
    const base = join(folder, 'base');
    writeFileSync(join(folder, 'file.csv'), 'a\r\n1\r\n');
    writeFileSync(join(folder, 'notes.csv.gz'), 'no gzip');
    writeFileSync(join(folder, 'empty.csv'), '');
    mkdirSync(join(folder, 'dir.csv'));
    const prepare = (name: string, options = {}): Promise<boolean> | undefined =>
      createFeed(join(folder, name), options, { clock }).prepare?.(base);
    for (const name of ['dir.csv', 'file.csv/x.csv', 'notes.csv.gz']) {
      await expect(prepare(name)).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    }
    await expect(prepare('file.csv', { ifExists: 'refuse' })).rejects.toThrow(/the file exists/);
    for (const [name, options] of [
      ['new/x.csv', {}],
      ['empty.csv', {}],
      ['file.csv', { ifExists: 'overwrite' }],
    ] as const) {
      expect(await prepare(name, options)).toBe(false);
    }
    expect(existsSync(base)).toBe(false);
  });
});
