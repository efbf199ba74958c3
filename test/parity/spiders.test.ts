import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CrawlSpider,
  CsvFeedSpider,
  type CsvRow,
  type Failure,
  type Link,
  LinkExtractor,
  type PacedIterable,
  type PartialSettings,
  Request,
  type Response,
  type Rule,
  type Selector,
  type Settings,
  type SitemapEntry,
  SitemapSpider,
  Spider,
  XmlFeedSpider,
} from '../../src/index.ts';
import { crawl } from '../support/command-line.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';

/** A project with these files in its folder of spiders, that lives as long as the test. */
function projectWith(spiders: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'orbweaver-parity-spiders-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(cwd, 'orbweaver.config.mjs'), 'export default { maxPages: 9 };');
  mkdirSync(join(cwd, 'spiders'));
  for (const [name, body] of Object.entries(spiders))
    writeFileSync(join(cwd, 'spiders', name), `import { Spider } from "orbweaver";\n${body}`);
  return cwd;
}

describe('spiders', () => {
  it('have a name, start URLs, domains, parse(), a logger, settings and stats', async () => {
    const { url } = await site({ '/': '<a href=/next>x</a>', '/next': 'y' });
    class Shop extends Spider {
      static override spiderName = 'shop';
      override startUrls = [url('/')];
      override allowedDomains = ['127.0.0.1'];
      override *parse(response: Response) {
        this.logger.info('here');
        yield { name: this.name, max: this.settings.maxPages, pages: this.stats.get('page/count') ?? 0 };
        yield response.follow('http://elsewhere.test/');
        if (response.url === url('/next')) this.stop('enough');
        else yield* response.followAll('a');
      }
    }
    const { items, stats, logger, result } = await runSpider(Shop, { settings: { maxPages: 50 } });
    expect(items).toMatchObject([{ name: 'shop', max: 50 }, {}]);
    expect(stats['offsite/filtered']).toBe(2);
    expect(logger.records).toContainEqual(expect.objectContaining({ logger: 'shop', message: 'here' }));
    expect(result.reason).toBe('enough');
  });

  it('start with requests and items of an async generator', async () => {
    const { url } = await site({ '/1': 'one', '/2': 'two' });
    class Start extends Spider {
      override async *start() {
        yield { by: 'start' };
        for (const path of ['/1', '/2']) yield new Request(url(path));
      }
      override *parse(response: Response) {
        yield { by: response.text };
      }
    }
    expect((await runSpider(Start)).items.map(({ by }) => by).sort()).toEqual(['one', 'start', 'two']);
  });

  it('take arguments as texts, and settings by class and by argument', async () => {
    const cwd = projectWith({
      'shop.mjs': `export default class extends Spider {
        static settings = { maxPages: 3, maxItems: 5 };
        static updateSettings(settings, { depth }) {
          return { maxItems: settings.maxItems + settings.maxPages, maxDepth: Number(depth) };
        }
        *start() {
          const { maxPages, maxItems, maxDepth, maxErrors } = this.settings;
          yield { ...this.args, maxPages, maxItems, maxDepth, maxErrors };
        }
      }`,
    });
    const words = ['shop', '-a', 'depth=4', '-a', 'flag=true', '-s', 'maxErrors=7', '-o', '-'];
    const { code, stdout } = await crawl(words, { cwd });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { depth: '4', flag: 'true', maxPages: 3, maxItems: 8, maxDepth: 4, maxErrors: 7 },
    ]);
  }, 20_000);

  it('have settings of their own, and may change them from arguments', async () => {
    class Base extends Spider {
      static override settings: PartialSettings = { maxDepth: 2, maxErrors: 1 };
      static override updateSettings(settings: Settings, args: Readonly<Record<string, unknown>>) {
        return { maxDepth: settings.maxDepth + Number(args.more ?? 0), maxErrors: 2 };
      }
      override *start() {
        yield { depth: this.settings.maxDepth, errors: this.settings.maxErrors };
      }
    }
    class Wider extends Base {
      static override updateSettings(settings: Settings, args: Readonly<Record<string, unknown>>) {
        return { ...Base.updateSettings(settings, args), maxErrors: 3 };
      }
    }
    const items = async (spider: typeof Base, options = {}) => (await runSpider(spider, options)).items[0];
    expect(await items(Base, { args: { more: '5' } })).toEqual({ depth: 7, errors: 2 });
    expect(await items(Wider)).toEqual({ depth: 2, errors: 3 });
    expect(await items(Base, { settings: { maxErrors: 9 } })).toEqual({ depth: 2, errors: 9 });
  });

  it('are told of their end', async () => {
    const reasons: string[] = [];
    class Ends extends Spider {
      override startUrls = ['data:text/plain,x'];
      override parse() {
        if (this.args.stop !== undefined) this.stop('asked');
      }
      override async closed(reason: string) {
        reasons.push(reason);
      }
    }
    await runSpider(Ends);
    await runSpider(Ends, { args: { stop: 1 } });
    expect(reasons).toEqual(['finished', 'asked']);
  });

  it('may give nothing, one thing, any list or generator, and are warned of a lost return value', async () => {
    class Gives extends Spider {
      override *start() {
        const callbacks = [
          'nothing',
          'none',
          'item',
          'request',
          'list',
          'set',
          'later',
          'slow',
          'lost',
          'lost',
        ];
        for (const [n, callback] of callbacks.entries())
          yield new Request(`data:text/plain,${n}`, { callback });
      }
      nothing() {}
      none() {
        return null;
      }
      item() {
        return { by: 'item' };
      }
      request() {
        return new Request('data:text/plain,request', { callback: 'asked' });
      }
      asked() {
        return { by: 'request' };
      }
      list() {
        return [{ by: 'list' }, null];
      }
      set() {
        return new Set([{ by: 'set' }]);
      }
      async later() {
        return [{ by: 'later' }];
      }
      async *slow() {
        yield { by: 'slow' };
      }
      *lost() {
        yield { by: 'lost' };
        return { by: 'return' };
      }
    }
    const { items, logger } = await runSpider(Gives);
    const given = ['item', 'later', 'list', 'lost', 'lost', 'request', 'set', 'slow'];
    expect(items.map(({ by }) => by).sort()).toEqual(given);
    expect(logger.messages('warn').filter((line) => line.includes('returned a value'))).toEqual([
      'lost() is a generator that returned a value, which is left out: yield it',
    ]);
  });

  it('end with start_error where start() throws, after what was queued', async () => {
    const { url, paths } = await site({ '/1': 'x', '/2': 'x' });
    const errors: unknown[] = [];
    class Broken extends Spider {
      override *start() {
        yield new Request(url('/1'));
        yield new Request(url('/2'));
        throw new Error('no list');
      }
      override *parse() {
        yield { a: 1 };
      }
    }
    const { result, stats, items } = await runSpider(Broken, {
      onCrawler: ({ signals }) => signals.on('spiderError', ({ error }) => void errors.push(error)),
    });
    expect(result.reason).toBe('start_error');
    expect([paths.length, items.length, stats['spider/errors']]).toEqual([2, 2, 1]);
    expect(String(errors[0])).toContain('no list');
  });

  it('handle statuses of their own, and keep state over the runs of a job', async () => {
    const { url } = await site({
      '/': { status: 404, body: 'gone' },
      '/2': { status: 404, body: 'gone too' },
    });
    const jobDir = mkdtempSync(join(tmpdir(), 'orbweaver-parity-state-'));
    onTestFinished(() => rmSync(jobDir, { recursive: true, force: true }));
    class Counts extends Spider {
      static override settings: PartialSettings = { handleStatuses: [404] };
      override startUrls = [url('/'), url('/2')];
      override *parse(response: Response) {
        this.state.count = Number(this.state.count ?? 0) + 1;
        yield { status: response.status, count: this.state.count };
      }
    }
    const settings = { jobDir: join(jobDir, 'job'), maxPages: 1 };
    const [first, second] = [
      await runSpider(Counts, { settings }),
      await runSpider(Counts, { settings: { ...settings, maxPages: 2 } }),
    ];
    expect([first.items, second.items]).toEqual([[{ status: 404, count: 1 }], [{ status: 404, count: 2 }]]);
  });

  it('are found by name and by address; a broken file hides none, a shared name is told of', async () => {
    const one = (name: string, domain: string) => `export default class extends Spider {
      static spiderName = '${name}';
      allowedDomains = ['${domain}'];
      *start() { yield { by: '${name} ${domain}' }; }
    }`;
    const cwd = projectWith({
      'books.mjs': 'export default class extends Spider {}',
      'broken.mjs': 'this is no code',
      'a.mjs': one('shop', 'a.test'),
      'b.mjs': one('shop', 'b.test'),
    });
    const [list, byUrl, shared] = await Promise.all(
      [['list'], ['list', '--url', 'http://www.a.test/x'], ['shop']].map((words) => crawl(words, { cwd })),
    );
    expect([list?.code, list?.stdout]).toEqual([0, 'a\nb\nbooks\nbroken\n']);
    expect([byUrl?.code, byUrl?.stdout]).toEqual([0, 'shop\n']);
    expect(byUrl?.stderr).toMatch(/broken: /);
    expect(byUrl?.stderr).toMatch(/Several spiders are called shop: .*a\.mjs, .*b\.mjs/);
    expect(shared?.stderr).toMatch(/several spiders are called "shop"/);
  }, 30_000);
});

