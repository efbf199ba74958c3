import { describe, expect, it } from 'vitest';
import type { HostLimits, Lease, Scheduler, Want } from '../../src/contracts/scheduler.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import type { Candidate } from '../../src/values/candidate.ts';
import { fingerprint } from '../../src/values/fingerprint.ts';
import { Request, type RequestOptions } from '../../src/values/request.ts';
import { hostKey, originOf } from '../../src/values/url-origin.ts';

/** What the suite asks an implementation to be made with. */
export interface SchedulerSetup {
  readonly clock: ManualClock;
  readonly order: 'lifo' | 'fifo';
  readonly concurrency: number;
  readonly delayMs: number;
  readonly prepareOrigins: boolean;
  /** Limits by name or pattern, as in the settings. */
  readonly hostLimits: Readonly<Record<string, HostLimits>>;
}

/** What an implementation declares. */
export interface SchedulerTraits {
  /** Across hosts, requests go strictly by priority, then by who was served least recently. */
  readonly strictAcrossHosts: boolean;
}

type Create = (setup: SchedulerSetup) => Scheduler | Promise<Scheduler>;

/** A candidate as the engine makes it. */
export function candidate(
  url: string,
  { host, ...options }: RequestOptions<never> & { readonly host?: string } = {},
): Candidate {
  const request = new Request(url, options);
  return {
    request,
    fingerprint: fingerprint(request),
    host: host ?? hostKey(request.url),
    origin: originOf(request.url),
    filtered: !request.dontFilter,
  };
}

const EVERYTHING: Want = { leases: 1000, origins: 1000 };

/** Lets go of a lease's host after a download. */
function finish(scheduler: Scheduler, lease: Lease): void {
  scheduler.downloaded(lease, { latencyMs: 1, status: 200 });
}

