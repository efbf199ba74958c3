import { describe, expect, it } from 'vitest';
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

describe('settings.autoThrottle', () => {
  it('comes from its first delay to the latency of the host', async () => {
    expect(await gaps(pages(5))).toEqual([1000, 600, 400, 300]);
  });

  it('learns nothing from answers to requests that say so', async () => {
    expect(await gaps(pages(4, { meta: { autothrottleDontAdjustDelay: true } }))).toEqual([1000, 1000, 1000]);
  });
});
