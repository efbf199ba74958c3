import { describe, expect, it } from 'vitest';
import {
  DEFAULT_DOWNLOADER_MIDDLEWARES,
  DEFAULT_SCHEDULER_MIDDLEWARES,
  DEFAULT_SPIDER_MIDDLEWARES,
} from '../../../middlewares/index.ts';
import type { InsideFetch } from '../../../src/contracts/component.ts';
import type { Downloader } from '../../../src/contracts/downloader.ts';
import type { SpiderLike } from '../../../src/contracts/spider.ts';
import type { Unit } from '../../../src/contracts/unit.ts';
import { DroppedError } from '../../../src/errors/dropped-error.ts';
import { TooManyRedirectsError } from '../../../src/errors/too-many-redirects-error.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import type { Failure } from '../../../src/values/failure.ts';
import { Request, type RequestOptions } from '../../../src/values/request.ts';
import { Response, type ResponseInit } from '../../../src/values/response.ts';
import { EngineRun } from '../../support/engine-run.ts';
import { contextWith } from './component-context.ts';

/** What left for the network. */
interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly proxy: string | undefined;
}

interface Plan {
  readonly start: Request;
  /** Answers by URL; others are empty pages. */
  readonly site: Readonly<Record<string, ResponseInit>>;
  readonly settings?: Partial<Settings>;
  readonly spider?: Partial<SpiderLike> & Record<string, unknown>;
}

interface Crawled {
  readonly sent: readonly Sent[];
  /** URLs given to the callback. */
  readonly pages: readonly string[];
  readonly failures: readonly unknown[];
}

/** A crawl with every middleware that a crawl begins with, over a site in memory. */
async function crawl({ start, site, settings = {}, spider = {} }: Plan): Promise<Crawled> {
  const sent: Sent[] = [];
  const pages: string[] = [];
  const failures: unknown[] = [];
  const downloader: Downloader = {
    async download(request: Request, unit: Unit) {
      sent.push({ url: request.url, headers: unit.headers.toJSON(), proxy: unit.proxy });
      return new Response(request.url, { ...site[request.url], request });
    },
    async close() {},
  };
  const effective = { obeyRobotsTxt: false, proxyFromEnvironment: false, ...settings };
  let run: EngineRun | undefined;
  const members = {
    allowedDomains: [],
    parse: (response: Response) => void pages.push(response.url),
    onFailure: ({ error }: Failure) => void failures.push(error),
    ...spider,
    start: () => [start],
  };
  const context = contextWith(effective, {
    spider: members,
    fetchInside: (request: Request, options: InsideFetch) => {
      if (run === undefined) throw new Error('the crawl has not begun');
      return run.engine.fetchInside(request, options);
    },
  });
  const built = async <Component>(
    factories: readonly ((given: typeof context) => Component | undefined | Promise<Component | undefined>)[],
  ): Promise<Component[]> => {
    const all = await Promise.all(factories.map((factory) => factory(context)));
    return all.filter((one) => one !== undefined);
  };
  run = new EngineRun({
    settings: effective,
    downloader,
    downloaderMiddlewares: await built(DEFAULT_DOWNLOADER_MIDDLEWARES),
    spiderMiddlewares: await built(DEFAULT_SPIDER_MIDDLEWARES),
    schedulerMiddlewares: await built(DEFAULT_SCHEDULER_MIDDLEWARES),
    spider: members,
  });
  await run.run();
  return { sent, pages, failures };
}

const A = 'https://a.test/';
const B = 'https://b.test/';

function to(location: string, status = 302): ResponseInit {
  return { status, headers: { Location: location } };
}

function refreshTo(url: string): ResponseInit {
  return {
    headers: { 'Content-Type': 'text/html' },
    body: `<html><head><meta http-equiv="refresh" content="0;url=${url}"></head></html>`,
  };
}

function startAt(url: string, options: RequestOptions = {}): Request {
  return new Request(url, { errback: 'onFailure', ...options });
}