/** The rules that every scheduler keeps; a user's own runs them too. */
export function schedulerContract(create: Create, { strictAcrossHosts }: SchedulerTraits): void {
  const clock = new ManualClock();
  const make = (changes: Partial<SchedulerSetup> = {}): Promise<Scheduler> =>
    Promise.resolve(
      create({
        clock,
        order: 'lifo',
        concurrency: 1000,
        delayMs: 0,
        prepareOrigins: false,
        hostLimits: {},
        ...changes,
      }),
    );
  const take = async (scheduler: Scheduler, leases = 1000): Promise<string[]> =>
    (await scheduler.take({ leases, origins: 0 })).leases.map(({ request }) => request.url);
  const takeOne = async (scheduler: Scheduler): Promise<Lease> => {
    const { leases } = await scheduler.take({ leases: 1, origins: 0 });
    const [lease] = leases;
    if (lease === undefined) throw new Error('nothing was lent');
    return lease;
  };

  describe('idle hosts', () => {
    it('knows when a host has nothing left', async () => {
      const scheduler = await make();
      expect(scheduler.isHostIdle('a.test')).toBe(true);
      await scheduler.push([candidate('http://a.test/1')]);
      expect(scheduler.isHostIdle('a.test')).toBe(false);
      const { leases } = await scheduler.take({ leases: 1, origins: 0 });
      expect(scheduler.isHostIdle('a.test')).toBe(false);
      for (const lease of leases) finish(scheduler, lease);
      expect(scheduler.isHostIdle('a.test')).toBe(true);
    });
  });

  describe('order', () => {
    it('hands out the highest priority first', async () => {
      const scheduler = await make();
      await scheduler.push([
        candidate('http://a.test/low'),
        candidate('http://a.test/high', { priority: 5 }),
      ]);
      expect(await take(scheduler)).toEqual(['http://a.test/high', 'http://a.test/low']);
    });

    it('hands out the newest of equals first with lifo', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      expect(await take(scheduler)).toEqual(['http://a.test/2', 'http://a.test/1']);
    });

    it('hands out the oldest of equals first with fifo', async () => {
      const scheduler = await make({ order: 'fifo' });
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      expect(await take(scheduler)).toEqual(['http://a.test/1', 'http://a.test/2']);
    });

    it.runIf(strictAcrossHosts)('turns to the host that was served least recently', async () => {
      const scheduler = await make({ order: 'fifo' });
      const urls = ['http://a.test/1', 'http://a.test/2', 'http://b.test/1', 'http://b.test/2'];
      await scheduler.push(urls.map((url) => candidate(url)));
      const taken = await take(scheduler);
      expect(taken.map((url) => url.slice(7, 8))).toEqual(['a', 'b', 'a', 'b']);
    });

    it.runIf(strictAcrossHosts)('prefers the host whose next request has the highest priority', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/1'), candidate('http://b.test/1', { priority: 1 })]);
      expect(await take(scheduler, 1)).toEqual(['http://b.test/1']);
    });
  });

  describe('duplicate filter', () => {
    it('refuses a request that it knows, and names it', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      const result = await scheduler.push([candidate('http://a.test/'), candidate('http://a.test/new')]);
      expect(result.queued).toBe(1);
      expect(result.duplicates.map(({ request }) => request.url)).toEqual(['http://a.test/']);
    });

    it('takes an unfiltered request again, and records it', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/', { dontFilter: true })]);
      await scheduler.push([candidate('http://a.test/', { dontFilter: true })]);
      expect(scheduler.counts()).toMatchObject({ queued: 2, known: 1 });
      expect((await scheduler.push([candidate('http://a.test/')])).queued).toBe(0);
    });

    it('knows a request after its commit and after its failure', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      await scheduler.commit(await takeOne(scheduler), { requests: [], delivered: true });
      await scheduler.fail(await takeOne(scheduler), { dead: 'status 500' });
      const again = await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      expect(again.queued).toBe(0);
    });
  });

  describe('hosts', () => {
    it('lends no more of a host than may be downloaded at once', async () => {
      const scheduler = await make({ concurrency: 2 });
      await scheduler.push([1, 2, 3].map((at) => candidate(`http://a.test/${at}`)));
      const { leases } = await scheduler.take(EVERYTHING);
      expect(leases).toHaveLength(2);
      expect(await take(scheduler)).toEqual([]);
      for (const lease of leases) finish(scheduler, lease);
      expect(await take(scheduler)).toHaveLength(1);
    });

    it('keeps a lease while its host is free again', async () => {
      const scheduler = await make({ concurrency: 1 });
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      finish(scheduler, await takeOne(scheduler));
      await takeOne(scheduler);
      expect(scheduler.counts().leased).toBe(2);
    });

    it('waits for the delay of a host, and for no other host', async () => {
      const scheduler = await make({ delayMs: 1000 });
      await scheduler.push(
        ['http://a.test/1', 'http://a.test/2', 'http://b.test/1'].map((url) => candidate(url)),
      );
      expect(await take(scheduler)).toHaveLength(2);
      expect((await scheduler.take(EVERYTHING)).dueInMs).toBe(1000);
      await clock.advance(999);
      expect(await take(scheduler)).toEqual([]);
      await clock.advance(1);
      expect(await take(scheduler)).toEqual(['http://a.test/1']);
    });

    it('asks for no delay where nothing was downloaded', async () => {
      const scheduler = await make({ delayMs: 1000 });
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      scheduler.downloaded(await takeOne(scheduler), undefined);
      finish(scheduler, await takeOne(scheduler));
      await scheduler.push([candidate('http://a.test/3')]);
      expect(await take(scheduler)).toEqual([]);
    });

    it('keeps the delay of a host whose queue is empty', async () => {
      const scheduler = await make({ delayMs: 1000 });
      await scheduler.push([candidate('http://a.test/1')]);
      finish(scheduler, await takeOne(scheduler));
      await scheduler.push([candidate('http://a.test/2')]);
      expect(await take(scheduler)).toEqual([]);
      await clock.advance(1000);
      expect(await take(scheduler)).toEqual(['http://a.test/2']);
    });

    it('lends nothing of a blocked host until the block is over', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/'), candidate('http://b.test/')]);
      scheduler.block('a.test', 5000);
      expect(await take(scheduler)).toEqual(['http://b.test/']);
      await clock.advance(5000);
      expect(await take(scheduler)).toEqual(['http://a.test/']);
    });

    it('ends a block, but not the delay of the host', async () => {
      const scheduler = await make({ delayMs: 1000 });
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      finish(scheduler, await takeOne(scheduler));
      scheduler.block('a.test', 5000);
      scheduler.unblock('a.test');
      expect((await scheduler.take(EVERYTHING)).dueInMs).toBe(1000);
      await clock.advance(1000);
      expect(await take(scheduler)).toHaveLength(1);
    });

    it('says how its hosts stand', async () => {
      const scheduler = await make({ concurrency: 3, hostLimits: { 'a.test': { delayMs: 500 } } });
      await scheduler.push([1, 2].map((at) => candidate(`http://a.test/${at}`)));
      await takeOne(scheduler);
      scheduler.block('a.test', 5000);
      await clock.advance(1000);
      const state = {
        name: 'a.test',
        queued: 1,
        inFlight: 1,
        concurrency: 3,
        delayMs: 500,
        blockedForMs: 4000,
        failures: 0,
        limits: { delayMs: 500 },
      };
      expect(scheduler.hostState('a.test')).toEqual(state);
      expect([...scheduler.hostStates()]).toEqual([state]);
      expect(scheduler.hostState('b.test')).toBeUndefined();
    });

    it('changes the limits of all hosts that a pattern means, known or not', async () => {
      const scheduler = await make();
      const urls = ['a.test', 'b.test', 'c.test'].flatMap((host) =>
        [1, 2, 3].map((at) => candidate(`http://${host}/${at}`)),
      );
      scheduler.setLimits({ host: { name: 'b.test', concurrency: 3 } });
      await scheduler.push(urls.slice(0, 6));
      scheduler.setLimits({ host: { name: '*', concurrency: 1 } });
      await scheduler.push(urls.slice(6));
      expect((await take(scheduler)).sort()).toEqual(
        expect.arrayContaining(['http://b.test/1', 'http://b.test/2', 'http://b.test/3']),
      );
      expect(scheduler.counts().leased).toBe(5);
    });

    it('keeps the longer of two blocks', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      scheduler.block('a.test', 5000);
      scheduler.block('a.test', 10);
      await clock.advance(4999);
      expect(await take(scheduler)).toEqual([]);
    });

    it('hands out an unknown origin for preparation and nothing else of it', async () => {
      const scheduler = await make({ prepareOrigins: true });
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      const { leases, origins } = await scheduler.take(EVERYTHING);
      expect(leases).toEqual([]);
      expect(origins).toEqual([{ host: 'a.test', origin: 'http://a.test' }]);
      expect((await scheduler.take(EVERYTHING)).origins).toEqual([]);
      for (const origin of origins) scheduler.originReady(origin, 60_000);
      expect(await take(scheduler)).toHaveLength(2);
    });

    it('asks for preparation again when it has run out', async () => {
      const scheduler = await make({ prepareOrigins: true });
      await scheduler.push([candidate('http://a.test/1')]);
      for (const origin of (await scheduler.take(EVERYTHING)).origins) scheduler.originReady(origin, 60_000);
      expect(await take(scheduler)).toHaveLength(1);
      await clock.advance(60_000);
      await scheduler.push([candidate('http://a.test/2')]);
      expect((await scheduler.take(EVERYTHING)).origins).toHaveLength(1);
    });

    it('keeps a host to its rate, after what may start at once', async () => {
      const scheduler = await make({ hostLimits: { 'a.test': { ratePerMinute: 6, burst: 2 } } });
      await scheduler.push([1, 2, 3, 4, 5].map((at) => candidate(`http://a.test/${at}`)));
      for (const lease of (await scheduler.take(EVERYTHING)).leases) finish(scheduler, lease);
      expect(scheduler.counts().leased).toBe(2);
      expect((await scheduler.take(EVERYTHING)).dueInMs).toBe(10_000);
      await clock.advance(10_000);
      expect(await take(scheduler)).toHaveLength(1);
      await clock.advance(20_000);
      expect(await take(scheduler)).toHaveLength(2);
    });

    it('counts nothing towards the rate that was not downloaded', async () => {
      const scheduler = await make({ hostLimits: { 'a.test': { ratePerMinute: 6 } } });
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      scheduler.downloaded(await takeOne(scheduler), undefined);
      finish(scheduler, await takeOne(scheduler));
      await scheduler.push([candidate('http://a.test/3')]);
      expect((await scheduler.take(EVERYTHING)).dueInMs).toBe(10_000);
    });

    it('takes the limits whose name or pattern comes closest', async () => {
      const scheduler = await make({
        hostLimits: {
          '*': { concurrency: 4 },
          '*.b.test': { concurrency: 3 },
          'c.b.test': { concurrency: 2 },
        },
      });
      const counts: number[] = [];
      for (const host of ['a.test', 'b.test', 'x.y.b.test', 'x.b.test:8080', 'c.b.test:8080']) {
        await scheduler.push([1, 2, 3, 4, 5].map((at) => candidate(`http://${host}/${at}`)));
        counts.push((await take(scheduler)).length);
      }
      expect(counts).toEqual([4, 4, 3, 3, 2]);
    });

    it('changes the limits of one host while it runs', async () => {
      const scheduler = await make({ concurrency: 5 });
      scheduler.setLimits({ host: { name: 'a.test', concurrency: 1 } });
      await scheduler.push([1, 2, 3].map((at) => candidate(`http://a.test/${at}`)));
      expect(await take(scheduler)).toHaveLength(1);
    });
  });

  describe('places outside of the queue', () => {
    const { signal } = new AbortController();

    it('go before queued requests of their host', async () => {
      const scheduler = await make({ concurrency: 1 });
      await scheduler.push([candidate('http://a.test/1'), candidate('http://a.test/2')]);
      const lease = await takeOne(scheduler);
      const entering = scheduler.enter('a.test', signal);
      finish(scheduler, lease);
      expect(await take(scheduler)).toEqual([]);
      scheduler.downloaded(await entering, undefined);
      expect(await take(scheduler)).toHaveLength(1);
    });

    it('wait for the delay of their host', async () => {
      const scheduler = await make({ delayMs: 1000 });
      await scheduler.enter('a.test', signal);
      let hasEntered = false;
      void scheduler.enter('a.test', signal).then(() => {
        hasEntered = true;
      });
      await clock.advance(999);
      expect(hasEntered).toBe(false);
      await clock.advance(1);
      expect(hasEntered).toBe(true);
    });

    it('are given up when their signal says so', async () => {
      const scheduler = await make({ concurrency: 1 });
      const controller = new AbortController();
      await scheduler.enter('a.test', signal);
      const entering = scheduler.enter('a.test', controller.signal);
      controller.abort(new Error('enough'));
      await expect(entering).rejects.toThrow('enough');
    });

    it('are open to an origin that is still being prepared', async () => {
      const scheduler = await make({ prepareOrigins: true });
      await scheduler.push([candidate('http://a.test/1')]);
      await scheduler.take(EVERYTHING);
      await expect(scheduler.enter('a.test', signal)).resolves.toMatchObject({ host: 'a.test' });
    });
  });

  describe('leases', () => {
    it('takes only one commit or failure for a lease', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      const lease = await takeOne(scheduler);
      expect(await scheduler.commit(lease, { requests: [], delivered: true })).toMatchObject({ ack: 'ok' });
      expect(await scheduler.commit(lease, { requests: [], delivered: true })).toMatchObject({
        ack: 'stale',
      });
      expect(await scheduler.fail(lease, { dead: 'x' })).toBe('stale');
      expect(scheduler.counts()).toMatchObject({ leased: 0, delivered: 1, dead: 0 });
    });

    it('queues nothing of a stale commit', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      const lease = await takeOne(scheduler);
      await scheduler.fail(lease, { returned: true });
      await scheduler.commit(lease, { requests: [candidate('http://a.test/late')], delivered: true });
      expect(scheduler.counts()).toMatchObject({ queued: 1, delivered: 0 });
    });

    it('queues what a page led to with its commit', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      const requests = [candidate('http://a.test/next'), candidate('http://a.test/')];
      const result = await scheduler.commit(await takeOne(scheduler), { requests, delivered: true });
      expect(result).toMatchObject({ ack: 'ok', queued: 1 });
      expect(await take(scheduler)).toEqual(['http://a.test/next']);
    });

    it('puts a retry off, counts it, and lowers its priority', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/'), candidate('http://a.test/x', { priority: -1 })]);
      const first = await takeOne(scheduler);
      await scheduler.fail(first, { retryInMs: 1000, reason: 'status 503', priorityAdjust: -2 });
      expect(scheduler.counts()).toMatchObject({ delayed: 1, leased: 0 });
      await clock.advance(1000);
      const { leases } = await scheduler.take(EVERYTHING);
      expect(leases.map(({ request, retries }) => [request.url, retries])).toEqual([
        ['http://a.test/x', 0],
        ['http://a.test/', 1],
      ]);
    });

    it('lends a returned request again as if nothing had been', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      await scheduler.fail(await takeOne(scheduler), { returned: true });
      expect(await takeOne(scheduler)).toMatchObject({ attempt: 1, retries: 0 });
    });
  });

  describe('limit of pages', () => {
    it('lends no more than may still be delivered', async () => {
      const scheduler = await make();
      scheduler.setLimits({ maxPages: 2 });
      await scheduler.push([1, 2, 3].map((at) => candidate(`http://a.test/${at}`)));
      const { leases } = await scheduler.take(EVERYTHING);
      expect(leases).toHaveLength(2);
      for (const lease of leases) await scheduler.commit(lease, { requests: [], delivered: true });
      expect(await take(scheduler)).toEqual([]);
    });

    it('gives back the place of a unit that delivered nothing', async () => {
      const scheduler = await make();
      scheduler.setLimits({ maxPages: 1 });
      await scheduler.push([1, 2, 3].map((at) => candidate(`http://a.test/${at}`)));
      await scheduler.commit(await takeOne(scheduler), { requests: [], delivered: false });
      await scheduler.fail(await takeOne(scheduler), { dead: 'x' });
      expect(await take(scheduler)).toHaveLength(1);
    });

    it('goes on with a higher one', async () => {
      const scheduler = await make();
      scheduler.setLimits({ maxPages: 1 });
      await scheduler.push([1, 2].map((at) => candidate(`http://a.test/${at}`)));
      await scheduler.commit(await takeOne(scheduler), { requests: [], delivered: true });
      scheduler.setLimits({ maxPages: 2 });
      expect(await take(scheduler)).toHaveLength(1);
    });
  });

  describe('control', () => {
    it('lends nothing while it is paused', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      scheduler.pause();
      expect(await take(scheduler)).toEqual([]);
      scheduler.resume();
      expect(await take(scheduler)).toHaveLength(1);
    });

    it('keeps dead requests with their reasons, and queues them again', async () => {
      const scheduler = await make();
      await scheduler.push([candidate('http://a.test/')]);
      await scheduler.fail(await takeOne(scheduler), { dead: 'status 404' });
      expect(await scheduler.list({ state: 'dead' }, 0, 10)).toMatchObject([
        { reason: 'status 404', host: 'a.test' },
      ]);
      expect(await scheduler.requeue({ state: 'dead' })).toBe(1);
      expect(scheduler.counts()).toMatchObject({ dead: 0, queued: 1 });
    });

    it('forgets the requests of a host, but not those of others', async () => {
      const scheduler = await make();
      await scheduler.push(
        ['http://a.test/1', 'http://a.test/2', 'http://b.test/'].map((url) => candidate(url)),
      );
      expect(await scheduler.drop({ host: 'a.test' })).toBe(2);
      expect(await take(scheduler)).toEqual(['http://b.test/']);
    });

    it('lists in order of ids, in pages', async () => {
      const scheduler = await make();
      await scheduler.push([1, 2, 3].map((at) => candidate(`http://a.test/${at}`)));
      const [first] = await scheduler.list({}, 0, 1);
      const rest = await scheduler.list({}, first?.id ?? 0, 10);
      expect([first, ...rest].map((one) => one?.request.url.at(-1))).toEqual(['1', '2', '3']);
    });

    it('tells when take may give more', async () => {
      const scheduler = await make({ concurrency: 1 });
      let calls = 0;
      scheduler.onReady(() => {
        calls += 1;
      });
      await scheduler.push([candidate('http://a.test/')]);
      const afterPush = calls;
      const lease = await takeOne(scheduler);
      finish(scheduler, lease);
      expect(afterPush).toBeGreaterThan(0);
      expect(calls).toBeGreaterThan(afterPush);
    });
  });

  describe('at random', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      it(`loses, doubles and disorders nothing (seed ${seed})`, () => randomRun(create, seed));
    }
  });
}

