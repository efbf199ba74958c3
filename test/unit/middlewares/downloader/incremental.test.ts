import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedItems, incremental } from '../../../../middlewares/index.ts';
import { Crawler } from '../../../../src/crawler/crawler.ts';
import { silentLogger } from '../../../../src/logging/silent-logger.ts';
import { Spider } from '../../../../src/spider/spider.ts';
import { Request, type RequestOptions } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { contextWith } from '../component-context.ts';
import { crawlSite, NEW_YEAR, type SiteAnswer, type SiteCrawl, type SiteCrawled } from '../crawl-site.ts';

const A = 'http://a.test/';
const HOUR_MS = 60 * 60 * 1000;
let folder = '';
let records = new Map<string, Uint8Array>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-incremental-'));
  records = new Map();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One crawl of several over the same memory, of one page unless more are given. */
function crawl(
  answer: SiteAnswer | SiteCrawl['site'],
  { settings, start = [new Request(A)], ...rest }: Partial<SiteCrawl> = {},
): Promise<SiteCrawled> {
  const site = typeof answer === 'function' ? answer : () => answer;
  return crawlSite({
    ...rest,
    start,
    site,
    store: new MemoryStore(records),
    settings: { incrementalDir: folder, retry: false, ...settings },
  });
}

const to = (options: RequestOptions, url = A) => ({ start: [new Request(url, options)] });
const later = (hours: number) => ({ atMs: NEW_YEAR + hours * HOUR_MS });
const flagsOf = ({ pages }: SiteCrawled) => pages.map(({ flags }) => flags);
const TAGGED = { headers: { ETag: '"1"', 'Content-Type': 'text/html' }, body: 'first' };
const DROP = { settings: { incrementalUnchanged: 'drop' } } as const;

describe('an incremental crawl', () => {
  it('stays out unless it has a folder', () => {
    expect(incremental()(contextWith())).toBeUndefined();
    expect(changedItems()(contextWith({ incrementalItems: 'changed' }))).toBeUndefined();
  });

  it('tells new, unchanged and changed pages apart by their bodies', async () => {
    expect(flagsOf(await crawl({ body: 'first' }))).toEqual([['new']]);
    expect(flagsOf(await crawl({ body: 'first' }))).toEqual([['unchanged']]);
    const changed = await crawl({ body: 'second' });
    expect(flagsOf(changed)).toEqual([['changed']]);
    expect(changed.stats).toMatchObject({ 'incremental/changed': 1 });
  });

  it('compares only what counts', async () => {
    const contentOf = ({ text }: Response) => text.replace(/token=\d+/, '');
    await crawl({ body: 'page token=1' }, { contentOf });
    expect(flagsOf(await crawl({ body: 'page token=2' }, { contentOf }))).toEqual([['unchanged']]);
  });

  it('asks for changes only, and delivers the page that it kept', async () => {
    await crawl({
      headers: { ...TAGGED.headers, 'Last-Modified': 'Mon, 01 Dec 2025 00:00:00 GMT' },
      body: 'first',
    });
    const { sent, pages, stats } = await crawl({ status: 304, headers: { ETag: '"1"' } });
    expect(sent[0]?.headers).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Mon, 01 Dec 2025 00:00:00 GMT',
    });
    expect(pages[0]).toMatchObject({ status: 200, text: 'first', flags: ['unchanged'], kind: 'html' });
    expect(stats).toMatchObject({ 'incremental/conditional': 1, 'incremental/not_modified': 1 });
    expect((await crawl({ status: 304 })).sent[0]?.headers).toMatchObject({ 'if-none-match': '"1"' });
  });

  it("leaves the user's own conditions as they are, and what comes of them", async () => {
    await crawl(TAGGED);
    const own = { headers: { 'If-None-Match': '"mine"' }, meta: { handleStatuses: [304] } };
    const { sent, pages } = await crawl({ status: 304 }, to(own));
    expect(sent[0]?.headers).toMatchObject({ 'if-none-match': '"mine"' });
    expect(pages[0]?.status).toBe(304);
  });

  it('asks for the whole page where the kept one is damaged', async () => {
    await crawl(TAGGED);
    for (const [key, value] of records) {
      if (key.startsWith('h/b/'))
        records.set(
          key,
          Uint8Array.from(value, (byte, at) => (at === 9 ? byte ^ 1 : byte)),
        );
    }
    const site: SiteCrawl['site'] = (_request, { headers }) =>
      headers.has('if-none-match') ? { status: 304 } : TAGGED;
    const { sent, pages } = await crawl(site);
    expect(sent).toHaveLength(2);
    expect(pages[0]).toMatchObject({ text: 'first', flags: ['unchanged'] });
  });

  it('keeps the bodies of the last two versions only', async () => {
    for (const tag of ['1', '2', '3', '4']) await crawl({ headers: { ETag: tag }, body: tag });
    expect([...records.keys()].filter((key) => key.startsWith('h/b/'))).toHaveLength(2);
  });

  it('drops unchanged pages if asked, and then keeps no bodies', async () => {
    await crawl(TAGGED, DROP);
    const { sent, pages, stats } = await crawl({ status: 304 }, DROP);
    expect([sent.length, pages.length]).toEqual([1, 0]);
    expect(stats).toMatchObject({ 'request/dropped/unchanged': 1 });
    expect((await crawl(TAGGED, DROP)).pages).toEqual([]);
    expect([...records.keys()].filter((key) => key.startsWith('h/b/'))).toEqual([]);
  });

  it('leaves POST, other statuses and cut pages alone', async () => {
    const start = [new Request(A, { method: 'POST' }), new Request(`${A}500`), new Request(`${A}cut`)];
    const site: SiteCrawl['site'] = ({ url }) =>
      url.endsWith('500') ? { status: 500 } : { body: 'x', flags: url.endsWith('cut') ? ['partial'] : [] };
    expect(flagsOf(await crawl(site, { start })).flat()).toEqual(['partial']);
    expect([...records.keys()]).toEqual(['format']);
  });
});

