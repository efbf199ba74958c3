import { describe, expect, it } from 'vitest';
import { sessions } from '../../../../middlewares/index.ts';
import type { Unit } from '../../../../src/contracts/unit.ts';
import { SettingsError } from '../../../../src/errors/settings-error.ts';
import type { SessionSettings } from '../../../../src/settings/session-settings.ts';
import { Request, type RequestOptions } from '../../../../src/values/request.ts';
import type { ResponseInit } from '../../../../src/values/response.ts';
import { contextWith } from '../component-context.ts';
import { crawlSite, type SiteCrawl } from '../crawl-site.ts';

const URLS = ['http://a.test/1', 'http://a.test/2', 'http://a.test/3'];

interface Sent {
  readonly path: string;
  readonly cookie: string | undefined;
  readonly proxy: string | undefined;
  readonly agent: string | undefined;
}

/** Crawls with sessions; what was sent. */
async function crawl(
  rules: SessionSettings | undefined,
  answer: (request: Request, unit: Unit) => ResponseInit | Error = () => ({}),
  { start = URLS.map((url) => new Request(url)), ...more }: Partial<SiteCrawl> = {},
) {
  const sent: Sent[] = [];
  const crawled = await crawlSite({
    ...more,
    start,
    settings: { sessions: rules, concurrentRequests: 1, retryBackoffMs: 0, ...more.settings },
    site: (request, unit) => {
      const { headers, proxy } = unit;
      sent.push({
        path: new URL(request.url).pathname,
        cookie: headers.get('cookie'),
        proxy,
        agent: headers.get('user-agent'),
      });
      return answer(request, unit);
    },
  });
  return { ...crawled, sent };
}

const page = (path: string, session?: string | null, options: RequestOptions = {}): Request =>
  new Request(`http://a.test${path}`, { ...options, meta: { ...(session !== undefined && { session }) } });
const setCookie = { headers: { 'Set-Cookie': 'id=1' } };

describe('sessions', () => {
  it('keeps the cookies of named sessions apart, also without settings', async () => {
    const start = [page('/1', 'ann'), page('/2', 'bob'), page('/3', 'ann')];
    const { sent } = await crawl(undefined, ({ url }) => (url.endsWith('1') ? setCookie : {}), { start });
    expect(sent.map(({ path, cookie }) => [path, cookie])).toEqual([
      ['/1', undefined],
      ['/2', undefined],
      ['/3', 'id=1'],
    ]);
  });

  it('deals proxies and identities out in turn, as one unit', async () => {
    const rules = {
      proxies: ['http://p1.test:1', 'http://p2.test:1'],
      identities: [{ 'User-Agent': 'one' }, { 'User-Agent': 'two' }],
    };
    const start = [page('/1', 'ann'), page('/2', 'bob'), page('/3', 'ann')];
    const { sent } = await crawl(rules, () => ({}), { start });
    expect(sent.map(({ proxy, agent }) => [proxy, agent])).toEqual([
      ['http://p1.test:1', 'one'],
      ['http://p2.test:1', 'two'],
      ['http://p1.test:1', 'one'],
    ]);
  });

  it('leaves a request its own headers and proxy', async () => {
    const rules = { proxies: ['http://p1.test:1'], identities: [{ 'User-Agent': 'one' }] };
    const own = new Request('http://a.test/1', { headers: { 'User-Agent': 'own' }, meta: { proxy: null } });
    const { sent } = await crawl(rules, () => ({}), { start: [own] });
    expect(sent[0]).toMatchObject({ agent: 'own', proxy: undefined });
  });

  it('begins anew when it is blocked, and tries the page again', async () => {
    const rules = { proxies: ['http://p1.test:1', 'http://p2.test:1'] };
    const { sent, pages, stats } = await crawl(rules, (_, { proxy, headers }) =>
      proxy?.includes('p1') && headers.has('cookie') ? { status: 403 } : setCookie,
    );
    expect(sent.map(({ path, cookie, proxy }) => [path, cookie, proxy?.slice(7, 9)])).toEqual([
      ['/1', undefined, 'p1'],
      ['/2', 'id=1', 'p1'],
      ['/3', undefined, 'p2'],
      ['/2', 'id=1', 'p2'],
    ]);
    expect(pages).toHaveLength(3);
    expect(stats).toMatchObject({ 'session/rotated_count': 1, 'retry/reason_count/session blocked': 1 });
  });

  it('gives a page up that is blocked in every session', async () => {
    const { sent, pages } = await crawl({}, () => ({ status: 403 }), {
      start: [page('/1')],
      settings: { retryTimes: 2 },
    });
    expect([sent.length, pages.length]).toEqual([3, 0]);
  });

  it('takes the word of isBlocked', async () => {
    const rules: SessionSettings = { isBlocked: ({ text }) => text.includes('captcha') };
    let asked = 0;
    const { stats } = await crawl(rules, () => ({ body: ++asked === 1 ? 'captcha' : 'page' }), {
      start: [page('/1')],
    });
    expect([asked, stats['session/rotated_count']]).toEqual([2, 1]);
  });

  it('begins anew after its uses, and after failures in a row', async () => {
    expect((await crawl({ maxUses: 2 })).stats['session/rotated_count']).toBe(1);
    const failing = await crawl({ maxFailures: 2 }, () => new Error('proxy down'), {
      settings: { retry: false },
    });
    expect(failing.stats['session/rotated_count']).toBe(1);
  });

  it('keeps a host to one session of the pool, and leaves out who wants none', async () => {
    const start = [page('/1'), page('/2', null), page('/3')];
    const { sent } = await crawl({ pool: 50 }, () => setCookie, { start });
    expect(sent.map(({ cookie }) => cookie)).toEqual([undefined, undefined, 'id=1']);
  });

  it('follows links in the session of their page', async () => {
    const { sent } = await crawl(undefined, ({ url }) => (url.endsWith('/1') ? setCookie : {}), {
      start: [page('/1', 'ann')],
      spider: {
        *parse(response: { url: string; follow(url: string): Request }) {
          if (response.url.endsWith('/1')) yield response.follow('/2');
        },
      },
    });
    expect(sent.map(({ cookie }) => cookie)).toEqual([undefined, 'id=1']);
  });

  it('keeps to the session over a redirect', async () => {
    const { sent } = await crawl(
      undefined,
      ({ url }) =>
        url.endsWith('/1') ? { status: 302, headers: { Location: '/2', 'Set-Cookie': 'id=1' } } : {},
      { start: [page('/1', 'ann')] },
    );
    expect(sent.map(({ path, cookie }) => [path, cookie])).toEqual([
      ['/1', undefined],
      ['/2', 'id=1'],
    ]);
  });

  it('is kept with a job', async () => {
    const state: Record<string, Record<string, unknown>> = {};
    const rules = { proxies: ['http://p1.test:1', 'http://p2.test:1'], maxUses: 3 };
    await crawl(rules, () => ({}), { state });
    const kept = JSON.parse(JSON.stringify(state)) as typeof state;
    const { sent } = await crawl(rules, () => ({}), { state: kept, start: [page('/4')] });
    expect(sent[0]?.proxy).toBe('http://p2.test:1');
  });

  it('refuses headers that hold credentials', () => {
    const rules = { identities: [{ Authorization: 'Bearer x' }] };
    expect(() => sessions(rules)(contextWith())).toThrow(SettingsError);
  });
});
