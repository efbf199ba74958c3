import { existsSync, readFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FeedCursor } from '../../../src/contracts/feed.ts';
import { createFeed } from '../../../src/feed/create-feed.ts';
import { FeedWriter } from '../../../src/feed/feed-writer.ts';
import { FileTarget } from '../../../src/feed/file-target.ts';
import { JsonExporter } from '../../../src/feed/json-exporter.ts';
import { JsonLinesExporter } from '../../../src/feed/json-lines-exporter.ts';
import type { FeedOptions } from '../../../src/settings/feed-options.ts';
import type { ItemRecord } from '../../../src/values/item.ts';
import { openOnLooseDisk, openOnSmallDisk } from './failing-file.ts';
import { FeedClock } from './feed-clock.ts';
import { runFeed } from './run-feed.ts';
import { seededRandom } from './seeded-random.ts';
import { temporaryFolder } from './temporary-folder.ts';

const fields = ['id', 'text', 'list'];
const titled = { id: 'Id', text: '=Text' };
type Case = [format: string, options: FeedOptions, before?: string];
const CASES: Case[] = [
  ['json', {}],
  ['json', { indent: 2, encoding: 'utf-8-sig' }],
  ['json', { encoding: 'utf-16' }],
  ['json', { storeEmpty: false, encoding: 'latin1' }],
  ['json', {}, '[\n{"id":"old"}\n]'],
  ['json', {}, ' [ ]\n\n'],
  ['jsonl', {}],
  ['jsonl', { encoding: 'utf-8-sig', fields, emptyFields: true }],
  ['jsonl', { storeEmpty: false }],
  ['jsonl', {}, '{"id":"old"}'],
  ['jsonl', {}, '{"id":"old"}\n{"id":"cu'],
  ['jsonl', { ifExists: 'overwrite' }, 'x'.repeat(5000)],
  ['jsonl', { ifExists: 'overwrite', storeEmpty: false }, 'x'.repeat(5000)],
  ['csv', { fields }],
  ['csv', { fields: titled, encoding: 'utf-8-sig', delimiter: ';' }],
  ['csv', { fields, encoding: 'utf-16' }],
  ['csv', { fields, headers: false }],
  ['csv', { fields: titled, storeEmpty: false }],
  ['csv', { fields: titled }, "'=Text,Id\r\nold,1"],
  ['csv', { fields: titled }, "'=Text,Id"],
  ['xml', {}],
  ['xml', { indent: 2, encoding: 'utf-8-sig', rootElement: 'books' }],
  ['xml', { indent: 0, encoding: 'iso-8859-1', storeEmpty: false }],
  ['xml', {}, '<items><item/></items>\n'],
];

function randomItems(random: () => number, count: number): ItemRecord[] {
  const text = (): string => 'aé€😀,;"\r\n<&=\ufeff'.slice(Math.floor(random() * 16));
  return Array.from({ length: count }, (_, id) => ({ id, text: text(), list: [text(), { deep: text() }] }));
}

function inBatches(random: () => number, items: readonly ItemRecord[]): ItemRecord[][] {
  const batches: ItemRecord[][] = [];
  for (let at = 0; at < items.length; at += batches.at(-1)?.length ?? 1)
    batches.push(items.slice(at, at + 1 + Math.floor(random() * 5)));
  return batches;
}

/** What a killed process may leave: less of the later records than were written, or anything. */
function leaveGarbage(random: () => number, path: string, cursor: FeedCursor): void {
  const written = readFileSync(path);
  const kept = written.subarray(0, cursor.bytes + Math.floor(random() * (written.length - cursor.bytes + 1)));
  const garbage = Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
  writeFileSync(path, Buffer.concat([kept, Buffer.from(random() < 0.5 ? [] : garbage)]));
}

