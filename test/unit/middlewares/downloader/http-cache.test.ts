import { beforeEach, describe, expect, it } from 'vitest';
import { httpCache } from '../../../../middlewares/index.ts';
import { ConnectionRefusedError } from '../../../../src/errors/connection-refused-error.ts';
import { Request, type RequestOptions } from '../../../../src/values/request.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { contextWith } from '../component-context.ts';
import { crawlSite, NEW_YEAR, type SiteAnswer, type SiteCrawl, type SiteCrawled } from '../crawl-site.ts';

const A = 'http://a.test/';
let records = new Map<string, Uint8Array>();
let failure: Error | undefined;
let store = new MemoryStore();

/** A store that fails when it is told. */
class FailingStore extends MemoryStore {
  override get(key: string): Promise<Uint8Array | undefined> {
    return failure === undefined ? super.get(key) : Promise.reject(failure);
  }
}

beforeEach(() => {
  failure = undefined;
  records = new Map();
  store = new FailingStore(records);
});

/** A crawl with a cache, of one page unless more are given. */
function crawl(
  answer: SiteAnswer | SiteCrawl['site'],
  { settings, start = [new Request(A)], ...rest }: Partial<SiteCrawl> = {},
): Promise<SiteCrawled> {
  const site = typeof answer === 'function' ? answer : () => answer;
  return crawlSite({
    ...rest,
    start,
    site,
    store,
    settings: { httpCache: 'rfc9111', ...settings },
  });
}

const to = (options: RequestOptions, url = A) => ({ start: [new Request(url, options)] });
const later = (seconds: number) => ({ atMs: NEW_YEAR + seconds * 1000 });
const unreachable = () => new ConnectionRefusedError(A, 'nobody is there');
const REPLAY = { settings: { httpCache: 'replay' } } as const;
const HOUR = { headers: { 'Cache-Control': 'max-age=3600' }, body: 'first' };
const TAGGED = { headers: { ETag: '"1"', 'Cache-Control': 'max-age=10' }, body: 'first' };

describe('the HTTP cache', () => {
  it('stays out when it is off', () => {
    expect(httpCache()(contextWith())).toBeUndefined();
  });

  it('costs time, never the crawl, where it fails', async () => {
    await crawl(HOUR);
    const { pages, stats, context } = await crawl(
      () => {
        failure = new Error('the disk is gone');
        return HOUR;
      },
      to({}, `${A}other`),
    );
    expect(pages).toHaveLength(1);
    expect(stats).toMatchObject({ 'httpcache/errors': 1 });
    expect(context.logger.messages('error')).toEqual([expect.stringContaining('the disk is gone')]);
  });
});

