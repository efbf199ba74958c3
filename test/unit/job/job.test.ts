import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/errors/store-error.ts';
import { Job, type JobOptions } from '../../../src/job/job.ts';
import type { JobSubject } from '../../../src/job/job-identity.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';
import { openLevelStore } from '../../../src/store/level-store.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orbweaver-job-'));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

const SUBJECT: JobSubject = {
  release: '1.0.0',
  spider: 'books',
  args: { shelf: 'a', token: 'secret' },
  secretArgs: new Set(['token']),
  settings: DEFAULT_SETTINGS,
};

async function opened(path: string, subject: Partial<JobSubject> = {}, more: Partial<JobOptions> = {}) {
  const logger = new MemoryLogger();
  const clock = new ManualClock();
  const options = { folder: path, clock, logger, subject: { ...SUBJECT, ...subject }, onFault: () => {} };
  const job = await Job.open({ ...options, openStore: openLevelStore, ...more });
  return { job, logger, clock };
}

async function made(path: string, subject: Partial<JobSubject> = {}): Promise<void> {
  const { job, clock } = await opened(path, subject);
  await clock.run(job.begin(new MemoryStats()));
  await clock.run(job.close('shutdown'));
}

describe('Job', () => {
  it('is new in an empty folder, resumed later, and lets go of the folder', async () => {
    const path = folder();
    const first = await opened(path);
    expect([first.job.isResumed, existsSync(join(path, 'owner.json'))]).toEqual([false, true]);
    await first.job.begin(new MemoryStats());
    await first.job.close('shutdown');
    expect(existsSync(join(path, 'owner.json'))).toBe(false);
    const again = await opened(path);
    expect(again.job.isResumed).toBe(true);
    await again.job.release();
  });

  it('refuses another spider or other arguments, unless it is told to go on', async () => {
    const path = folder();
    await made(path);
    const other = { args: { shelf: 'b', token: 'other' } };
    await expect(opened(path, { spider: 'films' })).rejects.toThrow(
      /of spider books, not films.*--job-change/,
    );
    await expect(opened(path, other)).rejects.toThrow(
      /argument shelf: "a" before, "b" now; argument token: a secret/,
    );
    const { job } = await opened(path, other, { mayDiffer: true });
    await job.release();
  });

  it('takes other settings and says which', async () => {
    const path = folder();
    await made(path);
    const settings = { ...DEFAULT_SETTINGS, maxPages: 7, logLevel: 'debug' as const };
    const { job, logger } = await opened(path, { settings });
    expect(logger.records.map(({ message }) => message)).toEqual([
      'setting maxPages: not given before, 7 now',
    ]);
    await job.release();
  });

  it('keeps no secret in its files', async () => {
    const path = folder();
    await made(path);
    expect(readFileSync(join(path, 'job.json'), 'utf8')).not.toContain('"secret"');
  });

  it('keeps no login of a proxy that a session uses, and tells of none', async () => {
    const path = folder();
    const settings = (login: string) => ({
      ...DEFAULT_SETTINGS,
      sessions: { proxies: [`http://${login}@proxy.test:8080`] },
    });
    await made(path, { settings: settings('me:first') });
    expect(readFileSync(join(path, 'job.json'), 'utf8')).not.toContain('first');
    const { job, logger } = await opened(path, { settings: settings('me:second') });
    expect(logger.records.map(({ message }) => message)).toEqual([
      'setting sessions: a secret before, a secret now',
    ]);
    await job.release();
  });

  it('leaves a folder alone that holds something else', async () => {
    const path = folder();
    writeFileSync(join(path, 'thesis.txt'), '');
    await expect(opened(path)).rejects.toMatchObject({ problem: 'foreign' });
    expect(existsSync(join(path, 'store'))).toBe(false);
  });

  it('says that its folder cannot be made', async () => {
    const path = folder();
    writeFileSync(join(path, 'file'), '');
    const places = ['file', 'file/job'].map((name) => join(path, name));
    // Where the file system makes no folders, and Node's own recursion never ends.
    if (process.platform === 'linux') places.push('/proc/nowhere/job');
    for (const place of places) {
      await expect(opened(place)).rejects.toMatchObject({
        problem: 'written',
        message: expect.stringContaining('the folder cannot be made or read'),
      });
    }
  });

  it('is open in one place at a time', async () => {
    const path = folder();
    const { job } = await opened(path);
    await expect(opened(path)).rejects.toThrow(new RegExp(`process ${process.pid} is running it`));
    await job.release();
  });

  describe('whose store somebody has open who only looks at it', () => {
    const clock = new ManualClock();
    /** A store that is in use so many times. */
    const inUse = (times: number): JobOptions['openStore'] => {
      let tries = 0;
      return async (path, options) => {
        tries += 1;
        if (tries > times) return openLevelStore(path, options);
        throw new StoreError(path, 'locked', 'it is in use by another process');
      };
    };

    it('waits for that, also behind a process that was killed', async () => {
      const path = folder();
      await made(path);
      for (const owner of ['', JSON.stringify({ pid: spawnSync(process.execPath, ['--version']).pid })]) {
        writeFileSync(join(path, 'owner.json'), owner);
        const { job } = await clock.run(opened(path, {}, { clock, openStore: inUse(3) }));
        await job.release();
      }
    });

    it('gives up after some seconds, and at once where a process owns it', async () => {
      const path = folder();
      await made(path);
      const openStore = inUse(Number.POSITIVE_INFINITY);
      const startMs = clock.monotonicMs();
      const waiting = clock.run(opened(path, {}, { clock, openStore }));
      await expect(waiting).rejects.toThrow('another process is running it');
      expect(clock.monotonicMs() - startMs).toBe(5000);
      const { pid } = spawnSync(process.execPath, ['--version']);
      writeFileSync(join(path, 'owner.json'), JSON.stringify({ pid }));
      await expect(clock.run(opened(path, {}, { clock, openStore }))).rejects.toThrow(
        'another process is running it',
      );
      writeFileSync(join(path, 'owner.json'), JSON.stringify({ pid: process.pid }));
      await expect(opened(path, {}, { clock, openStore })).rejects.toThrow('is running it');
    });
  });

  it('says that a later release made it', async () => {
    const path = folder();
    const { job } = await opened(path);
    job.journal.put('sjob', JSON.stringify({ ...job.identity, format: 2, release: '9.0.0' }));
    await job.journal.close();
    await job.release();
    await expect(opened(path)).rejects.toThrow(/release 9.0.0 made it/);
  });

  it('does not begin anew where its records are gone', async () => {
    const path = folder();
    await made(path);
    rmSync(join(path, 'store'), { recursive: true });
    await expect(opened(path)).rejects.toMatchObject({ problem: 'damaged' });
  });

  it('knows how it came to its end', async () => {
    const path = folder();
    const first = await opened(path);
    await first.job.begin(new MemoryStats());
    await first.job.close('finished', { pages: 3, items: 2, dead: 1 });
    const { job } = await opened(path);
    expect(job.finish).toMatchObject({ pages: 3, items: 2, dead: 1 });
    await job.release();
  });

  it('brings counters and states back as they were in the last batch', async () => {
    const path = folder();
    const stats = new MemoryStats();
    const first = await opened(path);
    const state = first.job.memory.state('spider');
    await first.job.begin(stats);
    stats.inc('page/count', 3);
    state.seen = 4;
    await first.job.close('shutdown');
    const { job } = await opened(path);
    const later = new MemoryStats();
    await job.begin(later);
    expect([later.get('page/count'), job.memory.state('spider')]).toEqual([3, { seen: 4 }]);
    await job.release();
  });

  it('ends with a message where a state is no plain data', async () => {
    const { job } = await opened(folder());
    const state = job.memory.state('spider');
    state.self = state;
    await expect(job.begin(new MemoryStats())).rejects.toThrow(/state of spider is no plain data/);
    await job.release();
  });

  it('keeps what says itself how it is kept', async () => {
    const { job, clock } = await opened(folder());
    const state = job.memory.state('cookies');
    await clock.run(job.begin(new MemoryStats()));
    state.jar = { held: new Map(), toJSON: () => ['a'] };
    await clock.run(job.close('shutdown'));
  });

  it.each([
    ['a Set', new Set([1]), 'state.seen is a Set'],
    ['a Map', new Map([[1, 2]]), 'state.seen is a Map'],
    ['a Date', new Date(0), 'state.seen is a Date'],
    ['no number', Number.NaN, 'state.seen is NaN'],
  ])('ends with a message where a state would come back as something else: %s', async (_what, seen, said) => {
    const { job, clock } = await opened(folder());
    const state = job.memory.state('spider');
    await clock.run(job.begin(new MemoryStats()));
    state.seen = seen;
    job.journal.changed();
    await expect(job.journal.flushed()).rejects.toThrow(said);
    await job.release();
  });

  it('is made anew where a process ended while it made the store', async () => {
    const path = folder();
    mkdirSync(join(path, 'store'));
    const { job } = await opened(path);
    expect(job.isResumed).toBe(false);
    await job.release();
  });

  it('opens without its readable copy, and writes it again', async () => {
    const path = folder();
    await made(path);
    writeFileSync(join(path, 'job.json'), '{"format":');
    await (await opened(path)).job.release();
    expect(JSON.parse(readFileSync(join(path, 'job.json'), 'utf8'))).toMatchObject({ spider: 'books' });
  });
});