describe('CrawlSpider', () => {
  it('follows links by the first rule that takes them', async () => {
    const { url, paths } = await site({
      '/': '<a href=/list/1>l</a><a href=/item/1>i</a><a href=/item/secret>s</a><a href=/gone>g</a>',
      '/list/1': '<a href=/item/2>i</a><a href=/other>o</a>',
      '/item/1': '<a href=/item/3>not followed</a>',
      '/item/2': 'two',
      '/special': '<a href=/item/4>four</a>',
      '/item/4': 'four',
    });
    class Shop extends CrawlSpider {
      override startUrls = [url('/')];
      override rules: Rule[] = [
        { linkExtractor: { allow: /\/list\// } },
        {
          linkExtractor: new LinkExtractor({ allow: '/item/' }),
          callback: this.parseItem,
          cbKwargs: { rule: 'item' },
          processLinks: (links: Link[]) => links.filter(({ url: link }) => !link.includes('secret')),
          processRequest: (request) => request.replace({ headers: { 'X-Rule': 'item' } }),
        },
        { linkExtractor: { allow: /item\/\d/ }, callback: 'parseNever' },
        { linkExtractor: { allow: /gone/ }, errback: this.failed },
      ];
      override *parseStartUrl(response: Response) {
        yield { start: response.url };
        yield new Request(url('/special'), { callback: this.parseSpecial });
      }
      *parseItem(response: Response, { rule }: { rule: string }) {
        const { linkText } = response.meta;
        yield { item: response.url, rule, linkText, header: response.request.headers.get('x-rule') };
      }
      *parseNever() {
        yield { never: true };
      }
      parseSpecial(response: Response) {
        return this.parseWithRules(response, { callback: this.parseItem, cbKwargs: { rule: 'by hand' } });
      }
      *failed({ request }: Failure) {
        yield { failed: request.url };
      }
    }
    const { items } = await runSpider(Shop);
    const item = (path: string, linkText: string) => ({
      item: url(path),
      rule: 'item',
      linkText,
      header: 'item',
    });
    expect(items).toHaveLength(6);
    for (const wanted of [
      { start: url('/') },
      item('/item/1', 'i'),
      item('/item/2', 'i'),
      item('/item/4', 'four'),
      expect.objectContaining({ item: url('/special'), rule: 'by hand' }),
      { failed: url('/gone') },
    ])
      expect(items).toContainEqual(wanted);
    for (const path of ['/item/3', '/item/secret', '/other']) expect(paths).not.toContain(path);
  });
});

describe('SitemapSpider', () => {
  const entries = (...parts: string[]) =>
    `<urlset>${parts.map((part) => `<url>${part}</url>`).join('')}</urlset>`;

  it('reads robots.txt, indexes and sitemaps, also packed ones', async () => {
    const routes: Record<string, string | { body: Uint8Array; headers: Record<string, string> }> = {};
    const { url, origin } = await site(routes);
    const other =
      '<xhtml:link xmlns:xhtml="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="de" href=';
    const binary = { 'Content-Type': 'application/octet-stream' };
    const packed = (text: string) => ({ body: gzipSync(text), headers: binary });
    Object.assign(routes, {
      '/robots.txt': `Sitemap: ${origin}/index.xml\n`,
      '/index.xml': `<sitemapindex>${['books.xml.gz', 'old.xml', 'huge.xml.gz']
        .map((name) => `<sitemap><loc>${origin}/${name}</loc></sitemap>`)
        .join('')}</sitemapindex>`,
      '/books.xml.gz': packed(
        entries(
          `<loc>${origin}/book/1</loc>${other}"${origin}/book/1/de"/>`,
          `<loc>${origin}/book/2</loc><lastmod>2020-01-01</lastmod>`,
          `<loc>${origin}/page/1</loc>`,
          `<loc>${origin}/neither</loc>`,
        ),
      ),
      '/old.xml': entries(`<loc>${origin}/book/old</loc>`),
      '/huge.xml.gz': packed(entries(`<loc>${origin}/book/huge</loc>${' '.repeat(100_000)}`)),
      ...Object.fromEntries(['/book/1', '/book/1/de', '/page/1'].map((path) => [path, path])),
    });
    class Shop extends SitemapSpider {
      override sitemapUrls = [url('/robots.txt')];
      override sitemapRules = [
        [/\/book\//, 'parseBook'],
        ['/page/', this.parsePage],
      ] as const;
      override sitemapFollow = [/books|huge/];
      override sitemapAlternateLinks = true;
      override sitemapMaxBytes = 50_000;
      override async *sitemapFilter(given: PacedIterable<SitemapEntry>) {
        for await (const entry of given) if (entry.lastmod !== '2020-01-01') yield entry;
      }
      *parseBook(response: Response) {
        yield { book: new URL(response.url).pathname };
      }
      *parsePage(response: Response) {
        yield { page: new URL(response.url).pathname };
      }
    }
    const { items, stats } = await runSpider(Shop);
    expect(items.map((item) => JSON.stringify(item)).sort()).toEqual([
      '{"book":"/book/1"}',
      '{"book":"/book/1/de"}',
      '{"page":"/page/1"}',
    ]);
    expect(stats['spider/errors']).toBe(1);
  });

  it('reads entry by entry', async () => {
    const { url } = await site({
      '/first': 'x',
      '/map.xml': {
        headers: { 'Content-Type': 'text/xml' },
        body: `<urlset><url><loc>https://a.test/1</loc></url><url><loc>https://a.test/2</loc></url>`.padEnd(
          5_000_000,
        ),
      },
    });
    let seen = 0;
    class First extends SitemapSpider {
      override sitemapUrls = [url('/map.xml')];
      override *sitemapFilter(given: PacedIterable<SitemapEntry>) {
        for (const entry of given) {
          seen += 1;
          if (seen === 2) return;
          yield { ...entry, loc: url('/first') };
        }
      }
      override *parse(response: Response) {
        yield { page: response.url };
      }
    }
    const { items } = await runSpider(First);
    expect([seen, items]).toEqual([2, [{ page: url('/first') }]]);
  });
});

describe('feed spiders', () => {
  it('read XML by node or tree', async () => {
    const feed = `<rss xmlns:g="urn:g"><g:item><g:id>1</g:id></g:item><g:item><g:id>2</g:id></g:item></rss>`;
    for (const iterator of ['nodes', 'xml'] as const) {
      class Feed extends XmlFeedSpider {
        override startUrls = [`data:text/xml,${encodeURIComponent(`junk${feed}`)}`];
        override iterTag = 'g:item';
        override iterator = iterator;
        override namespaces = { g: 'urn:g' };
        override adaptResponse(response: Response) {
          return response.replace({ body: Buffer.from(response.text.replace('junk', '')) });
        }
        override *parseNode(_response: Response, node: Selector) {
          yield { id: node.xpath('g:id/text()').get() };
        }
        override async *processResults(
          _response: Response,
          results: AsyncIterable<object | null | undefined>,
        ) {
          for await (const one of results) yield { ...one, seen: true };
        }
      }
      expect((await runSpider(Feed)).items).toEqual([
        { id: '1', seen: true },
        { id: '2', seen: true },
      ]);
    }
    class Page extends XmlFeedSpider {
      override startUrls = ['data:text/html,<p>1<p>2'];
      override iterTag = 'p';
      override iterator = 'html' as const;
      override *parseNode(_response: Response, node: Selector) {
        yield { text: node.css('::text').get() };
      }
    }
    expect((await runSpider(Page)).items).toEqual([{ text: '1' }, { text: '2' }]);
  });

  it('read CSV row by row', async () => {
    class Rows extends CsvFeedSpider {
      override startUrls = [`data:text/csv,${encodeURIComponent("'a;1';2\nshort\n3;4\n")}`];
      override delimiter = ';';
      override quotechar = "'";
      override headers = ['x', 'y'];
      override *parseRow(_response: Response, row: CsvRow) {
        yield { ...row };
      }
    }
    const { items, stats } = await runSpider(Rows);
    expect(items).toEqual([
      { x: 'a;1', y: '2' },
      { x: '3', y: '4' },
    ]);
    expect(stats['csvfeed/rows_ignored']).toBe(1);
  });
});