describe('the default lists', () => {
  it('name every component, so that users can move it', () => {
    const lists = [DEFAULT_DOWNLOADER_MIDDLEWARES, DEFAULT_SPIDER_MIDDLEWARES, DEFAULT_SCHEDULER_MIDDLEWARES];
    const names = lists.flat().map((factory) => 'componentName' in factory && factory.componentName);
    expect(names).toEqual([
      'offsite',
      'robots-txt',
      'http-auth',
      'timeout',
      'default-headers',
      'user-agent',
      'incremental',
      'retry',
      'meta-refresh',
      'redirect',
      'give-up-hosts',
      'sessions',
      'cookies',
      'proxy',
      'http-cache',
      'stats',
      'warc-replay',
      'warc-archive',
      'start',
      'http-error',
      'changed-items',
      'same-session',
      'referer',
      'url-length',
      'no-file-links',
      'early-offsite',
      'depth',
    ]);
  });
});

describe.each([
  ['a redirect', to],
  ['a meta refresh', refreshTo],
])('credentials over %s', (_what, hop) => {
  it('never take Authorization to another origin', async () => {
    const start = startAt(A, { headers: { Authorization: 'Basic c2VjcmV0' } });
    const { sent } = await crawl({ start, site: { [A]: hop(B) } });
    expect(sent.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [A, 'Basic c2VjcmV0'],
      [B, undefined],
    ]);
  });

  it('never take Authorization to another port or scheme', async () => {
    const start = startAt(A, { headers: { Authorization: 'Basic c2VjcmV0' } });
    for (const target of ['https://a.test:8443/', 'http://a.test/']) {
      const { sent } = await crawl({ start, site: { [A]: hop(target) } });
      expect(sent[1]).toMatchObject({ url: target });
      expect(sent[1]?.headers).not.toHaveProperty('authorization');
    }
  });

  it('do not come back when the chain returns to their origin', async () => {
    const start = startAt(A, { headers: { Authorization: 'Basic c2VjcmV0' } });
    const { sent } = await crawl({ start, site: { [A]: hop(B), [B]: hop(`${A}back`) } });
    expect(sent[2]?.url).toBe(`${A}back`);
    expect(sent[2]?.headers).not.toHaveProperty('authorization');
  });

  it('of meta.httpUser stay with their origin', async () => {
    const start = startAt(A, { meta: { httpUser: 'u', httpPass: 'p' } });
    const { sent } = await crawl({ start, site: { [A]: hop(B) } });
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(['Basic dTpw', undefined]);
  });

  it('of settings.httpAuth stay with their origin', async () => {
    const httpAuth = { user: 'u', password: 'p', origin: 'https://a.test' };
    const { sent } = await crawl({ start: startAt(A), site: { [A]: hop(B) }, settings: { httpAuth } });
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(['Basic dTpw', undefined]);
  });

  it('of the cookie jar stay with their host', async () => {
    const start = startAt(A, { cookies: { session: 'secret' } });
    const { sent } = await crawl({ start, site: { [A]: hop(B) } });
    expect(sent.map(({ headers }) => headers.cookie)).toEqual(['session=secret', undefined]);
  });

  it('in a Cookie header made by hand stay with their host', async () => {
    const start = startAt(A, { headers: { Cookie: 'session=secret' }, meta: { dontMergeCookies: true } });
    const { sent } = await crawl({ start, site: { [A]: hop(B) } });
    expect(sent.map(({ headers }) => headers.cookie)).toEqual(['session=secret', undefined]);
  });

  it('in cookies of a request without a jar stay with their origin', async () => {
    const start = startAt(A, { cookies: { session: 'secret' }, meta: { dontMergeCookies: true } });
    const { sent } = await crawl({ start, site: { [A]: hop(B) } });
    expect(sent.map(({ headers }) => headers.cookie)).toEqual(['session=secret', undefined]);
  });

  it('of a proxy are never a header for the target', async () => {
    const start = startAt(A, { headers: { 'Proxy-Authorization': 'Basic c2VjcmV0' } });
    const { sent } = await crawl({ start, site: { [A]: hop(B) } });
    for (const { headers } of sent) expect(headers).not.toHaveProperty('proxy-authorization');
  });

  it('make no Referer that the policy of the redirecting page forbids', async () => {
    const start = startAt(A, { headers: { Referer: 'https://c.test/private?token=1' } });
    const first = hop(B);
    const site = { [A]: { ...first, headers: { ...toRecord(first), 'Referrer-Policy': 'no-referrer' } } };
    const { sent } = await crawl({ start, site });
    expect(sent.map(({ headers }) => headers.referer)).toEqual(['https://c.test/private?token=1', undefined]);
  });

  it('are not needed for what stays on its origin', async () => {
    const start = startAt(A, { headers: { Authorization: 'Basic c2VjcmV0' } });
    const { sent } = await crawl({ start, site: { [A]: hop(`${A}next`) } });
    expect(sent[1]?.headers).toMatchObject({ authorization: 'Basic c2VjcmV0' });
  });

  it.each(['file:///etc/passwd', 'ftp://b.test/', 'javascript:alert(1)', 'data:text/html,x'])(
    'lead nowhere when the target is %s',
    async (target) => {
      const { sent } = await crawl({ start: startAt(A), site: { [A]: hop(target) } });
      expect(sent.map(({ url }) => url)).toEqual([A]);
    },
  );

  it('are asked for off the allowed domains by nobody', async () => {
    const spider = { allowedDomains: ['a.test'] };
    const { sent, failures } = await crawl({ start: startAt(A), site: { [A]: hop(B) }, spider });
    expect(sent.map(({ url }) => url)).toEqual([A]);
    expect(failures).toEqual([expect.any(DroppedError)]);
  });
});

