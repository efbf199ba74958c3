import { describe, expect, it } from 'vitest';
import { robotsTxt } from '../../../../middlewares/index.ts';
import type { InsideFetch } from '../../../../src/contracts/component.ts';
import type { DownloaderMiddleware } from '../../../../src/contracts/downloader-middleware.ts';
import { DnsError } from '../../../../src/errors/dns-error.ts';
import { TooManyRedirectsError } from '../../../../src/errors/too-many-redirects-error.ts';
import type { Settings } from '../../../../src/settings/settings.ts';
import { Request } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { type crawlFake, EngineRun, requests } from '../../../support/engine-run.ts';
import { contextWith, made, type TestContext, unitOf } from '../component-context.ts';

const ORIGIN = 'http://site.test';
const HOST = 'site.test';

interface Setup {
  readonly robots: DownloaderMiddleware;
  readonly context: TestContext;
  /** Requests for robots.txt, and the host slot that each used. */
  readonly asked: { readonly request: Request; readonly host: string | undefined }[];
}

async function setUp(
  answer: () => string | number | Error | Response,
  settings: Partial<Settings> = {},
  allowedDomains: readonly string[] = [],
): Promise<Setup> {
  const asked: { readonly request: Request; readonly host: string | undefined }[] = [];
  const context = contextWith(settings, {
    spider: { allowedDomains },
    fetchInside: async (request, { host }) => {
      asked.push({ request, host });
      const given = answer();
      if (given instanceof Error) throw given;
      if (given instanceof Response) return given;
      return new Response(request.url, typeof given === 'number' ? { status: given } : { body: given });
    },
  });
  return { robots: await made(robotsTxt(), context), context, asked };
}

async function verdict({ robots }: Setup, url: string, meta = {}): Promise<unknown> {
  const request = new Request(url, { meta });
  return robots.processRequest?.(request, unitOf(request));
}