describe('the HTTP cache by RFC 9111', () => {
  it('answers from the store while an answer is fresh', async () => {
    await crawl(HOUR);
    const { sent, pages, stats } = await crawl(unreachable, later(60));
    expect(sent).toEqual([]);
    expect(pages[0]).toMatchObject({ text: 'first', flags: ['cached'], status: 200 });
    expect(stats).toMatchObject({ 'httpcache/hit': 1, 'page/count': 1 });
    expect(stats['downloader/response_count']).toBeUndefined();
  });

  it('says how old an answer is, and counts the age that it came with', async () => {
    await crawl({ ...HOUR, headers: { 'Cache-Control': 'max-age=100', Age: '50' } });
    expect((await crawl(unreachable, later(40))).pages[0]?.headers.get('age')).toBe('90');
    expect((await crawl({ body: 'second' }, later(60))).pages[0]?.text).toBe('second');
  });

  it('asks whether a stale answer still holds, and keeps it for as long as the server then says', async () => {
    await crawl(TAGGED);
    const confirmed = await crawl({ status: 304, headers: { 'Cache-Control': 'max-age=500' } }, later(60));
    expect(confirmed.sent[0]?.headers).toMatchObject({ 'if-none-match': '"1"' });
    expect(confirmed.pages[0]).toMatchObject({ text: 'first', status: 200, flags: ['cached'] });
    expect(confirmed.stats).toMatchObject({ 'httpcache/revalidate': 1, 'downloader/status/304': 1 });
    const { sent, pages } = await crawl(unreachable, later(120));
    expect([sent, pages[0]?.text, pages[0]?.headers.get('etag')]).toEqual([[], 'first', '"1"']);
  });

  it('keeps the coding and length of the body when a 304 names others', async () => {
    await crawl({ ...TAGGED, headers: { ...TAGGED.headers, 'Content-Length': '5' } });
    const { pages } = await crawl(
      { status: 304, headers: { 'Content-Length': '0', 'X-New': '1' } },
      later(60),
    );
    expect(pages[0]?.headers.toJSON()).toMatchObject({ 'content-length': '5', 'x-new': '1' });
  });

  it('takes the new answer where the old one does not hold', async () => {
    await crawl(TAGGED);
    const { pages, stats } = await crawl({ ...HOUR, body: 'second' }, later(60));
    expect(pages[0]).toMatchObject({ text: 'second', flags: [] });
    expect(stats).toMatchObject({ 'httpcache/invalidate': 1, 'httpcache/store': 1 });
    expect((await crawl(unreachable, later(90))).pages[0]?.text).toBe('second');
  });

  it('forgets an answer whose successor may not be stored', async () => {
    await crawl(TAGGED);
    await crawl({ headers: { 'Cache-Control': 'no-store' } }, later(60));
    expect((await crawl(unreachable, later(61))).pages).toEqual([]);
  });

  it('asks about an answer that says no-cache', async () => {
    await crawl({ headers: { ETag: '"1"', 'Cache-Control': 'no-cache' }, body: 'first' });
    const { sent, pages } = await crawl({ status: 304 });
    expect(sent[0]?.headers).toMatchObject({ 'if-none-match': '"1"' });
    expect(pages[0]?.text).toBe('first');
  });

  it('asks for the whole page where the request says no-cache', async () => {
    await crawl(TAGGED);
    const { sent, pages } = await crawl({ body: 'second' }, to({ headers: { 'Cache-Control': 'no-cache' } }));
    expect(sent[0]?.headers).not.toHaveProperty('if-none-match');
    expect(pages[0]?.text).toBe('second');
  });

  it.each([
    ['a server error', { status: 503 }],
    ['no server', unreachable()],
  ])('uses a stale answer over %s', async (_what, answer) => {
    await crawl(TAGGED);
    const { pages, stats } = await crawl(answer, later(60));
    expect(pages[0]).toMatchObject({ text: 'first', flags: ['cached'] });
    expect(stats).toMatchObject({ 'httpcache/errorrecovery': 1 });
  });

  it.each(['must-revalidate', 'no-cache', 'stale-if-error=20'])('does not with %s', async (directive) => {
    await crawl({ ...TAGGED, headers: { ETag: '"1"', 'Cache-Control': `max-age=10, ${directive}` } });
    expect((await crawl(unreachable, later(60))).pages).toEqual([]);
    expect((await crawl({ status: 503 }, later(60))).pages).toEqual([]);
  });

  it('takes no answer for one that depends on other headers', async () => {
    const german = to({ headers: { 'Accept-Language': 'de' } });
    await crawl({ headers: { ...HOUR.headers, Vary: 'Accept-Language' }, body: 'deutsch' }, german);
    expect((await crawl(unreachable, german)).pages[0]?.text).toBe('deutsch');
    expect((await crawl({ body: 'english' })).pages[0]?.text).toBe('english');
  });

  it.each([
    ['depends on anything', { headers: { ...HOUR.headers, Vary: '*' } }, {}],
    ['may not be stored', { headers: { 'Cache-Control': 'no-store' } }, {}],
    ['was given to a login', HOUR, to({ headers: { Authorization: 'Basic eA==' } })],
    ['is incomplete', { ...HOUR, flags: ['partial'] }, {}],
    [
      'has a status that is left out',
      { ...HOUR, status: 203 },
      { settings: { httpCacheIgnoreStatuses: [203] } },
    ],
  ])('does not store what %s', async (_what, answer, options) => {
    const { stats } = await crawl(answer, options);
    expect(stats).toMatchObject({ 'httpcache/firsthand': 1, 'httpcache/uncacheable': 1 });
    expect(stats['httpcache/store']).toBeUndefined();
  });

  it.each([
    ['it must not be stored', { headers: { 'Cache-Control': 'no-store' } }],
    ['it wants a part', { headers: { Range: 'bytes=0-9' } }],
    ['it has conditions of its own', { headers: { 'If-None-Match': '"mine"' } }],
    ['it is exempt', { meta: { dontCache: true } }],
    ['it does not read', { method: 'POST' }],
  ])('lets a request pass where %s', async (_why, options) => {
    await crawl(HOUR);
    const { sent, stats } = await crawl({ body: 'second' }, to(options));
    expect(sent).toHaveLength(1);
    expect(Object.keys(stats).filter((key) => /httpcache\/(hit|miss|store)/.test(key))).toEqual([]);
  });

  it('forgets a page that was written to, and those of its site that the answer names', async () => {
    const start = [new Request(A), new Request(`${A}list`)];
    await crawl(HOUR, { start });
    const written = { status: 201, headers: { Location: '/list' } };
    expect((await crawl(written, to({ method: 'POST' }))).stats).toMatchObject({ 'httpcache/invalidate': 2 });
    expect((await crawl(HOUR, { start })).sent).toHaveLength(2);
  });

  it('gives no answer of one login or session to another', async () => {
    const mine = to({ cookies: { session: 'mine' } });
    await crawl({ ...HOUR, body: 'mine' }, mine);
    expect((await crawl(unreachable, mine)).pages[0]?.text).toBe('mine');
    expect((await crawl({ body: 'yours' }, to({ cookies: { session: 'yours' } }))).pages[0]?.text).toBe(
      'yours',
    );
  });

  it('gives it where the server says by its tag that it is the same, or it is public', async () => {
    await crawl({
      ...TAGGED,
      headers: { ...TAGGED.headers, 'Last-Modified': 'Mon, 01 Dec 2025 00:00:00 GMT' },
    });
    const other = to({ cookies: { session: 'yours' } });
    const { sent, pages } = await crawl({ status: 304 }, other);
    expect(sent[0]?.headers).toMatchObject({ 'if-none-match': '"1"' });
    expect(sent[0]?.headers).not.toHaveProperty('if-modified-since');
    expect(pages[0]?.text).toBe('first');
    await crawl({ headers: { 'Cache-Control': 'public, max-age=60' } }, to({}, `${A}public`));
    expect(
      (await crawl(unreachable, to({ cookies: { session: 'yours' } }, `${A}public`))).pages,
    ).toHaveLength(1);
  });

  it('writes no secret of a request', async () => {
    const secret = to({
      headers: { Authorization: 'Basic c2VjcmV0', 'X-Key': 'k3y' },
      cookies: { session: 's3ss10n' },
    });
    const vary = 'Authorization, Cookie, X-Key';
    await crawl({ headers: { 'Cache-Control': 'public, max-age=60', Vary: vary }, body: 'first' }, secret);
    await crawl(HOUR, { ...REPLAY, ...to({}, 'http://user:pa55@a.test/') });
    const all = [...records].flatMap(([key, value]) => [key, Buffer.from(value).toString('latin1')]).join();
    expect(all).toContain('first');
    expect(all).not.toMatch(/c2VjcmV0|k3y|s3ss10n|pa55/);
  });

  it('follows a stored redirect', async () => {
    const site: SiteCrawl['site'] = ({ url }) =>
      url === A ? { status: 301, headers: { Location: '/new' } } : HOUR;
    await crawl(site);
    expect((await crawl(unreachable)).pages.map(({ url }) => url)).toEqual([`${A}new`]);
  });

  it('counts a damaged record as missing, and stores the page anew', async () => {
    await crawl(HOUR);
    const [key = '', value] = [...records].findLast(([name]) => name.startsWith('h/')) ?? [];
    records.set(
      key,
      Uint8Array.from(value ?? [], (byte, at) => (at === 20 ? byte ^ 1 : byte)),
    );
    const { pages, context } = await crawl({ ...HOUR, body: 'second' });
    expect(pages[0]?.text).toBe('second');
    expect(context.logger.messages('warn')).toEqual([expect.stringContaining('counts as missing')]);
    expect((await crawl(unreachable)).pages[0]?.text).toBe('second');
  });
});