describe('items of an incremental crawl', () => {
  const parse = function* (response: Response) {
    yield { url: response.url };
    if (response.url === A) yield response.follow('/next');
  };

  it('come only from new and changed pages if asked, and links are followed all the same', async () => {
    const changed = { settings: { incrementalItems: 'changed' }, spider: { parse } } as const;
    expect((await crawl(TAGGED, changed)).items).toEqual([{ url: A }, { url: `${A}next` }]);
    const site: SiteCrawl['site'] = ({ url }) => (url === A ? { status: 304 } : { body: 'second' });
    const { items, stats } = await crawl(site, changed);
    expect(items).toEqual([{ url: `${A}next` }]);
    expect(stats).toMatchObject({ 'spider/dropped/unchanged page': 1 });
  });

  it('come from all pages otherwise', async () => {
    await crawl(TAGGED, { spider: { parse } });
    expect((await crawl({ status: 304 }, { spider: { parse } })).items).toHaveLength(2);
  });
});

describe('the time between two visits', () => {
  const rules = { settings: { incrementalRevisit: [{ pattern: '/item/', afterMs: 24 * HOUR_MS }] } };
  const start = [new Request(A), new Request(`${A}item/1`)];

  it('is kept for pages with a rule', async () => {
    await crawl(TAGGED, { ...rules, start });
    const { sent, stats } = await crawl(TAGGED, { ...rules, start, ...later(23) });
    expect(sent.map(({ url }) => url)).toEqual([A]);
    expect(stats).toMatchObject({ 'incremental/not_due': 1, 'request/dropped/not due': 1 });
    expect((await crawl(TAGGED, { ...rules, start, ...later(24) })).sent).toHaveLength(2);
  });

  it('is that of the first rule whose pattern fits', async () => {
    const settings = {
      incrementalRevisit: [{ pattern: '/item/1$', afterMs: 0 }, ...rules.settings.incrementalRevisit],
    };
    await crawl(TAGGED, { settings, start });
    expect((await crawl(TAGGED, { settings, start })).sent).toHaveLength(2);
  });

  it('begins anew with each check, also of a page that had not changed', async () => {
    for (const hours of [0, 30])
      await crawl(TAGGED, { settings: { ...DROP.settings, ...rules.settings }, start, ...later(hours) });
    expect((await crawl(TAGGED, { ...rules, start, ...later(40) })).stats).toMatchObject({
      'incremental/not_due': 1,
    });
  });

  it('is set for single requests by their meta', async () => {
    await crawl(TAGGED, to({ meta: { revisitAfterMs: HOUR_MS } }));
    expect((await crawl(TAGGED, to({ meta: { revisitAfterMs: HOUR_MS } }))).sent).toEqual([]);
    expect((await crawl(TAGGED, to({ meta: { revisitAfterMs: 0 } }))).sent).toHaveLength(1);
  });

  it('keeps no page out for good after the clock was set back', async () => {
    await crawl(TAGGED, { ...rules, start, ...later(1000) });
    expect((await crawl(TAGGED, { ...rules, start })).sent).toHaveLength(2);
  });

  it('takes no time of the host', async () => {
    const pages = Array.from({ length: 10 }, (_, at) => new Request(`${A}item/${at}`));
    const settings = { ...rules.settings, downloadDelayMs: 1000 };
    await crawl(TAGGED, { settings, start: pages });
    expect((await crawl(TAGGED, { settings, start: pages })).clock.monotonicMs()).toBe(0);
  });
});

