import { describe, expect, it } from 'vitest';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { SignalBus } from '../../../src/signals/signal-bus.ts';
import { Request } from '../../../src/values/request.ts';
import type { Response } from '../../../src/values/response.ts';
import { crawlFake, type FakeCrawl, requests } from '../../support/engine-run.ts';

/** The addresses of the pages that a crawl told as committed. */
async function committed(given: FakeCrawl): Promise<string[]> {
  const signals = new SignalBus(new MemoryLogger());
  const told: string[] = [];
  signals.on('pageCommitted', ({ request }) => void told.push(request.url));
  await crawlFake({ ...given, signals });
  return told;
}

describe('pageCommitted', () => {
  it('is told of each page that a callback got, once its items are written', async () => {
    const parse = ({ url }: Response) => ({ url });
    const told = await committed({ spider: { start: () => requests('/a', '/b'), parse } });
    expect(told.sort()).toEqual(['http://site.test/a', 'http://site.test/b']);
  });

  it('is not told of what failed, was dropped or led on', async () => {
    const start = () => requests('/fails', '/moves');
    const site = ({ url }: Request) => (url.endsWith('/fails') ? new Error('no') : {});
    const moves = {
      name: 'moves',
      processResponse: ({ url }: Response) =>
        url.endsWith('/moves') ? new Request('http://site.test/target') : undefined,
    };
    const told = await committed({ spider: { start }, site, downloaderMiddlewares: [moves] });
    expect(told).toEqual(['http://site.test/target']);
  });
});
