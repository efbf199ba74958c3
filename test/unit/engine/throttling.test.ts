import { describe, expect, it } from 'vitest';
import { ConnectionLostError } from '../../../src/errors/connection-lost-error.ts';
import { ConnectionRefusedError } from '../../../src/errors/connection-refused-error.ts';
import { DnsError } from '../../../src/errors/dns-error.ts';
import { DownloadTimeoutError } from '../../../src/errors/download-timeout-error.ts';
import { Request, type RequestOptions } from '../../../src/values/request.ts';
import { EngineRun } from '../../support/engine-run.ts';

const autoThrottle = { autoThrottle: true, autoThrottleStartDelayMs: 1000, order: 'fifo' } as const;
const pages = (count: number, options: RequestOptions = {}): Request[] =>
  Array.from({ length: count }, (_, at) => new Request(`http://a.test/${at}`, options));

/** Milliseconds between the starts of downloads that take 200 ms each. */
async function gaps(start: readonly Request[]): Promise<number[]> {
  const run = new EngineRun({
    settings: autoThrottle,
    site: () => ({ delayMs: 200 }),
    spider: { start: () => start },
  });
  await run.run();
  const { startedAtMs } = run.downloader;
  return startedAtMs.slice(1).map((ms, at) => ms - (startedAtMs[at] ?? 0));
}

describe('settings.throttleScope', () => {
  it('says which requests wait for each other, fetch() and the queue alike', async () => {
    const run = new EngineRun({
      settings: { throttleScope: ({ url }) => url.slice(0, 'http://a'.length), downloadDelayMs: 1000 },
      spider: {
        start: () => [new Request('http://a1.test/'), new Request('http://a2.test/')],
        async parse(): Promise<void> {
          await run.engine.fetch(new Request('http://a3.test/'));
        },
      },
    });
    await run.run();
    expect(run.downloader.requested).toHaveLength(4);
    const [first = 0] = run.downloader.startedAtMs;
    expect(run.downloader.startedAtMs.map((ms) => ms - first)).toEqual([0, 1000, 2000, 3000]);
  });
});

describe('settings.hostBackoffMs', () => {
  it.each([
    ['a refusal', { status: 503 }],
    ['a time-out', new DownloadTimeoutError('http://a.test/', 'connect', 5)],
    ['a refused connection', new ConnectionRefusedError('http://a.test/', 'made up')],
    ['a lost connection', new ConnectionLostError('http://a.test/', 'made up')],
  ])('keeps all requests from a host after %s, longer each time', async (_what, answer) => {
    const run = new EngineRun({
      settings: { hostBackoffMs: 1000, maxHostBackoffMs: 2000, concurrentRequestsPerHost: 1 },
      site: () => answer,
      spider: { start: () => pages(4) },
    });
    await run.run();
    const { startedAtMs } = run.downloader;
    expect(startedAtMs.slice(1).map((ms, at) => ms - (startedAtMs[at] ?? 0))).toEqual([1000, 2000, 2000]);
  });

  it('is not made up for by a long download that began before the failure', async () => {
    const run = new EngineRun({
      settings: { hostBackoffMs: 1000, order: 'fifo' },
      site: ({ url }) =>
        url.endsWith('0') ? { delayMs: 10_000, latencyMs: 100 } : { status: 503, delayMs: 1000 },
      spider: { start: () => pages(2) },
    });
    await run.run();
    expect(run.scheduler.hostState('a.test')?.failures).toBe(1);
  });

  it('does not hold a name that does not exist against a host', async () => {
    const run = new EngineRun({
      settings: { hostBackoffMs: 1000 },
      site: () => new DnsError('http://a.test/', 'made up'),
      spider: { start: () => pages(3) },
    });
    await run.run();
    expect(new Set(run.downloader.startedAtMs).size).toBe(1);
  });
});

describe('settings.autoThrottle', () => {
  it('comes from its first delay to the latency of the host', async () => {
    expect(await gaps(pages(5))).toEqual([1000, 600, 400, 300]);
  });

  it('learns nothing from answers to requests that say so', async () => {
    expect(await gaps(pages(4, { meta: { autothrottleDontAdjustDelay: true } }))).toEqual([1000, 1000, 1000]);
  });
});
