import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CrawlResult } from '../../src/index.ts';
import { KeptCrawl } from '../support/kept-crawl.ts';

let crawl: KeptCrawl;

beforeEach(() => {
  crawl = new KeptCrawl();
});

afterEach(() => crawl.remove());

const BEFORE = 'page\r\nold-1\r\nold-2\r\n';

describe('what was in an output before the job', () => {
  const csv = (): string => join(crawl.folder, 'out.csv');
  const run = (maxPages: number): Promise<CrawlResult> =>
    crawl.run({ maxPages, feeds: { [csv()]: { format: 'csv' } } });
  const base = (): string => {
    const [name] = readdirSync(crawl.job).filter((one) => one.startsWith('base-'));
    return join(crawl.job, name ?? '');
  };
  const flip = (path: string): void => {
    const bytes = readFileSync(path);
    bytes[8] = (bytes[8] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  };

  beforeEach(async () => {
    writeFileSync(csv(), BEFORE);
    await run(5);
  });

  it('comes first each time the output is made', async () => {
    expect(readFileSync(csv(), 'utf8')).toMatch(/^page\r\nold-1\r\nold-2\r\nstart\r\n/);
    expect((await run(9)).error).toBeUndefined();
    expect(readFileSync(csv(), 'utf8').split('\r\n')).toHaveLength(1 + 2 + 1 + 9 + 1);
  });

  it.each([
    ['flipped', flip],
    ['cut', (path: string) => truncateSync(path, 13)],
    ['gone', (path: string) => rmSync(path)],
  ])('is not written on with a copy that is %s', async (_kind, damage) => {
    const made = readFileSync(csv(), 'utf8');
    damage(base());
    const { error } = await run(9);
    expect(error?.message).toContain('what was in it before');
    expect(readFileSync(csv(), 'utf8')).toBe(made);
  });

  it('is kept apart for outputs whose long names end alike', async () => {
    const names = ['a', 'b'].map((letter) => join(crawl.folder, `${letter}${'x'.repeat(120)}.csv`));
    for (const name of names) writeFileSync(name, `page\r\nold ${name.at(crawl.folder.length + 1)}\r\n`);
    await crawl.run({
      maxPages: 9,
      feeds: Object.fromEntries(names.map((name) => [name, { format: 'csv' }])),
    });
    const second = names.map((name) => readFileSync(name, 'utf8').split('\r\n')[1]);
    expect(second).toEqual(['old a', 'old b']);
  });
});
