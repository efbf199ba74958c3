import { describe, expect, it } from 'vitest';
import { giveUpHosts } from '../../../../middlewares/index.ts';
import type { DownloaderMiddleware } from '../../../../src/contracts/downloader-middleware.ts';
import { ConnectionRefusedError } from '../../../../src/errors/connection-refused-error.ts';
import { DnsError } from '../../../../src/errors/dns-error.ts';
import type { Settings } from '../../../../src/settings/settings.ts';
import { Request } from '../../../../src/values/request.ts';
import type { RequestMeta } from '../../../../src/values/request-meta.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, type TestContext, unitOf } from '../component-context.ts';
import { crawlSite } from '../crawl-site.ts';

const request = new Request('http://dead.test/1');
const refused = new ConnectionRefusedError(request.url, 'made up');

async function afterFailures(
  times: number,
  error: Error = refused,
): Promise<[DownloaderMiddleware, TestContext]> {
  const context = contextWith({ maxHostFailures: 3, hostRestMs: 60_000 });
  const middleware = await made(giveUpHosts(), context);
  for (let at = 0; at < times; at++) await middleware.processException?.(error, unitOf(request));
  return [middleware, context];
}

const ask = (middleware: DownloaderMiddleware, url = 'http://dead.test/2') => {
  const given = new Request(url);
  return middleware.processRequest?.(given, unitOf(given));
};

describe('give-up-hosts', () => {
  it('stays out when it is off', () => {
    expect(giveUpHosts()(contextWith({ maxHostFailures: 0 }))).toBeUndefined();
  });

  it('fails requests of a host that failed too often, and of no other', async () => {
    const [middleware, { stats, logger }] = await afterFailures(3);
    expect(() => ask(middleware)).toThrow(/failed 3 times in a row/);
    expect(ask(middleware, 'http://alive.test/')).toBeUndefined();
    expect(stats.get('throttle/hosts_given_up')).toBe(1);
    expect(logger.messages('error')).toHaveLength(1);
  });

  it('asks after fewer failures, or of another kind', async () => {
    expect(ask((await afterFailures(2))[0])).toBeUndefined();
    expect(ask((await afterFailures(9, new DnsError(request.url, 'made up')))[0])).toBeUndefined();
  });

  it('tries once more after a rest: a failure is enough then, an answer makes it good', async () => {
    const [middleware, { clock }] = await afterFailures(3);
    await clock.advance(60_000);
    expect(ask(middleware)).toBeUndefined();
    await middleware.processException?.(refused, unitOf(request));
    expect(() => ask(middleware)).toThrow(/failed 4 times/);
    await clock.advance(60_000);
    await middleware.processResponse?.(new Response(request.url, { status: 500 }), unitOf(request));
    await middleware.processException?.(refused, unitOf(request));
    expect(ask(middleware)).toBeUndefined();
  });

  it.each<[string, Partial<Settings>, RequestMeta]>([
    ['throttleScope', { throttleScope: 'crawl' }, {}],
    ['meta.downloadSlot', {}, { downloadSlot: 'shared' }],
  ])('gives up the dead host alone where others share its pace: %s', async (_what, settings, meta) => {
    const urls = [1, 2, 3, 4, 5, 6].flatMap((at) => [`http://dead.test/${at}`, `http://alive.test/${at}`]);
    const { sent, pages } = await crawlSite({
      start: urls.map((url) => new Request(url, { meta })),
      site: ({ url }) => (url.includes('dead') ? new ConnectionRefusedError(url, 'made up') : {}),
      settings: { maxHostFailures: 3, hostBackoffMs: 0, concurrentRequests: 1, ...settings },
    });
    expect(pages).toHaveLength(6);
    expect(sent.filter(({ url }) => url.includes('dead'))).toHaveLength(3);
  });

  it('ends a crawl whose host dies, without trying each of its pages', async () => {
    const failed: string[] = [];
    const { sent, stats, reason } = await crawlSite({
      start: Array.from(
        { length: 50 },
        (_, at) => new Request(`http://dead.test/${at}`, { errback: 'failed' }),
      ),
      site: ({ url }) => new ConnectionRefusedError(url, 'made up'),
      settings: { maxHostFailures: 6, hostBackoffMs: 0 },
      spider: { failed: ({ error }: { error: Error }) => void failed.push(error.name) },
    });
    expect(reason).toBe('finished');
    expect(failed).toHaveLength(50);
    // As many as were under way when the sixth failed.
    expect(sent.length).toBeLessThan(25);
    expect(stats['request/failed/HostGivenUpError']).toBeGreaterThan(25);
  });
});