/** What the scheduler should hold, in the plainest form. */
interface Model {
  readonly known: Set<string>;
  readonly queued: Map<string, { priority: number; sequence: number }>;
  readonly delayed: Map<string, number>;
  readonly leased: Map<string, Lease>;
  delivered: number;
  dead: number;
}

async function randomRun(create: Create, seed: number): Promise<void> {
  const random = generator(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  const clock = new ManualClock();
  const order = pick(2) === 0 ? 'lifo' : 'fifo';
  const scheduler = await create({
    clock,
    order,
    concurrency: 1000,
    delayMs: 0,
    prepareOrigins: false,
    hostLimits: {},
  });
  const model: Model = {
    known: new Set(),
    queued: new Map(),
    delayed: new Map(),
    leased: new Map(),
    delivered: 0,
    dead: 0,
  };
  let sequence = 0;
  const note = (one: Candidate): void => {
    const { url, priority } = one.request;
    if (model.known.has(url)) return;
    model.known.add(url);
    model.queued.set(url, { priority, sequence: ++sequence });
  };
  const some = (): Candidate[] =>
    Array.from({ length: pick(5) }, () => candidate(`http://a.test/${pick(300)}`, { priority: pick(3) }));
  const due = (): void => {
    for (const [url, atMs] of [...model.delayed].sort((a, b) => a[1] - b[1])) {
      if (atMs > clock.monotonicMs()) continue;
      model.delayed.delete(url);
      model.queued.set(url, { priority: -1, sequence: ++sequence });
    }
  };
  const expected = (): string | undefined => {
    const sign = order === 'lifo' ? -1 : 1;
    const sorted = [...model.queued].sort(
      ([, a], [, b]) => b.priority - a.priority || sign * (a.sequence - b.sequence),
    );
    return sorted[0]?.[0];
  };
  for (let step = 0; step < 400; step++) {
    const lease = [...model.leased.values()][pick(Math.max(1, model.leased.size))];
    switch (pick(6)) {
      case 0: {
        const given = some();
        await scheduler.push(given);
        for (const one of given) note(one);
        break;
      }
      case 1:
      case 2: {
        due();
        const wanted = expected();
        const { leases } = await scheduler.take({ leases: 1, origins: 0 });
        expect(leases[0]?.request.url).toBe(wanted);
        if (wanted === undefined || leases[0] === undefined) break;
        model.queued.delete(wanted);
        model.leased.set(wanted, leases[0]);
        break;
      }
      case 3: {
        if (lease === undefined) break;
        const given = some();
        model.leased.delete(lease.request.url);
        scheduler.downloaded(lease, { latencyMs: 5, status: 200 });
        await scheduler.commit(lease, { requests: given, delivered: true });
        model.delivered += 1;
        for (const one of given) note(one);
        break;
      }
      case 4: {
        if (lease === undefined) break;
        const { url } = lease.request;
        model.leased.delete(url);
        scheduler.downloaded(lease, undefined);
        if (pick(4) === 0) {
          await scheduler.fail(lease, { dead: 'gone' });
          model.dead += 1;
        } else {
          // One millisecond apart, so that the order of due retries is the order of their times.
          const retryInMs = 1 + step * 1000;
          const current = lease.request.priority + (lease.retries > 0 ? -1 - lease.request.priority : 0);
          await scheduler.fail(lease, { retryInMs, reason: 'later', priorityAdjust: -1 - current });
          model.delayed.set(url, clock.monotonicMs() + retryInMs);
        }
        break;
      }
      default:
        await clock.advance(pick(20_000));
    }
    due();
    await scheduler.take({ leases: 0, origins: 0 });
    expect(scheduler.counts()).toEqual({
      queued: model.queued.size,
      delayed: model.delayed.size,
      leased: model.leased.size,
      dead: model.dead,
      delivered: model.delivered,
      known: model.known.size,
    });
  }
}

/** A small generator of numbers from 0 up to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