describe('robotsTxt', () => {
  it('stays out when robots.txt is not to be obeyed', () => {
    expect(robotsTxt()(contextWith({ obeyRobotsTxt: false }))).toBeUndefined();
  });

  it('drops what the rules forbid and lets the rest pass', async () => {
    const setup = await setUp(() => 'User-agent: *\nDisallow: /private\n');
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/private/x`)).toMatchObject({ reason: 'robots' });
    expect(await verdict(setup, `${ORIGIN}/public`)).toBeUndefined();
  });

  it('takes a file that somebody cut off for no answer', async () => {
    const cut = new Response(`${ORIGIN}/robots.txt`, {
      body: 'User-agent: *\n',
      flags: ['stopped', 'partial'],
    });
    const setup = await setUp(() => cut);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/x`)).toMatchObject({ reason: 'robots unreachable' });
  });

  it('looks for the first word of the user agent', async () => {
    const setup = await setUp(() => 'User-agent: spidey\nDisallow: /\n', { userAgent: 'Spidey/2.0 (+x)' });
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/x`)).toMatchObject({ reason: 'robots' });
  });

  it('prefers the setting robotsUserAgent', async () => {
    const setup = await setUp(() => 'User-agent: spidey\nDisallow: /\n', {
      userAgent: 'Spidey/2.0',
      robotsUserAgent: 'other',
    });
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/x`)).toBeUndefined();
  });

  it('lets a request with meta.dontObeyRobotsTxt pass', async () => {
    const setup = await setUp(() => 'User-agent: *\nDisallow: /\n');
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/x`, { dontObeyRobotsTxt: true })).toBeUndefined();
  });

  it('never forbids robots.txt itself', async () => {
    const setup = await setUp(() => 'User-agent: *\nDisallow: /\n');
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/robots.txt`)).toBeUndefined();
  });

  it('asks an origin once, however often it is prepared', async () => {
    const setup = await setUp(() => 404);
    await Promise.all([
      setup.robots.prepareOrigin?.(ORIGIN, HOST),
      setup.robots.prepareOrigin?.(ORIGIN, HOST),
    ]);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(setup.asked).toHaveLength(1);
  });

  it('asks again after a day', async () => {
    const setup = await setUp(() => 404);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    await setup.context.clock.advance(24 * 60 * 60 * 1000);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(setup.asked).toHaveLength(2);
  });

  it('asks in the host slot of the origin, for at most five hops and 500 KiB', async () => {
    const setup = await setUp(() => 404);
    await setup.robots.prepareOrigin?.(ORIGIN, 'slot');
    expect(setup.asked[0]?.host).toBe('slot');
    expect(setup.asked[0]?.request).toMatchObject({
      url: `${ORIGIN}/robots.txt`,
      meta: { maxRedirects: 5, cutBodyAt: 512_000 },
    });
  });

  it('does not wait for the place that the request itself holds', async () => {
    const setup = await setUp(() => 404);
    await verdict(setup, `${ORIGIN}/x`);
    expect(setup.asked).toHaveLength(1);
    expect(setup.asked[0]?.host).not.toBe(HOST);
  });

  it('does not ask where the spider may not go', async () => {
    const setup = await setUp(() => 404, {}, ['other.test']);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(setup.asked).toHaveLength(0);
  });

  it('allows everything when the chain of redirects is too long', async () => {
    const setup = await setUp(() => new TooManyRedirectsError(`${ORIGIN}/robots.txt`, 5));
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/x`)).toBeUndefined();
  });

  it.each([
    ['a server error', () => 503],
    ['no answer', () => new Error('gone')],
  ])('forbids everything for now after %s', async (_what, answer) => {
    const setup = await setUp(answer);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/x`)).toMatchObject({
      reason: 'robots unreachable',
      isTemporary: true,
    });
  });

  it('says why robots.txt cannot be had', async () => {
    const gone = new DnsError(`${ORIGIN}/robots.txt`, 'ENOTFOUND');
    const silent = await setUp(() => gone);
    expect(await verdict(silent, `${ORIGIN}/x`)).toMatchObject({ cause: gone });
    expect(silent.context.stats.get('robotstxt/exception/DnsError')).toBe(1);
    const broken = await setUp(() => 503);
    expect(await verdict(broken, `${ORIGIN}/x`)).toMatchObject({ cause: { status: 503 } });
  });

  it('tries a dead robots.txt again before the day is over', async () => {
    let isUp = false;
    const setup = await setUp(() => (isUp ? 404 : 503));
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    isUp = true;
    await setup.context.clock.advance(60 * 60 * 1000);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/x`)).toBeUndefined();
  });

  it('learns in the background that a dead robots.txt is back', async () => {
    let isUp = false;
    const setup = await setUp(() => (isUp ? 404 : 503));
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    isUp = true;
    await setup.context.clock.advance(60 * 60 * 1000);
    expect(await verdict(setup, `${ORIGIN}/early`)).toMatchObject({ reason: 'robots unreachable' });
    await setup.context.clock.advance(0);
    expect(await verdict(setup, `${ORIGIN}/late`)).toBeUndefined();
  });

  it('keeps to the rules it knew when they cannot be had again', async () => {
    let isUp = true;
    const setup = await setUp(() => (isUp ? 'User-agent: *\nDisallow: /private\n' : 503));
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    isUp = false;
    await setup.context.clock.advance(24 * 60 * 60 * 1000);
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(await verdict(setup, `${ORIGIN}/public`)).toBeUndefined();
    expect(await verdict(setup, `${ORIGIN}/private`)).toMatchObject({ reason: 'robots' });
  });

  it('slows the host down to Crawl-delay', async () => {
    const setup = await setUp(() => 'User-agent: *\nCrawl-delay: 7\n');
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(setup.context.hosts.limited).toEqual([[HOST, 7000]]);
  });

  it('slows the host down to a Crawl-delay that it learns late', async () => {
    const setup = await setUp(() => 'User-agent: *\nCrawl-delay: 7\n');
    await verdict(setup, `${ORIGIN}/x`);
    expect(setup.context.hosts.limited).toEqual([[HOST, 7000]]);
  });

  it('obeys no Crawl-delay above settings.maxCrawlDelayMs', async () => {
    const setup = await setUp(() => 'User-agent: *\nCrawl-delay: 86400\n', { maxCrawlDelayMs: 30_000 });
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(setup.context.hosts.limited).toEqual([[HOST, 30_000]]);
  });

  it('never makes a host faster than the user did', async () => {
    const setup = await setUp(() => 'User-agent: *\nCrawl-delay: 1\n', {
      hostLimits: { [HOST]: { minDelayMs: 5000 } },
    });
    await setup.robots.prepareOrigin?.(ORIGIN, HOST);
    expect(setup.context.hosts.limited).toEqual([[HOST, 5000]]);
  });
});

describe('robotsTxt in a crawl', () => {
  it('sends nothing to an unknown host but the request for robots.txt', async () => {
    const { downloader } = await crawlWithRobots({
      start: ['http://a.test/1', 'http://a.test/2'],
      robots: () => ({ delayMs: 500 }),
    });
    expect(downloader.requested[0]).toBe('http://a.test/robots.txt');
    const robotsDone = 500;
    expect(Math.min(...downloader.startedAtMs.slice(1))).toBeGreaterThanOrEqual(robotsDone);
  });

  it('lets hosts with a dead robots.txt slow no other host down', async () => {
    const dead = Array.from({ length: 8 }, (_, at) => `http://dead${at}.test/`);
    const good = Array.from({ length: 5 }, (_, at) => `http://good.test/${at}`);
    const startsOf = async (start: readonly string[]): Promise<number[]> => {
      const { downloader } = await crawlWithRobots({
        start,
        robots: (host) => (host.startsWith('dead') ? { delayMs: 60_000, status: 503 } : { status: 404 }),
      });
      return downloader.startedAtMs.filter((_, at) => downloader.requested[at]?.startsWith('http://good'));
    };
    expect(await startsOf([...dead, ...good])).toEqual(await startsOf(good));
  });

  it('asks robots.txt once for pages that callbacks fetch, with one place per host', async () => {
    const { downloader, result } = await crawlWithRobots({
      start: ['http://a.test/'],
      robots: () => ({ status: 404 }),
      fetchEach: ['http://a.test/x', 'http://a.test/y'],
    });
    expect(result.reason).toBe('finished');
    expect(downloader.requested.filter((url) => url.endsWith('/robots.txt'))).toHaveLength(1);
  });
});

async function crawlWithRobots({
  start,
  robots,
  fetchEach = [],
}: {
  readonly start: readonly string[];
  readonly robots: (host: string) => { readonly status?: number; readonly delayMs?: number };
  readonly fetchEach?: readonly string[];
}): ReturnType<typeof crawlFake> {
  let run: EngineRun | undefined;
  const engine = () => {
    if (run === undefined) throw new Error('the crawl has not begun');
    return run.engine;
  };
  const context = {
    ...contextWith(),
    fetchInside: (request: Request, options: InsideFetch) => engine().fetchInside(request, options),
  };
  run = new EngineRun({
    settings: { concurrentRequestsPerHost: 1 },
    downloaderMiddlewares: [await made(robotsTxt(), context)],
    site: ({ url }) => (url.endsWith('/robots.txt') ? robots(new URL(url).hostname) : undefined),
    spider: {
      start: () => requests(...start),
      async parse() {
        for (const url of fetchEach) await engine().fetch(new Request(url));
      },
    },
  });
  return Object.assign(run, { result: await run.run() });
}
