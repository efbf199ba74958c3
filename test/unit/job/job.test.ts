import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Job, type JobOptions } from '../../../src/job/job.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';
import { openLevelStore } from '../../../src/store/level-store.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'orbweaver-job-')), 'job');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const clock = new ManualClock();
const logger = new MemoryLogger();

function open(changes: Partial<JobOptions['subject']> = {}, options: Partial<JobOptions> = {}): Promise<Job> {
  return Job.open({
    folder,
    clock,
    logger,
    subject: {
      release: '0.1.0',
      spider: 'books',
      args: { base: 'x' },
      secretArgs: new Set(),
      settings: DEFAULT_SETTINGS,
      ...changes,
    },
    openStore: openLevelStore,
    onFault: () => {},
    ...options,
  });
}

async function runOnce(): Promise<void> {
  const job = await open();
  await job.begin(new MemoryStats());
  await job.close('shutdown');
}

describe('a job', () => {
  it('is made in a folder that is not there, and gone on with', async () => {
    expect((await open()).isResumed).toBe(false);
  });

  it('knows that it was run before', async () => {
    await runOnce();
    const job = await open();
    expect(job.isResumed).toBe(true);
    await job.release();
  });

  it('is refused to another spider, and to other arguments', async () => {
    await runOnce();
    await expect(open({ spider: 'quotes' })).rejects.toThrow(/of spider books, not quotes.*--job-change/);
    await expect(open({ args: { base: 'y' } })).rejects.toThrow(/argument base: "x" before, "y" now/);
    const job = await open({ spider: 'quotes' }, { mayDiffer: true });
    await job.release();
  });

  it('keeps secret arguments as hashes only', async () => {
    const args = { token: 'very-secret' };
    const job = await open({ args, secretArgs: new Set(['token']) });
    await job.close('shutdown');
    expect(readFileSync(join(folder, 'job.json'), 'utf8')).not.toContain('very-secret');
    await expect(open({ args: { token: 'other' }, secretArgs: new Set(['token']) })).rejects.toThrow(
      'argument token: a secret before, a secret now',
    );
  });

  it('takes other settings, and says which', async () => {
    await runOnce();
    const job = await open({ settings: { ...DEFAULT_SETTINGS, maxDepth: 3 } });
    await job.release();
    expect(logger.records.map(({ message }) => message)).toContain(
      'setting maxDepth: not given before, 3 now',
    );
  });

  it('cannot be had twice at once', async () => {
    const job = await open();
    await expect(open()).rejects.toMatchObject({ code: 'ERR_CRAWL_JOB', problem: 'running' });
    await job.release();
  });

  it('is not made among other files', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.txt'), '');
    await expect(open()).rejects.toMatchObject({ problem: 'foreign' });
  });

  it('is made anew where a process ended while it made the store', async () => {
    mkdirSync(join(folder, 'store'), { recursive: true });
    const job = await open();
    expect(job.isResumed).toBe(false);
    await job.release();
  });

  it('says so when its records are gone', async () => {
    await runOnce();
    rmSync(join(folder, 'store'), { recursive: true });
    await expect(open()).rejects.toMatchObject({ problem: 'damaged' });
  });

  it('opens without its readable copy, and writes it again', async () => {
    await runOnce();
    writeFileSync(join(folder, 'job.json'), '{"format":');
    await (await open()).release();
    expect(JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8'))).toMatchObject({ spider: 'books' });
  });

  it('leaves no owner behind', async () => {
    await runOnce();
    expect(existsSync(join(folder, 'owner.json'))).toBe(false);
  });
});
