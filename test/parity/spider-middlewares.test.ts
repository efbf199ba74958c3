import { describe, expect, it } from 'vitest';
import {
  drop,
  type Failure,
  isRequest,
  type PartialSettings,
  Request,
  type Response,
  Spider,
  type SpiderMiddleware,
} from '../../src/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';
import { timedSite } from './timed-site.ts';

describe('spider middlewares', () => {
  it('see responses, outputs, errors and start requests, and may change, drop and replace them', async () => {
    const { url, paths } = await site({ '/': 'a', '/refused': 'b', '/broken': 'c', '/added': 'd' });
    const own = (): SpiderMiddleware => ({
      name: 'own',
      processInput: ({ url: at }) => (at.endsWith('/refused') ? drop('refused') : undefined),
      async processOutput(output) {
        if (isRequest(output)) return undefined;
        if (output.page === 'd') return drop('d');
        return [output, { copy: output.page }];
      },
      processException: (error) => [{ mended: (error as Error).message }],
      processStart: (output) =>
        isRequest(output) && output.url.endsWith('/') ? [output, new Request(url('/added'))] : undefined,
    });
    class Outputs extends Spider {
      override *start() {
        for (const path of ['/', '/refused', '/broken'])
          yield new Request(url(path), { errback: this.failed });
      }
      override *parse(response: Response) {
        if (response.url.endsWith('/broken')) throw new Error('thrown');
        yield { page: response.text };
      }
      *failed({ error }: Failure) {
        yield { failed: error.name };
      }
    }
    const { items, stats } = await runSpider(Outputs, { settings: { spiderMiddlewares: [own] } });
    expect([...paths].sort()).toEqual(['/', '/added', '/broken', '/refused']);
    expect(items).not.toContainEqual({ page: 'd' });
    for (const item of [{ page: 'a' }, { copy: 'a' }, { failed: 'DroppedError' }, { mended: 'thrown' }])
      expect(items).toContainEqual(item);
    expect(stats['spider/errors']).toBeUndefined();
  });

  it('can care for requests or items only, with isRequest', async () => {
    const { url } = await site({ '/': '<a href="/a">a</a>', '/a': 'end' });
    const counted = { requests: 0, items: 0 };
    const counting = (): SpiderMiddleware => {
      const count = (output: object): undefined => {
        counted[isRequest(output) ? 'requests' : 'items'] += 1;
      };
      return { name: 'counting', processOutput: count, processStart: count };
    };
    class Mixed extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        yield { at: response.url };
        yield* response.followAll('a');
      }
    }
    await runSpider(Mixed, { settings: { spiderMiddlewares: [counting] } });
    expect(counted).toEqual({ requests: 2, items: 2 });
  });

  it('mark start requests', async () => {
    const { url } = await site({ '/': '<a href="/a">a</a>', '/a': 'end' });
    class Marks extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        yield { path: new URL(response.url).pathname, start: response.meta.isStartRequest ?? false };
        yield* response.followAll('a');
      }
    }
    const { items } = await runSpider(Marks);
    expect(items).toEqual([
      { path: '/', start: true },
      { path: '/a', start: false },
    ]);
  });

  it('let only good answers through to callbacks unless told otherwise', async () => {
    const { url } = await site({
      '/': 'ok',
      '/201': { status: 201 },
      '/403': { status: 403 },
      '/404': { status: 404 },
    });
    const seen = async (settings: PartialSettings, own?: PartialSettings): Promise<string[]> => {
      const lines: string[] = [];
      class Statuses extends Spider {
        static override settings = own ?? {};
        override *start() {
          for (const path of ['/', '/201', '/403', '/404'])
            yield new Request(url(path), { errback: this.failed });
        }
        override parse({ status }: Response) {
          lines.push(String(status));
        }
        failed({ response, error }: Failure) {
          lines.push(`${error.name} ${response?.status}`);
        }
      }
      await runSpider(Statuses, { settings: { obeyRobotsTxt: false, ...settings } });
      return lines.sort();
    };
    expect(await seen({})).toEqual(['200', '201', 'HttpError 403', 'HttpError 404']);
    expect(await seen({ handleStatuses: [404] })).toEqual(['200', '201', '404', 'HttpError 403']);
    expect(await seen({}, { handleStatuses: [403] })).toEqual(['200', '201', '403', 'HttpError 404']);
    expect(await seen({ handleAllStatuses: true })).toEqual(['200', '201', '403', '404']);
  });

  it('send a Referer by the policy of settings, request or page', async () => {
    const { url, arrived } = await site({
      '/page?q=1': '<a href="/next">n</a>',
      '/quiet': { headers: { 'Referrer-Policy': 'no-referrer' }, body: '<a href="/next">n</a>' },
      '/next': 'next',
    });
    const referer = async (settings: PartialSettings, path = '/page?q=1', policy?: string) => {
      class Follows extends Spider {
        override startUrls = [url(path)];
        override *parse(response: Response) {
          yield* response.followAll('a', { meta: policy === undefined ? {} : { referrerPolicy: policy } });
        }
      }
      await runSpider(Follows, { settings });
      return arrived.at(-1)?.headers.referer;
    };
    const full = url('/page?q=1');
    const origin = url('/');
    const expected: Record<string, string | undefined> = {
      'no-referrer': undefined,
      'no-referrer-when-downgrade': full,
      'same-origin': full,
      origin,
      'strict-origin': origin,
      'origin-when-cross-origin': full,
      'strict-origin-when-cross-origin': full,
      'unsafe-url': full,
      default: full,
    };
    for (const [referrerPolicy, value] of Object.entries(expected))
      expect([referrerPolicy, await referer({ referrerPolicy })]).toEqual([referrerPolicy, value]);
    expect(await referer({}, '/page?q=1', 'origin')).toBe(origin);
    expect(await referer({}, '/quiet')).toBeUndefined();
    expect(await referer({ referer: false })).toBeUndefined();
  });

  it('leave out addresses that are too long', async () => {
    const { clock, options } = timedSite(() => ({}));
    const asked: number[] = [];
    class Long extends Spider {
      override startUrls = [2083, 2084].map((length) => 'http://a.test/'.padEnd(length, 'x'));
      override parse({ url }: Response) {
        asked.push(url.length);
      }
    }
    const { stats } = await runSpider(Long, options);
    expect(asked).toEqual([2083]);
    expect(stats['scheduler/dropped/url-length']).toBe(1);
    const settings = { ...options.settings, maxUrlLength: 0 };
    await clock.run(runSpider(Long, { ...options, settings }));
    expect([...asked].sort()).toEqual([2083, 2083, 2084]);
  });

  it('count the depth of requests, bound it and take it from their priority', async () => {
    const { url, paths } = await site({
      '/': '<a href="/1">1</a>',
      '/1': '<a href="/2">2</a>',
      '/2': '<a href="/3">3</a>',
      '/3': 'end',
    });
    class Deep extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        yield { depth: response.meta.depth, priority: response.request?.priority };
        yield* response.followAll('a');
      }
    }
    const { items, stats } = await runSpider(Deep, {
      settings: { maxDepth: 2, depthPriority: 1, depthStatsVerbose: true },
    });
    expect(paths).toEqual(['/', '/1', '/2']);
    expect(items.map(({ depth, priority }) => [depth, priority])).toEqual([
      [0, 0],
      [1, -1],
      [2, -2],
    ]);
    expect(stats).toMatchObject({
      request_depth_max: 2,
      'request_depth_count/0': 1,
      'request_depth_count/1': 1,
      'request_depth_count/2': 1,
    });
  });
});
