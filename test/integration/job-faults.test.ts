import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Extension, Factory } from '../../src/api.ts';
import type { CrawlResult } from '../../src/crawler/crawler.ts';
import { FaultyStore, type StoreFault } from '../support/faulty-store.ts';
import { DEAD, EXPECTED, jobCrawl, outputsOf } from '../support/job-crawl.ts';
import { MemoryStore } from '../support/memory-store.ts';

/** `npm run fuzz:store` tries every fault at every call; else each fifth call meets one of them. */
const TRIES_ALL = process.env.ORBWEAVER_FAULTS === 'all';
const STEP = TRIES_ALL ? 1 : 5;
const FAULTS = (['fail', 'cut', 'sync'] as const).flatMap((mode) =>
  (['gone', 'well'] as const).map((after) => ({ mode, after })),
);

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orbweaver-faults-'));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A run over records that outlive it; its store fails as it is told. */
async function run(
  path: string,
  records: Map<string, Uint8Array>,
  fault?: StoreFault,
): Promise<{ readonly store: FaultyStore; readonly result?: CrawlResult; readonly error?: Error }> {
  mkdirSync(join(path, 'job', 'store'), { recursive: true });
  const store = new FaultyStore(new MemoryStore(records), fault);
  try {
    const result = await jobCrawl({ folder: path, durability: 'fsync', openStore: async () => store });
    return { store, result, ...(result.error && { error: result.error }) };
  } catch (error) {
    return { store, error: error as Error };
  }
}

/** What is wrong after a run with a fault and one without; nothing: all is exact. */
async function wrongAfter(fault: StoreFault): Promise<string | undefined> {
  const path = folder();
  const records = new Map<string, Uint8Array>();
  const first = await run(path, records, fault);
  if (!first.store.hasFailed) return first.error?.message;
  if (first.error === undefined || first.result?.job?.state === 'finished') return 'the fault went unnoticed';
  const { code } = first.error as Error & { code?: string };
  if (code !== 'ERR_CRAWL_JOB' && code !== 'ERR_CRAWL_STORE') return `${code}: ${first.error.message}`;
  const { result, error } = await run(path, records);
  if (error !== undefined || result?.reason !== 'finished')
    return `the resume ended with ${error?.message ?? result?.reason}`;
  for (const ids of outputsOf(path)) expect(ids).toEqual(EXPECTED);
  if (result.job?.wasFinished !== true) {
    const { 'item/scraped': items, 'page/count': pages } = result.stats;
    expect([items, pages, result.job?.dead]).toEqual([EXPECTED.length, EXPECTED.length - 3, DEAD]);
  }
  rmSync(path, { recursive: true, force: true });
  return undefined;
}

describe('a job whose store fails', () => {
  it(
    'resumes exactly, whichever call of a run fails, is cut short or is not synced',
    async () => {
      const path = folder();
      const { store, result } = await run(path, new Map());
      expect(result?.reason).toBe('finished');
      for (const ids of outputsOf(path)) expect(ids).toEqual(EXPECTED);
      const wrong: string[] = [];
      for (let call = 1; call <= store.calls; call += STEP) {
        const faults = TRIES_ALL ? FAULTS : [FAULTS[call % FAULTS.length] ?? FAULTS[0]];
        for (const fault of faults) {
          if (fault === undefined) continue;
          try {
            const what = await wrongAfter({ call, ...fault });
            if (what !== undefined) wrong.push(`${fault.mode} ${fault.after} at call ${call}: ${what}`);
          } catch (error) {
            wrong.push(`${fault.mode} ${fault.after} at call ${call}: ${(error as Error).message}`);
          }
        }
      }
      expect(wrong).toEqual([]);
    },
    TRIES_ALL ? 3_600_000 : 600_000,
  );
});

describe('a file that a component keeps with a job', () => {
  const runWith = async (durability: 'process' | 'fsync'): Promise<string> => {
    const calls: string[] = [];
    const store = new MemoryStore();
    const batch = store.batch.bind(store);
    store.batch = (changes) => {
      calls.push('batch');
      return batch(changes);
    };
    const extension: Factory<Extension> = ({ syncWith }) => {
      syncWith(async () => {
        calls.push('file');
      });
      return { name: 'file' };
    };
    const settings = { extensions: [extension] };
    await jobCrawl({ folder: folder(), durability, openStore: async () => store, settings });
    return calls.join(' ');
  };

  it('is synced before each batch of records with fsync, and never without', async () => {
    expect(await runWith('fsync')).toMatch(/^(batch )*(file batch ?){5,}$/);
    expect(await runWith('process')).not.toContain('file');
  });
});