describe('a feed that goes on at its cursor', () => {
  it.each(CASES)(
    'gives the same bytes of %s %j as one run (before: %j)',
    async (...[format, options, before]: Case) => {
      const random = seededRandom(format.length * 1000 + CASES.findIndex(([, one]) => one === options));
      const folder = temporaryFolder();
      const items = randomItems(random, 25);
      const path = (name: string): string => {
        const made = join(folder, `${name}.${format}`);
        if (before !== undefined && !existsSync(made)) writeFileSync(made, before);
        return made;
      };
      const whole = await runFeed({ uri: path('whole'), options, batches: [items] });
      const expected = readFileSync(path('whole'));
      const uri = path('cut');
      const first = await runFeed({ uri, options, batches: inBatches(random, items) });
      expect(readFileSync(uri)).toEqual(expected);
      expect(first.cursors.at(-1)?.items).toBe(items.length);
      let cursors = first.cursors;
      for (let cut = 0; cut < 40; cut++) {
        const at = cut < first.cursors.length ? cut : Math.floor(random() * cursors.length);
        const cursor: FeedCursor = JSON.parse(
          JSON.stringify((cut < first.cursors.length ? first.cursors : cursors)[at]),
        );
        leaveGarbage(random, uri, cursor);
        const batches = inBatches(random, items.slice(cursor.items));
        const resumed = await runFeed({ uri, options, cursor, batches });
        expect(readFileSync(uri).equals(expected)).toBe(true);
        expect([resumed.items, resumed.bytes]).toEqual([items.length, whole.bytes]);
        cursors = resumed.cursors;
      }
    },
  );

  it.each(CASES)(
    'gives the same bytes of %s %j without any item (before: %j)',
    async (...[format, options, before]: Case) => {
      const folder = temporaryFolder();
      const uri = join(folder, `out.${format}`);
      if (before !== undefined) writeFileSync(uri, before);
      const { cursors } = await runFeed({ uri, options, batches: [] });
      const expected = existsSync(uri) ? readFileSync(uri, 'latin1') : undefined;
      await runFeed({ uri, options, cursor: cursors.at(-1), batches: [] });
      expect(existsSync(uri) ? readFileSync(uri, 'latin1') : undefined).toBe(expected);
    },
  );

  it('takes more items after it was closed', async () => {
    for (const [format, options] of CASES) {
      const folder = temporaryFolder();
      const [uri, whole] = [join(folder, `a.${format}`), join(folder, `b.${format}`)];
      const { cursors } = await runFeed({ uri, options, batches: [[{ id: 1 }]] });
      await runFeed({ uri, options, cursor: cursors.at(-1), batches: [[{ id: 2 }]] });
      await runFeed({ uri: whole, options, batches: [[{ id: 1 }, { id: 2 }]] });
      expect(readFileSync(uri)).toEqual(readFileSync(whole));
    }
  });

  it('does not empty, append to or refuse the file that the job wrote', async () => {
    for (const ifExists of ['append', 'overwrite', 'refuse'] as const) {
      const uri = join(temporaryFolder(), 'a.json');
      const { cursors } = await runFeed({ uri, options: { ifExists }, batches: [[{ a: 1 }]] });
      await runFeed({ uri, options: { ifExists }, cursor: cursors[0], batches: [[{ a: 1 }], [{ a: 2 }]] });
      expect(readFileSync(uri, 'utf8')).toBe('[\n{"a":1},\n{"a":2}\n]');
    }
  });

  it('refuses a file that is gone, another one, too short or changed, and leaves it alone', async () => {
    const harm: Record<string, (path: string) => void> = {
      missing: (path) => unlinkSync(path),
      replaced: (path) => {
        writeFileSync(`${path}.new`, readFileSync(path));
        renameSync(`${path}.new`, path);
      },
      short: (path) => truncateSync(path, 10),
      changed: (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('"last"', '"LAST"')),
    };
    for (const [problem, damage] of Object.entries(harm)) {
      const uri = join(temporaryFolder(), 'a.jsonl');
      const { cursors } = await runFeed({ uri, batches: [[{ a: 1 }, { a: 'last' }], [{ a: 3 }]] });
      damage(uri);
      const left = existsSync(uri) && readFileSync(uri, 'utf8');
      const again = runFeed({ uri, cursor: cursors.at(-2), batches: [] });
      await expect(again).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT_FILE', path: uri, problem });
      expect(existsSync(uri) && readFileSync(uri, 'utf8')).toBe(left);
    }
  });

  it('is written anew by an opening without a cursor when its file is gone', async () => {
    const uri = join(temporaryFolder(), 'a.csv');
    const options = { fields: ['a'] };
    const { cursors } = await runFeed({ uri, options, batches: [[{ a: 1 }]] });
    unlinkSync(uri);
    const feed = createFeed(uri, options, { clock: new FeedClock() });
    await expect(feed.open(cursors.at(-1))).rejects.toMatchObject({ problem: 'missing' });
    await feed.open();
    feed.write([{ a: 1 }]);
    await feed.close();
    expect(readFileSync(uri, 'utf8')).toBe('a\r\n1\r\n');
  });

  it('refuses the cursor of another format or of other columns', async () => {
    const uri = join(temporaryFolder(), 'a.txt');
    const csv = (fields: readonly string[]): FeedOptions => ({ format: 'csv', fields });
    const { cursors } = await runFeed({ uri, options: csv(['a', 'b']), batches: [[{ a: 1 }]] });
    for (const options of [{ format: 'json' }, csv(['a', 'c'])]) {
      await expect(runFeed({ uri, options, cursor: cursors.at(-1), batches: [] })).rejects.toMatchObject({
        code: 'ERR_CRAWL_OUTPUT',
      });
    }
  });

  it('has a cursor that counts only what is in the file', async () => {
    const uri = join(temporaryFolder(), 'a.json');
    const clock = new FeedClock();
    const feed = createFeed(uri, {}, { clock });
    expect(() => feed.cursor?.()).toThrow(/not open/);
    await feed.open();
    feed.write([{ a: 1 }]);
    expect(feed.cursor?.()).toMatchObject({ items: 0, bytes: 1, exporter: { isEmpty: true } });
    clock.run();
    await expect.poll(() => feed.cursor?.().items).toBe(1);
    feed.write([{ a: 2 }]);
    expect(feed.cursor?.()).toMatchObject({ bytes: 9, base: 0, exporter: { isEmpty: false } });
    await feed.sync?.();
    await feed.close();
    expect(feed.cursor?.().items).toBe(2);
  });

  it('fails for good when the disk keeps nothing', async () => {
    const uri = join(temporaryFolder(), 'a.jsonl');
    const target = new FileTarget(uri, {}, openOnLooseDisk);
    const feed = new FeedWriter(new JsonLinesExporter(), target, new FeedClock());
    await feed.open();
    await expect(feed.sync()).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    await expect(feed.write([{ a: 1 }])).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    await expect(feed.close()).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
  });

  it('stays at the last whole record when the disk is full, and goes on from there', async () => {
    const uri = join(temporaryFolder(), 'a.json');
    const clock = new FeedClock();
    const target = new FileTarget(uri, {}, openOnSmallDisk({ bytes: 15 }));
    const feed = new FeedWriter(new JsonExporter(), target, clock);
    await feed.open();
    feed.write([{ a: 1 }]);
    clock.run();
    await expect.poll(() => feed.cursor().items).toBe(1);
    feed.write([{ a: 2 }]);
    await expect(feed.close()).rejects.toThrow(/the disk is full/);
    expect(feed.cursor().items).toBe(1);
    expect(readFileSync(uri, 'utf8')).toBe('[\n{"a":1}\n]');
    await runFeed({ uri, cursor: feed.cursor(), batches: [[{ a: 2 }]] });
    expect(readFileSync(uri, 'utf8')).toBe('[\n{"a":1},\n{"a":2}\n]');
  });
});