describe('a mark of the page (itag)', () => {
  const rule = { settings: { incrementalRevisit: [{ pattern: '', afterMs: HOUR_MS }] } };

  it('keeps the page out while it stays the same', async () => {
    await crawl(TAGGED, to({ meta: { itag: '2026-01-01' } }));
    const { sent, stats } = await crawl(TAGGED, { ...to({ meta: { itag: '2026-01-01' } }), ...later(1000) });
    expect(sent).toEqual([]);
    expect(stats).toMatchObject({ 'incremental/same_itag': 1, 'request/dropped/same itag': 1 });
  });

  it('outweighs the time when it has changed', async () => {
    await crawl(TAGGED, { ...rule, ...to({ meta: { itag: 1 } }) });
    expect((await crawl(TAGGED, { ...rule, ...to({ meta: { itag: 2 } }) })).sent).toHaveLength(1);
    expect((await crawl(TAGGED, { ...rule, ...to({ meta: { itag: 2 } }) })).sent).toHaveLength(0);
  });
});

describe('pages that are gone', () => {
  const goneFile = () =>
    readFileSync(join(folder, 'gone.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  it('are counted, logged and listed', async () => {
    await crawl(TAGGED);
    const { stats, context } = await crawl({ status: 410 }, later(1));
    expect(stats).toMatchObject({ 'incremental/gone': 1 });
    expect(context.logger.messages('info')).toContainEqual(
      expect.stringContaining('1 pages that were there before are gone'),
    );
    expect(goneFile()).toEqual([
      {
        url: A,
        status: 410,
        firstSeen: '2026-01-01T00:00:00.000Z',
        lastSeen: '2026-01-01T00:00:00.000Z',
        goneSince: '2026-01-01T01:00:00.000Z',
        times: 1,
      },
    ]);
  });

  it('are counted from crawl to crawl, and asked for whole', async () => {
    await crawl(TAGGED);
    await crawl({ status: 404 }, later(1));
    expect((await crawl({ status: 404 }, later(2))).sent[0]?.headers).not.toHaveProperty('if-none-match');
    expect(goneFile()).toMatchObject([{ times: 2, goneSince: '2026-01-01T01:00:00.000Z' }]);
  });

  it('leave the list when they come back, as changed', async () => {
    await crawl(TAGGED);
    await crawl({ status: 404 });
    expect(flagsOf(await crawl(TAGGED))).toEqual([['changed']]);
    expect(goneFile()).toEqual([]);
  });

  it('are none that nobody knew', async () => {
    expect((await crawl({ status: 404 })).stats['incremental/gone']).toBeUndefined();
    expect(goneFile()).toEqual([]);
  });
});