describe('a chain of redirects', () => {
  it('ends with an error when it never ends', async () => {
    const site = { [A]: to(B), [B]: to(A) };
    const { sent, failures } = await crawl({ start: startAt(A), site, settings: { maxRedirects: 5 } });
    expect(sent).toHaveLength(6);
    expect(failures).toEqual([expect.any(TooManyRedirectsError)]);
  });
});

describe('a retry', () => {
  it('sends the credentials again, to the same origin only', async () => {
    const start = startAt(A, { headers: { Authorization: 'Basic c2VjcmV0' } });
    const { sent } = await crawl({ start, site: { [A]: { status: 503 } } });
    expect(sent.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [A, 'Basic c2VjcmV0'],
      [A, 'Basic c2VjcmV0'],
      [A, 'Basic c2VjcmV0'],
    ]);
  });
});

describe('a link to a file', () => {
  it('is never followed from a page of the web, even where files are allowed', async () => {
    const spider = {
      *parse(response: Response) {
        if (response.url === A) yield new Request('file:///etc/passwd', { dontFilter: true });
      },
    };
    const { sent } = await crawl({ start: startAt(A), site: {}, spider, settings: { allowFileUrls: true } });
    expect(sent.map(({ url }) => url)).toEqual([A]);
  });

  it('is followed from a file', async () => {
    const spider = {
      *parse(response: Response) {
        if (response.url === 'file:///pages/a.html') yield response.follow('b.html');
      },
    };
    const { sent } = await crawl({ start: startAt('file:///pages/a.html'), site: {}, spider });
    expect(sent.map(({ url }) => url)).toEqual(['file:///pages/a.html', 'file:///pages/b.html']);
  });
});

describe('offsite', () => {
  it('holds for links with and without an errback', async () => {
    const spider = {
      allowedDomains: ['a.test'],
      *parse(response: Response) {
        if (response.url !== A) return;
        yield new Request(B);
        yield new Request(`${B}told`, { errback: 'onFailure' });
      },
    };
    const { sent, failures } = await crawl({ start: startAt(A), site: {}, spider });
    expect(sent.map(({ url }) => url)).toEqual([A]);
    expect(failures).toEqual([expect.objectContaining({ reason: 'offsite' })]);
  });

  it('holds for the request for robots.txt too', async () => {
    const spider = {
      allowedDomains: ['a.test'],
      *parse(response: Response) {
        if (response.url === A) yield new Request(B, { errback: 'onFailure' });
      },
    };
    const { sent } = await crawl({ start: startAt(A), site: {}, spider, settings: { obeyRobotsTxt: true } });
    expect(sent.map(({ url }) => url)).toEqual([`${A}robots.txt`, A]);
  });
});

describe('the environment’s proxy', () => {
  it('is chosen anew at each hop', async () => {
    const proxy = 'http://u:p@proxy.test:3128';
    const start = startAt(A, { meta: { proxy } });
    const { sent } = await crawl({ start, site: { [A]: to(B) } });
    expect(sent.map((one) => one.proxy)).toEqual([proxy, proxy]);
  });
});

function toRecord({ headers = {} }: ResponseInit): Record<string, string> {
  return headers as Record<string, string>;
}
