import { mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { summarizeJob } from '../../../../src/crawler/job/inspect-job.ts';
import { lookAtJob } from '../../../../src/crawler/job/with-job.ts';
import { StoreError } from '../../../../src/errors/store-error.ts';
import { openLevelCopy } from '../../../../src/store/level-copy.ts';
import { KeptCrawl, PAGES } from '../../../support/kept-crawl.ts';

let crawl: KeptCrawl;

beforeEach(() => {
  crawl = new KeptCrawl();
});

afterEach(() => crawl.remove());

async function onReadOnlyDisk(folder: string): Promise<never> {
  const cause = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
  throw new StoreError(folder, 'failed', 'nothing can be written there', { cause });
}

const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('orbweaver-store-'));

describe('lookAtJob', () => {
  it('reads a job where nothing can be written, and leaves nothing behind', async () => {
    await crawl.run();
    // Copies that other tests have at the moment are none of its business.
    vi.stubEnv('TMPDIR', crawl.folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const before = left();
    const summary = await lookAtJob(crawl.job, summarizeJob, onReadOnlyDisk);
    expect(summary).toMatchObject({ state: 'finished', counts: { delivered: PAGES } });
    expect(left()).toEqual(before);
  });

  it('forgets what is changed in a copy', async () => {
    await crawl.run();
    const copy = await openLevelCopy(join(crawl.job, 'store'));
    await copy.batch([['sjob', undefined]]);
    await copy.compact?.();
    await copy.close();
    expect(await lookAtJob(crawl.job, summarizeJob)).toMatchObject({ identity: { spider: 'tree' } });
  });

  it('fails as always where the store cannot be opened for another reason', async () => {
    await crawl.run();
    mkdirSync(join(crawl.folder, 'empty', 'store'), { recursive: true });
    await expect(lookAtJob(join(crawl.folder, 'empty'), summarizeJob)).rejects.toThrow('damaged');
  });
});
