import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/main.ts';
import { mapSpider } from '../../../src/cli/site/map-spider.ts';
import { sitePlan } from '../../../src/cli/site/site-options.ts';
// Loaded with the test, not within its time limit.
import '../../../src/crawler/crawler.ts';
import { settingsOf } from '../../../src/crawler/settings-of.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox-server.ts';
import { fakeTerminal } from '../../support/fake-terminal.ts';

let shop: Sandbox;
let cwd = '';
beforeAll(async () => {
  shop = await startSandbox();
});
afterAll(() => shop.close());
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'crawl-site-')));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(cwd, { recursive: true, force: true });
});

const run = async (...argv: string[]) => {
  const terminal = fakeTerminal(cwd);
  const code = await runCommandLine([...argv, '-s', 'logLevel=silent'], terminal);
  return { code, out: terminal.out, err: terminal.err };
};
const at = (path: string) => new URL(path, shop.url).href;
const file = (name: string) => join(cwd, name);
const rows = (name: string): Record<string, unknown>[] =>
  readFileSync(file(name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('crawl map and crawl site in a project', () => {
  beforeEach(() =>
    writeFileSync(
      file('orbweaver.config.js'),
      `export default {
        addons: [{ name: 'uploads', updateSettings: () => ({ feeds: { 'added.jsonl': {} } }) }],
        pipelines: [() => ({ name: 'none', processItem() { throw new Error('not for these'); } })],
        feeds: { 'own.jsonl': {} }, jobDir: 'job', seeds: 'none.txt', failOn: ['items > 0'], maxItems: 1,
        incrementalDir: 'before', warcFile: 'all.warc',
        feedExporters: {
          mine: () => ({ format: 'mine', start: () => '', encode: (items) => 'mine '.repeat(items.length), end: () => '' }),
        },
      };`,
    ),
  );
  const others = () =>
    ['own.jsonl', 'added.jsonl', 'job', 'before', 'all.warc'].filter((name) => existsSync(file(name)));

  it.each(['map', 'site'])('leaves out of %s what the project says of its spiders', async (command) => {
    const words = [command, at('/quotes/'), '--depth', '0', '--scope', 'path'];
    const { code, err } = await run(...words, '-O', file('all.jsonl'));
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('failed') });
    expect(rows('all.jsonl').length).toBeGreaterThan(command === 'map' ? 1 : 0);
    expect(others()).toEqual([]);
  });

  it('keeps the exporters of the project beside that of lines', () => {
    const mine = () => ({});
    const plan = sitePlan(shop.url, { scope: 'host' });
    const { settings } = settingsOf(mapSpider(plan, false), 'map', {
      project: { source: 'project', settings: { feedExporters: { mine } } },
    });
    expect(settings.feedExporters).toEqual({ mine, lines: expect.any(Function) });
  });
});

