import { describe, expect, it } from 'vitest';
import {
  type Crawler,
  drop,
  type Factory,
  type ItemPipeline,
  named,
  Request,
  type Response,
  type SchedulerMiddleware,
  type SignalName,
  Spider,
} from '../../src/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';

/** Notes the names of signals as they come. */
function noted(names: readonly SignalName[], seen: string[]): (crawler: Crawler) => void {
  return ({ signals }) => {
    for (const name of names) signals.on(name, () => void seen.push(name));
  };
}

describe('signals', () => {
  it('reach who is connected, with what a handler picks, and a failing handler is only logged', async () => {
    const { url } = await site({ '/': 'page' });
    class One extends Spider {
      override startUrls = [url('/')];
      override parse(response: Response) {
        return { page: response.text };
      }
    }
    const seen: unknown[] = [];
    const { logger, result } = await runSpider(One, {
      onCrawler({ signals }) {
        signals.on('itemScraped', () => {
          throw new Error('broken handler');
        });
        signals.on('itemScraped', ({ item }) => void seen.push(item));
        signals.on('itemScraped', () => void seen.push('no arguments'));
        const disconnect = signals.on('itemScraped', () => void seen.push('gone'));
        disconnect();
      },
    });
    expect(seen).toEqual([{ page: 'page' }, 'no arguments']);
    expect(logger.messages('error')).toEqual(['a handler of itemScraped failed: broken handler']);
    expect(result).toMatchObject({ reason: 'finished', items: 1 });
  });

  it('tell of the course of a crawl, are waited for, and an idle crawl may be kept open', async () => {
    const { url, paths } = await site({ '/': 'first', '/more': 'second' });
    class Idle extends Spider {
      override startUrls = [url('/')];
      override parse() {}
    }
    const seen: string[] = [];
    const { result } = await runSpider(Idle, {
      onCrawler({ signals }) {
        const later = async (text: string) => {
          await Promise.resolve();
          seen.push(text);
        };
        signals.on('engineStarted', () => later('engineStarted'));
        signals.on('spiderOpened', ({ name }) => later(`spiderOpened ${name}`));
        signals.on('spiderIdle', ({ push }) => {
          seen.push('spiderIdle');
          if (paths.length === 1) push(new Request(url('/more')));
        });
        signals.on('spiderClosed', ({ reason }) => later(`spiderClosed ${reason}`));
        signals.on('engineStopped', () => later('engineStopped'));
      },
    });
    expect(paths).toEqual(['/', '/more']);
    expect(seen).toEqual([
      'engineStarted',
      'spiderOpened Idle',
      'spiderIdle',
      'spiderIdle',
      'spiderClosed finished',
      'engineStopped',
    ]);
    expect(result.reason).toBe('finished');
  });

  it('tell of each item: scraped, dropped, lost to an error', async () => {
    const { url } = await site({ '/': 'page' });
    const judge: Factory<ItemPipeline> = named('judge', () => ({
      name: 'judge',
      processItem({ kind }) {
        if (kind === 'bad') return drop('bad');
        if (kind === 'broken') throw new TypeError('broken pipeline');
        return undefined;
      },
    }));
    class Kinds extends Spider {
      override startUrls = [url('/')];
      override *parse() {
        for (const kind of ['good', 'bad', 'broken']) yield { kind };
      }
    }
    const seen: unknown[] = [];
    await runSpider(Kinds, {
      settings: { pipelines: [judge] },
      onCrawler({ signals }) {
        signals.on('itemScraped', async ({ item, response }) => void seen.push([item.kind, response?.text]));
        signals.on(
          'itemDropped',
          async ({ item, drop: { reason }, response }) =>
            void seen.push([item.kind, reason, response?.status]),
        );
        signals.on(
          'itemError',
          async ({ item, error, response }) => void seen.push([item.kind, String(error), response?.status]),
        );
      },
    });
    expect(seen).toHaveLength(3);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['good', 'page'],
        ['bad', 'bad', 200],
        ['broken', expect.stringContaining('broken pipeline'), 200],
      ]),
    );
  });

  it('tell of what callbacks throw, with the page', async () => {
    const { url } = await site({ '/': 'page' });
    class Throws extends Spider {
      override startUrls = [url('/')];
      override parse(): never {
        throw new RangeError('no price');
      }
    }
    const seen: unknown[] = [];
    await runSpider(Throws, {
      onCrawler: ({ signals }) =>
        void signals.on('spiderError', ({ error, response }) => {
          seen.push([(error as Error).message, response?.url]);
        }),
    });
    expect(seen).toEqual([[expect.stringContaining('no price'), url('/')]]);
  });

  it('follow a request through scheduler and downloader, and a step may drop it', async () => {
    const { url, paths } = await site({ '/': '', '/next': '' });
    const noSecrets: Factory<SchedulerMiddleware> = named('no-secrets', () => ({
      name: 'no-secrets',
      processEnqueue: (request) => (request.url.includes('secret') ? drop('secret') : undefined),
    }));
    class Follows extends Spider {
      override startUrls = [url('/')];
      override *parse() {
        yield new Request(url('/next'), { callback: this.last });
        yield new Request(url('/secret'), { callback: this.last });
      }
      last() {}
    }
    const seen: string[] = [];
    const path = (request: Request) => new URL(request.url).pathname;
    await runSpider(Follows, {
      settings: { schedulerMiddlewares: [noSecrets], obeyRobotsTxt: false },
      onCrawler({ signals }) {
        signals.on('requestScheduled', ({ request }) => void seen.push(`scheduled ${path(request)}`));
        signals.on(
          'requestDropped',
          ({ request, reason }) => void seen.push(`dropped ${path(request)} ${reason}`),
        );
        signals.on('requestReachedDownloader', ({ request }) => void seen.push(`reached ${path(request)}`));
        signals.on('requestLeftDownloader', ({ request }) => void seen.push(`left ${path(request)}`));
      },
    });
    expect(paths).toEqual(['/', '/next']);
    expect(seen.filter((one) => !one.startsWith('dropped'))).toEqual([
      'scheduled /',
      'reached /',
      'left /',
      'scheduled /next',
      'reached /next',
      'left /next',
    ]);
    expect(seen).toContain('dropped /secret secret');
  });

  it('tell of responses before and behind the middlewares, and of an empty queue', async () => {
    const { url } = await site({ '/': 'page' });
    class One extends Spider {
      override startUrls = [url('/')];
      override parse() {}
    }
    const seen: string[] = [];
    await runSpider(One, {
      settings: { obeyRobotsTxt: false },
      onCrawler: noted(['responseReceived', 'responseDownloaded', 'schedulerEmpty'], seen),
    });
    expect(seen.filter((name) => name.startsWith('response'))).toEqual([
      'responseDownloaded',
      'responseReceived',
    ]);
    expect(seen).toContain('schedulerEmpty');
  });

  it('tell of heads and pieces of bodies as they come, and of robots.txt', async () => {
    const { url } = await site({
      '/robots.txt': 'User-agent: *\nAllow: /',
      '/large': 'x'.repeat(1_000_000),
    });
    const seen: unknown[] = [];
    let bytes = 0;
    let pieces = 0;
    class Large extends Spider {
      override startUrls = [url('/large')];
      override parse() {
        seen.push(['body', bytes]);
      }
    }
    const { stats } = await runSpider(Large, {
      onCrawler({ signals }) {
        signals.on('responseDownloaded', ({ response, request }) => {
          if (request.url === url('/robots.txt')) seen.push(['robots', response.text]);
        });
        signals.on('headersReceived', ({ url: from, status, headers }) => {
          seen.push(['head', from, status, headers.get('content-type'), bytes]);
        });
        signals.on('bytesReceived', ({ data }) => {
          bytes += data.length;
          pieces += 1;
        });
      },
    });
    expect(seen).toEqual([
      ['robots', 'User-agent: *\nAllow: /'],
      ['head', url('/large'), 200, 'text/html; charset=utf-8', 0],
      ['body', 1_000_000],
    ]);
    expect(pieces).toBeGreaterThan(1);
    expect(stats['robotstxt/request_count']).toBe(1);
  });
});
