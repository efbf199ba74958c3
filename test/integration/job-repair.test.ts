import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdStore } from '../support/hold-store.ts';
import { ALL_PAGES, KeptCrawl, pagesOf } from '../support/kept-crawl.ts';
import { seeded } from '../support/seeded.ts';

let crawl: KeptCrawl;

beforeEach(async () => {
  crawl = new KeptCrawl();
  await crawl.run({ maxPages: 20 });
});

afterEach(() => crawl.remove());

/** Turns a bit over in some records of a kind; the first, and then every so many. */
async function spoil(prefix: string, every = 1000): Promise<number> {
  const records = (await crawl.records(prefix)).filter((_record, at) => at % every === 0);
  for (const record of records) await crawl.spoil(record);
  return records.length;
}

async function repaired(): Promise<string> {
  const { code, err } = await crawl.command('repair', 'job', '--yes');
  expect(code, err).toBe(0);
  expect((await crawl.command('repair', 'job')).err).toMatch(/not damaged/);
  return err;
}

const sorted = (pages: readonly string[]) => pages.toSorted((a, b) => Number(a) - Number(b));

describe('crawl job repair', () => {
  it('changes nothing in a job that is whole', async () => {
    const { code, err } = await crawl.command('repair', 'job');
    expect(code).toBe(0);
    expect(err).toBe('job is not damaged: nothing was changed.\n');
    expect(readdirSync(crawl.job).sort()).toEqual(['job.json', 'store']);
  });

  it('asks first: where nobody can answer it needs --yes', async () => {
    await spoil('q');
    const { code, err } = await crawl.command('repair', 'job');
    expect(code).toBe(2);
    expect(err).toMatch(/is damaged: the record "q.*--yes/s);
    expect(readdirSync(crawl.job).sort()).toEqual(['job.json', 'store']);
  });

  it('keeps the damaged store and says where', async () => {
    await spoil('q');
    const kept = /kept: (.*)/.exec(await repaired())?.[1] ?? '';
    expect(existsSync(kept)).toBe(true);
    expect(readdirSync(crawl.job).sort()).toEqual(['job.json', 'store', kept.slice(crawl.job.length + 1)]);
  });

  it('counts lost requests, and the crawl goes on without them', async () => {
    const lost = await spoil('q', 3);
    expect(await repaired()).toMatch(new RegExp(`- ${lost} queued requests? whose URLs are unknown`));
    expect((await crawl.run()).job?.state).toBe('finished');
    expect(new Set(crawl.pages()).size).toBe(crawl.pages().length);
  });

  it('takes lost items out of the log; outputs keep what they have, and nothing comes twice', async () => {
    expect(await spoil('i', 4)).toBeGreaterThan(2);
    expect(await repaired()).toMatch(/- \d+ items of the log\n/);
    expect((await crawl.run()).job?.state).toBe('finished');
    expect(crawl.pages()).toEqual(sorted(ALL_PAGES));
    await crawl.command('export', 'job', '-O', 'left.jsonl');
    const left = pagesOf(readFileSync(join(crawl.folder, 'left.jsonl'), 'utf8'));
    expect(left.length).toBeLessThan(61);
    expect(new Set(left).size).toBe(left.length);
  });

  it('knows pages again by their requests and items', async () => {
    await spoil('f', 1);
    await repaired();
    await crawl.run();
    expect(crawl.pages()).toEqual(sorted(ALL_PAGES));
  });

  it.each(['sfrontier', 'sleases', 'sitems', 'sstats', 'sruns', 'sstart', 'mstate', 'sjob'])(
    'does without the record %s',
    async (key) => {
      await crawl.run({ maxPages: 30 });
      await spoil(key);
      await repaired();
      await crawl.run();
      expect(crawl.pages()).toEqual(sorted(ALL_PAGES));
    },
  );

  it('says which output to move away when its place is lost', async () => {
    await spoil('c');
    expect(await repaired()).toMatch(/the place in .*out\.jsonl: the next run writes it anew/);
    expect((await crawl.run()).error?.message).toMatch(/the file exists/);
    rmSync(crawl.output);
    await crawl.run();
    expect(crawl.pages()).toEqual(sorted(ALL_PAGES));
  });

  it('crawls again what a missing batch had done, and makes the outputs anew', async () => {
    const marks = await crawl.records('b');
    const middle = marks[Math.floor(marks.length / 2)];
    await crawl.change([[middle?.key ?? '', undefined]]);
    const said = await repaired();
    expect(said).toMatch(/1 batch of changes/);
    expect(said).toMatch(/makes anew .*out\.jsonl/);
    await crawl.run();
    expect(crawl.pages()).toEqual(sorted(ALL_PAGES));
  });

  it('takes old requests out whose items are there', async () => {
    const [queued] = await crawl.records('q');
    await crawl.run();
    const marks = await crawl.records('b');
    await crawl.change([
      [marks[2]?.key ?? '', undefined],
      [queued?.key ?? '', queued?.value],
    ]);
    await repaired();
    crawl.asked.length = 0;
    await crawl.run();
    expect(crawl.asked).toEqual([]);
    expect(crawl.pages()).toEqual(sorted(ALL_PAGES));
  });

  it('drops leases whose requests are gone', async () => {
    await crawl.put('sleases', JSON.stringify([[0xfff, 1]]));
    expect(await repaired()).toMatch(/1 lease of lost requests/);
  });

  it('reopens a finished job', async () => {
    await crawl.run();
    await spoil('i');
    await repaired();
    expect((await crawl.command('list')).out).toMatch(/ open /);
    expect((await crawl.run()).job).toMatchObject({ state: 'finished', wasFinished: false });
  });

  it('does without the files that name the others', async () => {
    const store = join(crawl.job, 'store');
    rmSync(join(store, 'CURRENT'));
    for (const name of readdirSync(store)) if (name.startsWith('MANIFEST')) rmSync(join(store, name));
    await repaired();
    await crawl.run();
    expect(crawl.pages()).toEqual(sorted(ALL_PAGES));
  });

  it('sees damage in the middle of a log of one block, keeps it as it was, and saves what stands behind it', async () => {
    await crawl.run();
    const store = join(crawl.job, 'store');
    const name = readdirSync(store).find((file) => file.endsWith('.log')) ?? '';
    const bytes = readFileSync(join(store, name));
    expect(bytes.length).toBeGreaterThan(1000);
    expect(bytes.length).toBeLessThan(32_768);
    for (let at = 200; at < 500; at++) bytes[at] = (at * 37) & 255;
    writeFileSync(join(store, name), bytes);

    expect((await crawl.command('list')).out).toMatch(/ damaged /);
    await expect(crawl.run()).rejects.toThrow(/crawl job repair/);
    expect(readFileSync(join(store, name)).equals(bytes)).toBe(true);
    const said = await repaired();
    const kept = /kept: (.*)/.exec(said)?.[1] ?? '';
    expect(readFileSync(join(kept, name)).equals(bytes)).toBe(true);
    expect(said).not.toMatch(/repaired: 0 queued requests, 0 delayed ones, 0 dead ones, 0 known/);
    rmSync(crawl.output);
    expect((await crawl.run()).job?.state).toBe('finished');
    expect(new Set(crawl.pages()).size).toBe(crawl.pages().length);
  });

  it('ends a repair that a crash cut off before its last step', async () => {
    await spoil('q');
    await repaired();
    renameSync(join(crawl.job, 'store'), join(crawl.job, 'store.repaired'));
    expect((await crawl.command('repair', 'job')).err).toMatch(/not damaged/);
  });

  it('leaves a cut off repair alone while a process runs the job', async () => {
    mkdirSync(join(crawl.job, 'store.repaired'));
    const release = await holdStore(join(crawl.job, 'store'));
    expect((await crawl.command('repair', 'job')).err).toMatch(/is running it/);
    expect(readdirSync(crawl.job).sort()).toEqual(['job.json', 'store', 'store.repaired']);
    await release();
  });

  it('is done by one process at a time; one that has ended does not count', async () => {
    await spoil('q');
    const repairer = join(crawl.job, 'repairer.json');
    writeFileSync(repairer, JSON.stringify({ pid: process.ppid }));
    const { code, err } = await crawl.command('repair', 'job', '--yes');
    expect([code, existsSync(repairer)]).toEqual([1, true]);
    expect(err).toContain(`process ${process.ppid} repairs it`);
    renameSync(join(crawl.job, 'store'), join(crawl.job, 'store.repaired'));
    expect((await crawl.command('repair', 'job')).err).toMatch(/repairs it/);
    renameSync(join(crawl.job, 'store.repaired'), join(crawl.job, 'store'));
    writeFileSync(repairer, JSON.stringify({ pid: spawnSync(process.execPath, ['--version']).pid }));
    await repaired();
    expect(existsSync(repairer)).toBe(false);
  });

  it('says so where nothing is left', async () => {
    rmSync(join(crawl.job, 'store'), { recursive: true });
    const { code, err } = await crawl.command('repair', 'job', '--yes');
    expect(code).toBe(1);
    expect(err).toMatch(/nothing is left to save/);
  });

  it('survives any turned bit: the job opens afterwards and gives no item twice', async () => {
    const random = seeded(7);
    const store = join(crawl.job, 'store');
    for (let trial = 0; trial < 12; trial++) {
      const names = readdirSync(store).filter((name) => /\.(log|ldb)$|^MANIFEST/.test(name));
      const path = join(store, names[Math.floor(random() * names.length)] ?? '');
      const bytes = readFileSync(path);
      if (bytes.length === 0) continue;
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      writeFileSync(path, bytes);
      expect((await crawl.command('repair', 'job', '--yes')).code, `${path} at ${at}`).toBe(0);
      expect((await crawl.command('inspect', 'job')).code).toBe(0);
    }
    // The place in the output may be among what was lost: then the job must not append to it.
    rmSync(crawl.output);
    expect((await crawl.run()).job?.state).toBe('finished');
    expect(new Set(crawl.pages()).size).toBe(crawl.pages().length);
  });
});