describe('crawl map', () => {
  it('refuses a job', async () => {
    expect(await run('map', shop.url, '-s', `jobDir=${file('job')}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('crawl map cannot be kept in a job'),
    });
  });

  it('gives the addresses of the sitemaps and of the first page, each once', async () => {
    expect(await run('map', shop.url, '--depth', '0', '-O', file('map.jsonl'))).toMatchObject({ code: 0 });
    const urls = rows('map.jsonl').map(({ url }) => String(url));
    expect(new Set(urls).size).toBe(urls.length);
    expect(urls.filter((url) => /\/catalogue\/[^/]+_\d+\/index\.html$/.test(url))).toHaveLength(1000);
    expect(urls).toContain(at('/about.html'));
    expect(new Set(rows('map.jsonl').map(({ source }) => source))).toEqual(
      new Set(['link', 'sitemap', 'start']),
    );
    expect(urls.every((url) => url.startsWith(shop.url))).toBe(true);
  });

  it('prints them one a line, as many as are wanted', async () => {
    let printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((data, ...rest) => {
      printed += String(data);
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    });
    const { code } = await run(
      'map',
      at('/quotes/'),
      '--no-sitemaps',
      '--include',
      '/quotes/author/*',
      '--limit',
      '3',
    );
    vi.restoreAllMocks();
    expect(code).toBe(0);
    const lines = printed.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/quotes\/author\/[^/\s]+$/);
  });
});

describe('a first page that is not there', () => {
  let bare: Server;
  let hasSitemap = false;
  const site = () => `http://127.0.0.1:${(bare.address() as AddressInfo).port}`;
  beforeAll(async () => {
    bare = createServer(({ url }, response) => {
      const named = hasSitemap ? `Sitemap: ${site()}/list.xml\n` : '';
      if (url === '/robots.txt') response.end(named);
      else if (url === '/list.xml') response.end(`<urlset><url><loc>${site()}/a</loc></url></urlset>`);
      else if (url === '/a') response.setHeader('Content-Type', 'text/html').end('<title>A</title>');
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(bare, 'listening');
  });
  afterAll(() => {
    bare.close();
    bare.closeAllConnections();
  });

  it.each(['map', 'site'])('is told by crawl %s, with exit code 1', async (command) => {
    hasSitemap = false;
    const { code, err } = await run(command, site(), '-O', file('all.jsonl'));
    expect(code).toBe(1);
    expect(err).toContain('No items: the site answered 404');
  });

  it('hides no page that the sitemaps name', async () => {
    hasSitemap = true;
    expect(await run('map', site(), '-O', file('all.jsonl'))).toMatchObject({ code: 0 });
    expect(rows('all.jsonl')).toEqual([{ url: `${site()}/a`, source: 'sitemap', depth: 1 }]);
  });
});

describe('crawl site', () => {
  it('gives url, title and Markdown of as many pages as are wanted', async () => {
    expect(
      await run('site', at('/quotes/'), '--scope', 'path', '--limit', '4', '-O', file('pages.jsonl')),
    ).toMatchObject({
      code: 0,
      err: expect.stringContaining('4 items'),
    });
    const pages = rows('pages.jsonl');
    expect(pages).toHaveLength(4);
    expect(pages[0]).toEqual({
      url: at('/quotes/'),
      title: 'Quotes | Orbweaver sandbox',
      markdown: expect.stringMatching(/^# Quotes/),
    });
    expect(pages.every(({ url }) => String(url).startsWith(at('/quotes/')))).toBe(true);
  });

  it('takes fields by selectors, of the pages that fit, no further than it may', async () => {
    const select = [
      '--select',
      'name=h1',
      '--select',
      'image=.item.active img::attr(src)',
      '--select',
      'rows[]=table th',
    ];
    const words = ['--include', '/catalogue/*_*/index.html', '--exclude', 'category', '--depth', '1'];
    expect(await run('site', shop.url, ...words, ...select, '-O', file('books.jsonl'))).toMatchObject({
      code: 0,
    });
    const books = rows('books.jsonl');
    expect(books).toHaveLength(20);
    for (const book of books) {
      expect(Object.keys(book)).toEqual(['url', 'name', 'image', 'rows']);
      expect(book.rows).toContain('UPC');
      expect(book.name).toMatch(/\S/);
    }
  });

  it('goes on with a job, and refuses one of another choice', async () => {
    const words = [
      'site',
      at('/quotes/'),
      '--scope',
      'path',
      '--job',
      file('job'),
      '-o',
      file('pages.jsonl'),
    ];
    expect(await run(...words, '--limit', '2')).toMatchObject({ code: 0 });
    expect(await run(...words, '--limit', '5')).toMatchObject({ code: 0 });
    const urls = rows('pages.jsonl').map(({ url }) => url);
    expect([urls.length, new Set(urls).size]).toEqual([5, 5]);
    expect((await run(...words, '--exclude', 'tag')).code).toBe(2);
  });

  it('says when no page fits', async () => {
    const { err } = await run(
      'site',
      at('/quotes/'),
      '--include',
      '/nothing/*',
      '--depth',
      '0',
      '-O',
      file('none.jsonl'),
    );
    expect(err).toContain('none of 1 page fits --include');
    expect(err).toContain(`crawl fetch ${at('/quotes/')} --links`);
  });

  it.each([
    [['--scope', 'planet'], 'It is one of host, domain, path'],
    [['--depth', '-1'], '--depth -1: expected a whole number'],
    [['--limit', '0'], '--limit 0: expected a whole number from 1 on'],
    [['--include', ' '], 'need a pattern'],
    [['--select', 'price'], 'expected NAME=CSS'],
    [['--select', 'price=..'], '--select price:'],
    [['--select', 'a=p', '--select', 'a[]=p'], '"a" twice'],
  ])('refuses %j', async (words, problem) => {
    const { code, err } = await run('site', shop.url, ...words);
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});

describe('crawl fetch', () => {
  it('prints one view of a page', async () => {
    const links = (await run('fetch', at('/quotes/'), '--links')).out.trimEnd().split('\n');
    expect(links).toContain(at('/quotes/login'));
    expect(new Set(links).size).toBe(links.length);
    expect((await run('fetch', at('/quotes/'), '--markdown')).out).toMatch(/^# Quotes/);
    expect(JSON.parse((await run('fetch', at('/quotes/'), '--json')).out)).toMatchObject({
      status: 200,
      links,
    });
    expect(await run('fetch', at('/quotes/'), '--json', '--links')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--json and --links exclude each other'),
    });
  });
});