describe('the HTTP cache as a replay', () => {
  it('answers whatever the headers say, also what was posted and what failed for good', async () => {
    const start = [new Request(A), new Request(A, { method: 'POST', body: 'q=1' }), new Request(`${A}404`)];
    const site: SiteCrawl['site'] = ({ url, method }) => ({
      status: url.endsWith('404') ? 404 : 200,
      headers: { 'Cache-Control': 'no-store' },
      body: method,
    });
    const first = await crawl(site, { ...REPLAY, start });
    const second = await crawl(unreachable, { ...REPLAY, start, ...later(1e9) });
    expect(second.sent).toEqual([]);
    expect(second.pages.map(({ text }) => text)).toEqual(first.pages.map(({ text }) => text));
    expect(second.stats).toMatchObject({ 'httpcache/hit': 3, 'httperror/response_ignored_count': 1 });
  });

  it('takes no time of the host', async () => {
    const start = Array.from({ length: 20 }, (_, at) => new Request(`${A}${at}`));
    const settings = { ...REPLAY.settings, downloadDelayMs: 1000 };
    expect((await crawl({ body: 'x' }, { settings, start })).clock.monotonicMs()).toBeGreaterThanOrEqual(
      19_000,
    );
    const { clock, pages } = await crawl(unreachable, { settings, start });
    expect([pages.length, clock.monotonicMs()]).toEqual([20, 0]);
  });

  it('does not freeze a fault that passes', async () => {
    let tries = 0;
    const site = (): SiteAnswer => (++tries === 1 ? { status: 503 } : { body: 'good' });
    expect((await crawl(site, REPLAY)).pages[0]?.text).toBe('good');
    expect((await crawl(unreachable, REPLAY)).pages[0]?.text).toBe('good');
  });

  it('fetches anew what has expired', async () => {
    const settings = { ...REPLAY.settings, httpCacheExpirationMs: 5000 };
    await crawl(HOUR, { settings });
    expect((await crawl(unreachable, { settings, ...later(5) })).pages).toHaveLength(1);
    expect((await crawl({ body: 'second' }, { settings, ...later(6) })).pages[0]?.text).toBe('second');
  });

  it('drops what is missing, if asked', async () => {
    const settings = { ...REPLAY.settings, httpCacheIgnoreMissing: true };
    const { sent, stats } = await crawl(HOUR, { settings });
    expect(sent).toEqual([]);
    expect(stats).toMatchObject({ 'httpcache/ignore': 1, 'request/dropped/not in cache': 1 });
  });

  it('keeps the answers of cookie jars apart', async () => {
    const start = ['ann', 'bob'].map(
      (cookieJar) =>
        new Request(A, { meta: { cookieJar }, dontFilter: true, headers: { 'X-Jar': cookieJar } }),
    );
    await crawl(({ headers }) => ({ body: headers.get('x-jar') ?? '' }), { ...REPLAY, start });
    const { pages } = await crawl(unreachable, { ...REPLAY, start });
    expect(pages.map(({ text }) => text).sort()).toEqual(['ann', 'bob']);
  });

  it('keeps large bodies whole, also when they are stored again', async () => {
    const bodies = ['a', 'b', 'c'].map((letter) => letter.repeat(700_000));
    for (const body of bodies) {
      await crawl(
        { body },
        { settings: { ...REPLAY.settings, httpCacheExpirationMs: 1 }, ...later(bodies.indexOf(body)) },
      );
    }
    expect((await crawl(unreachable, REPLAY)).pages[0]?.text).toBe(bodies[2]);
  });
});