describe('what is remembered', () => {
  it('is no page whose callback failed', async () => {
    const parse = () => {
      throw new Error('oops');
    };
    await crawl(TAGGED, { spider: { parse } });
    expect(flagsOf(await crawl(TAGGED))).toEqual([['new']]);
  });

  it('is no page of which a pipeline lost an item', async () => {
    const broken = {
      name: 'broken',
      processItem: () => {
        throw new Error('oops');
      },
    };
    await crawl(TAGGED, { pipelines: [broken] });
    expect(flagsOf(await crawl(TAGGED))).toEqual([['new']]);
  });

  it('does not keep a crawl that was killed and goes on from its own pages', async () => {
    const state = {};
    const rule = { settings: { incrementalRevisit: [{ pattern: '', afterMs: HOUR_MS }], jobDir: folder } };
    await crawl({ body: 'first' });
    expect(flagsOf(await crawl({ body: 'second' }, { ...rule, state, ...later(2) }))).toEqual([['changed']]);
    expect(flagsOf(await crawl({ body: 'second' }, { ...rule, state, ...later(2) }))).toEqual([['changed']]);
    expect((await crawl({ body: 'second' }, { ...rule, ...later(2) })).sent).toEqual([]);
  });

  it('is nothing that a crawl without a job saw that was killed: it may have lost items', async () => {
    const marks: Uint8Array[] = [];
    const onPage = (): void => {
      marks.push(records.get('h/unfinished') ?? new Uint8Array());
    };
    const killed = async (body: string): Promise<(readonly string[])[]> => {
      const crawled = await crawl({ body }, { onPage });
      records.set('h/unfinished', marks.at(-1) ?? new Uint8Array());
      return flagsOf(crawled);
    };
    expect(await killed('first')).toEqual([['new']]);
    expect(await killed('first')).toEqual([['new']]);
    expect(flagsOf(await crawl({ body: 'first' }))).toEqual([['new']]);
    expect(await killed('second')).toEqual([['changed']]);
    expect(flagsOf(await crawl({ body: 'first' }))).toEqual([['unchanged']]);
    expect(flagsOf(await crawl({ body: 'first' }))).toEqual([['unchanged']]);
  });

  it('is nothing that a killed crawl saw, also where a job is run in between', async () => {
    const marks: Uint8Array[] = [];
    const onPage = (): void => {
      marks.push(records.get('h/unfinished') ?? new Uint8Array());
    };
    await crawl({ body: 'first' }, { onPage });
    records.set('h/unfinished', marks.at(-1) ?? new Uint8Array());
    const job = { settings: { jobDir: folder }, state: {} };
    expect(flagsOf(await crawl({ body: 'first' }, job))).toEqual([['new']]);
    expect(records.has('h/unfinished')).toBe(false);
    expect(flagsOf(await crawl({ body: 'first' }))).toEqual([['unchanged']]);
  });

  it('is no page of a crawl whose pipeline could not close', async () => {
    const buffering = {
      name: 'buffering',
      processItem: () => {},
      close: () => {
        throw new Error('database gone');
      },
    };
    await crawl(TAGGED, { pipelines: [buffering] });
    expect(flagsOf(await crawl(TAGGED))).toEqual([['new']]);
    expect(flagsOf(await crawl(TAGGED))).toEqual([['unchanged']]);
  });

  it.skipIf(process.platform !== 'linux')('is no page of a crawl whose output failed', async () => {
    const verdicts: string[] = [];
    class Shop extends Spider {
      override startUrls = [A];

      override *parse({ flags }: Response): Iterable<{ readonly verdict: string | undefined }> {
        verdicts.push(flags.at(-1) ?? '');
        yield { verdict: flags.at(-1) };
      }
    }
    for (const place of ['/dev/full', join(folder, 'a.jsonl'), join(folder, 'b.jsonl')]) {
      await new Crawler(Shop, {
        logger: silentLogger,
        downloader: {
          download: async (request) => new Response(request.url, { request, body: 'first' }),
          close: async () => {},
        },
        settings: {
          incrementalDir: join(folder, 'memory'),
          obeyRobotsTxt: false,
          feeds: { [place]: { format: 'jsonl' } },
        },
      }).run();
    }
    expect(verdicts).toEqual(['new', 'new', 'unchanged']);
  });

  it('ends the crawl where it cannot be read: every page would count as new', async () => {
    await crawl(TAGGED);
    const store = new MemoryStore(records);
    store.get = async (key) => {
      if (key.startsWith('h/p/')) throw new Error('the disk is gone');
      return records.get(key);
    };
    const { reason, error, sent, context } = await crawlSite({
      start: [new Request(A)],
      site: () => TAGGED,
      store,
      settings: { incrementalDir: folder },
    });
    expect([reason, error?.message, sent]).toEqual(['incremental_error', 'the disk is gone', []]);
    expect(context.logger.messages('error')).toContainEqual(expect.stringContaining('the disk is gone'));
  });
});
