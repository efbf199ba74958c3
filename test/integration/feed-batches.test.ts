import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Crawler, type CrawlResult } from '../../src/crawler/crawler.ts';
import type { FeedOptions } from '../../src/settings/feed-options.ts';
import { Spider } from '../../src/spider/spider.ts';
import { FaultyStore, type StoreFault } from '../support/faulty-store.ts';
import { EXPECTED, jobCrawl } from '../support/job-crawl.ts';
import { MemoryStore } from '../support/memory-store.ts';

const SIZE = 25;
const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orbweaver-batches-'));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** Ids by file, in the order of the names. */
function idsOf(path: string): string[][] {
  const names = readdirSync(path).filter((name) => /^out-.*\.jsonl(\.gz)?$/.test(name));
  return names.sort().map((name) => {
    const bytes = readFileSync(join(path, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { id: string }).id);
  });
}

function expectExact(path: string, expected: readonly string[]): void {
  const files = idsOf(path);
  expect(files.flat().sort()).toEqual(expected);
  expect(files.slice(0, -1).every((ids) => ids.length === SIZE)).toBe(true);
  expect(files.length).toBe(Math.ceil(expected.length / SIZE));
}

const batches = (path: string, options: FeedOptions = {}, name = 'out-%(batch_id)03d.jsonl') => ({
  [join(path, name)]: { batchItemCount: SIZE, ...options },
});

describe('batches of a job', () => {
  it('hold each item once over many runs, also where they are packed and named by time', async () => {
    for (const name of ['out-%(batch_id)03d.jsonl', 'out-%(batch_time)s.jsonl.gz']) {
      const path = folder();
      for (const stopAfter of [7, 60, 61, 0]) {
        const { error } = await jobCrawl({
          folder: path,
          stopAfter,
          settings: { feeds: batches(path, {}, name) },
        });
        expect(error).toBeUndefined();
      }
      expectExact(path, EXPECTED);
    }
  });

  it('count the items that their filter takes', async () => {
    const path = folder();
    const itemFilter = ({ id }: Record<string, unknown>): boolean => String(id).endsWith('3');
    const feeds = batches(path, { itemFilter, batchItemCount: SIZE });
    for (const stopAfter of [100, 0]) await jobCrawl({ folder: path, stopAfter, settings: { feeds } });
    expectExact(
      path,
      EXPECTED.filter((id) => id.endsWith('3')),
    );
  });

  it('leave no file of others in their place, and say so at the start', async () => {
    const path = folder();
    writeFileSync(join(path, 'out-001.jsonl'), 'mine');
    const { error } = await jobCrawl({ folder: path, settings: { feeds: batches(path) } });
    expect(error?.message).toMatch(/out-001\.jsonl: the file exists; overwrite it with -O/);
    expect(readFileSync(join(path, 'out-001.jsonl'), 'utf8')).toBe('mine');
  });

  it('are exact whichever call of the store fails', { timeout: 60_000 }, async () => {
    const run = async (path: string, records: Map<string, Uint8Array>, fault?: StoreFault) => {
      mkdirSync(join(path, 'job', 'store'), { recursive: true });
      const store = new FaultyStore(new MemoryStore(records), fault);
      const settings = { feeds: batches(path) };
      const options = { folder: path, durability: 'fsync', openStore: async () => store, settings } as const;
      const result = await jobCrawl(options).catch(() => undefined);
      return { calls: store.calls, result };
    };
    const { calls } = await run(folder(), new Map());
    for (let call = 3; call < calls; call += Math.ceil(calls / 24)) {
      const path = folder();
      const records = new Map<string, Uint8Array>();
      await run(path, records, { call, mode: call % 2 === 0 ? 'cut' : 'fail', after: 'gone' });
      const { result } = await run(path, records);
      expect(result?.reason).toBe('finished');
      expectExact(path, EXPECTED);
    }
  });
});

class NumbersSpider extends Spider {
  readonly shelf = 'b';

  override *start(): Iterable<Record<string, unknown>> {
    for (let id = 0; id < 60; id++) yield { id: String(id) };
  }
}

describe('batches without a job', () => {
  async function crawl(
    feeds: Record<string, FeedOptions>,
  ): Promise<{ result: CrawlResult; slots: number[] }> {
    const slots: number[] = [];
    const settings = { feeds, logLevel: 'silent', obeyRobotsTxt: false } as const;
    const crawler: Crawler = new Crawler(NumbersSpider, { settings });
    crawler.signals.on('feedSlotClosed', ({ batchId, items }) => void slots.push(batchId, items));
    crawler.signals.on('feedExporterClosed', () => void slots.push(-1));
    return { result: await crawler.run(), slots };
  }

  it('are told of by signals and stats, each when it is full', async () => {
    const path = folder();
    const { result, slots } = await crawl(batches(path));
    expect(idsOf(path).map(({ length }) => length)).toEqual([25, 25, 10]);
    expect(slots).toEqual([1, 25, 2, 25, 3, 10, -1]);
    expect(result.feeds).toMatchObject([{ items: 60, batches: 3 }]);
    expect(result.stats['feed/success_count']).toBe(3);
  });

  it('have names by attributes of the spider and by uriParams', async () => {
    const path = folder();
    const uriParams = ({ batch_id }: Readonly<Record<string, unknown>>) => ({
      half: Number(batch_id) * SIZE,
    });
    await crawl(batches(path, { uriParams }, 'out-%(shelf)s-%(half)04d.jsonl-%(batch_id)d.jsonl'));
    expect(readdirSync(path).sort()).toEqual(
      [25, 50, 75].map((to, at) => `out-b-00${to}.jsonl-${at + 1}.jsonl`),
    );
  });

  it('need names that differ', async () => {
    await expect(crawl(batches(folder(), {}, 'out-%(time)s.jsonl'))).rejects.toThrow(
      /batchItemCount needs %\(batch_id\)d or %\(batch_time\)s in the name/,
    );
  });

  it('count an output that fails', async () => {
    const path = folder();
    mkdirSync(join(path, 'out-002.jsonl'));
    const { result } = await crawl(batches(path));
    expect(result.error?.message).toMatch(/out-002\.jsonl: it is a folder/);
    expect([result.stats['feed/success_count'], result.stats['feed/failed_count']]).toEqual([1, 1]);
  });
});
