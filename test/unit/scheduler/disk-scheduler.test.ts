import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Lease } from '../../../src/contracts/scheduler.ts';
import type { DiskScheduler } from '../../../src/scheduler/disk-scheduler.ts';
import { SEEN_IMAGE } from '../../../src/scheduler/frontier-state.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { candidate, schedulerContract } from '../../contract/scheduler.ts';
import { DiskFrontier } from '../../support/disk-frontier.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const made: DiskFrontier[] = [];
function frontier(): DiskFrontier {
  const one = new DiskFrontier();
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

describe('DiskScheduler', () => {
  schedulerContract((setup) => frontier().open(setup), { strictAcrossHosts: true });
});

describe('DiskScheduler with little memory', () => {
  schedulerContract((setup) => frontier().open({ ...setup, pageSize: 4, mostHeld: 8 }), {
    strictAcrossHosts: true,
  });
});

describe('a frontier that is opened again', () => {
  const clock = new ManualClock();
  const takeOne = async (scheduler: DiskScheduler): Promise<Lease> => {
    const { leases } = await scheduler.take({ leases: 1, origins: 0 });
    if (leases[0] === undefined) throw new Error('nothing was lent');
    return leases[0];
  };

  it('has what was queued, delayed, dead and delivered', async () => {
    const job = frontier();
    const first = await job.open({ clock });
    await first.push([1, 2, 3, 4, 5].map((at) => candidate(`http://a.test/${at}`)));
    await first.commit(await takeOne(first), { requests: [], delivered: true });
    await first.fail(await takeOne(first), { dead: 'status 500', status: 500 });
    await first.fail(await takeOne(first), { retryInMs: 5000, reason: 'later', priorityAdjust: -1 });
    await first.flushed();
    const again = await job.open({ clock });
    expect(again.counts()).toEqual({ queued: 2, delayed: 1, leased: 0, dead: 1, delivered: 1, known: 5 });
    expect(await again.list({ state: 'dead' }, 0, 10)).toMatchObject([{ reason: 'status 500', status: 500 }]);
  });

  it('does without the image of the duplicate filter where it cannot be written', async () => {
    const job = frontier();
    const first = await job.open({ clock, imageAfter: 1000 });
    mkdirSync(join(job.folder, SEEN_IMAGE));
    const urls = Array.from({ length: 110 }, (_, at) => `http://a.test/${at}`);
    await first.push(urls.map((url) => candidate(url)));
    await first.close();
    expect(job.imageFaults).toMatchObject([{ code: 'EISDIR' }]);
    expect(job.faults).toEqual([]);
    rmdirSync(join(job.folder, SEEN_IMAGE));
    const again = await job.open({ clock });
    expect(again.counts()).toMatchObject({ queued: urls.length, known: urls.length });
  });

  it('removes images that were being written when a process ended', async () => {
    const job = frontier();
    for (const name of ['seen-0123456789ab.tmp', `${SEEN_IMAGE}.tmp`, SEEN_IMAGE])
      writeFileSync(join(job.folder, name), 'half');
    await job.open({ clock });
    expect(readdirSync(job.folder)).toEqual([SEEN_IMAGE]);
  });

  it('takes back what was lent, with the next attempt, before all others', async () => {
    const job = frontier();
    const first = await job.open({ clock });
    await first.push([1, 2, 3].map((at) => candidate(`http://a.test/${at}`)));
    const { request } = await takeOne(first);
    await first.push([candidate('http://a.test/new')]);
    await first.flushed();
    const again = await job.open({ clock });
    expect(await takeOne(again)).toMatchObject({ attempt: 2, request: { url: request.url } });
  });

  it('keeps the longer of two blocks, in whatever order they came', async () => {
    for (const blocks of [
      [600_000, 2000],
      [2000, 600_000],
    ]) {
      const job = frontier();
      const first = await job.open({ clock });
      for (const forMs of blocks) first.block('a.test', forMs);
      await first.flushed();
      expect((await job.open({ clock })).hostState('a.test')?.blockedForMs).toBe(600_000);
    }
  });

  it('keeps a block that is shorter than the delay of its host', async () => {
    const job = frontier();
    const first = await job.open({ clock, delayMs: 9000 });
    await first.push([candidate('http://a.test/')]);
    first.downloaded(await takeOne(first), { latencyMs: 1, status: 200 });
    first.block('a.test', 5000);
    await first.flushed();
    expect((await job.open({ clock })).hostState('a.test')?.blockedForMs).toBe(5000);
  });

  it('keeps no block that was ended, but a shorter one that came after', async () => {
    const job = frontier();
    const first = await job.open({ clock });
    first.block('a.test', 600_000);
    first.unblock('a.test');
    first.block('a.test', 5000);
    await first.flushed();
    expect((await job.open({ clock })).hostState('a.test')?.blockedForMs).toBe(5000);
  });

  it('drops what was queued when it was asked to, and nothing that the crawl takes or adds meanwhile', async () => {
    const moments = Array.from({ length: 12 }, (_, ticks) => ticks);
    let left = 0;
    for (const ticks of [...moments, ...moments]) {
      const options = left++ % 2 === 0 ? {} : { pageSize: 4, mostHeld: 8 };
      const job = frontier();
      const first = await job.open({ clock, ...options });
      await first.push(Array.from({ length: 40 }, (_, at) => candidate(`http://a.test/${at}`)));
      const [done, back] = [await takeOne(first), await takeOne(first)];
      const dropping = first.drop({ state: 'queued', host: 'a.test' });
      for (let tick = 0; tick < ticks; tick++) await setImmediate();
      first.fail(back, { returned: true });
      const lent = await takeOne(first);
      first.commit(done, { requests: [candidate('http://a.test/new')], delivered: true });
      const dropped = await dropping;
      const { queued } = first.counts();
      expect(dropped + queued).toBe(39);
      first.commit(lent, { requests: [], delivered: true });
      await first.close();
      const again = await job.open({ clock, ...options });
      expect(again.counts()).toMatchObject({ queued, delivered: 2 });
      for (let count = 0; count < queued; count++) await takeOne(again);
    }
  });

  it('compacts its queues once most of what is on disk of them was dropped', async () => {
    const job = frontier();
    const compacted: (string | undefined)[][] = [];
    class Compacting extends MemoryStore {
      async compact(...range: string[]): Promise<void> {
        compacted.push(range);
      }
    }
    const first = await job.open({ clock, compactAfter: 4 }, new Compacting(job.records));
    const hosts = ['a.test', 'b.test', 'c.test', 'd.test'];
    await first.push(hosts.flatMap((host) => [1, 2, 3].map((at) => candidate(`http://${host}/${at}`))));
    await first.drop({ host: 'a.test' });
    await first.drop({ host: 'nowhere.test' });
    expect(compacted).toEqual([]);
    await first.drop({ host: 'b.test' });
    expect(compacted).toEqual([['q', 'r']]);
    await first.drop({ host: 'c.test' });
    expect(compacted.length).toBe(1);
    await first.drop({});
    expect(compacted.length).toBe(2);
  });

  it.each([
    ['two drops', [{ state: 'queued' }, { state: 'queued' }], [], { queued: 0, dead: 3 }, [3, 0]],
    ['two drops of dead ones', [{ state: 'dead' }, { state: 'dead' }], [], { queued: 3, dead: 0 }, [3, 0]],
    ['two requeues', [], [{ state: 'dead' }, { state: 'dead' }], { queued: 6, dead: 0 }, [3, 0]],
    ['a drop and a requeue', [{ state: 'dead' }], [{ state: 'dead' }], { queued: 3, dead: 0 }, [3, 0]],
  ] as const)(
    'counts nothing twice where %s are asked for at once',
    async (_what, drops, requeues, counts, given) => {
      const job = frontier();
      const first = await job.open({ clock });
      await first.push([1, 2, 3, 4, 5, 6].map((at) => candidate(`http://a.test/${at}`)));
      for (let count = 0; count < 3; count++) first.fail(await takeOne(first), { dead: 'gone' });
      await first.flushed();
      const changes = [
        ...drops.map((where) => first.drop(where)),
        ...requeues.map((where) => first.requeue(where)),
      ];
      expect(await Promise.all(changes)).toEqual(given);
      expect(first.counts()).toMatchObject(counts);
      await first.close();
      expect((await job.open({ clock })).counts()).toMatchObject(counts);
    },
  );

  it('does not give up a request for orderly ends, however much of its page was handed on', async () => {
    const job = frontier();
    await (await job.open({ clock })).push([candidate('http://a.test/large')]);
    await job.journal?.flushed();
    for (let process = 0; process < 5; process++) {
      const scheduler = await job.open({ clock });
      const lease = await takeOne(scheduler);
      await scheduler.push([candidate(`http://b.test/${process}`)], { items: [], lease });
      scheduler.fail(lease, { returned: true });
      await scheduler.drop({ state: 'queued', host: 'b.test' });
      await scheduler.close();
    }
    const scheduler = await job.open({ clock });
    expect((await takeOne(scheduler)).attempt).toBe(2);
    await job.journal?.flushed();
    expect((await job.open({ clock })).counts()).toMatchObject({ queued: 1, dead: 0 });
  });

  it('gives up a request that was worked on each time the process ended', async () => {
    const job = frontier();
    await (await job.open({ clock })).push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
    await job.journal?.flushed();
    for (let process = 0; process < 3; process++) {
      const scheduler = await job.open({ clock });
      await scheduler.arrived(await takeOne(scheduler));
    }
    const last = await job.open({ clock });
    expect(last.counts()).toMatchObject({ queued: 1, dead: 1 });
    expect(await last.list({ state: 'dead' }, 0, 10)).toMatchObject([
      { reason: 'the process ended 3 times while this page was worked on' },
    ]);
  });

  it('does not suspect a page that was only waited for', async () => {
    const job = frontier();
    await (await job.open({ clock })).push([candidate('http://a.test/1')]);
    await job.journal?.flushed();
    for (let process = 0; process < 5; process++) {
      await takeOne(await job.open({ clock }));
      await job.journal?.flushed();
    }
    const last = await job.open({ clock });
    expect(last.counts()).toMatchObject({ queued: 1, dead: 0 });
    expect(await takeOne(last)).toMatchObject({ attempt: 2 });
  });
});
