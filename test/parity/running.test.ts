import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { requireFields } from '../../pipelines/index.ts';
import {
  type Contracts,
  Crawler,
  crawl,
  type ItemRecord,
  Request,
  Response,
  Spider,
  type SpiderClass,
} from '../../src/index.ts';
import {
  checkContracts,
  inspectResponse,
  MemoryLogger,
  openInBrowser,
  testSpider,
} from '../../src/testing/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';
import { spiderProject } from './spider-project.ts';
import { temporaryFolder } from './temporary-folder.ts';

const guide = (): string => readFileSync(new URL('../../docs/guide/practices.md', import.meta.url), 'utf8');
/** The program below a heading of the guide. */
const codeOf = (heading: string): string =>
  /^```ts\n([\s\S]*?)^```$/m.exec(guide().split(`\n## ${heading}\n`)[1] ?? '')?.[1] ?? '';

class Titles extends Spider<{ title: string | null }, { path: string }> {
  override *start(): Iterable<Request> {
    yield new Request(this.args.path);
  }
  override parse(response: Response) {
    return { title: response.css('title::text').get() };
  }
}

/** What the progress of a crawl says while its host is slow, and while its callbacks are. */
async function whatHoldsUp() {
  const atHost: unknown[] = [];
  const atCallbacks: unknown[] = [];
  let crawler: Crawler | undefined;
  const { url } = await site({
    '/': () => {
      const { queued, downloading } = crawler?.progress() ?? {};
      atHost.push([queued, downloading]);
      return 'x';
    },
  });
  class Waits extends Spider {
    #goOn: () => void = () => {};
    readonly #all = new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
    #inside = 0;
    override *start() {
      for (let at = 0; at < 3; at++) yield new Request(url('/'), { dontFilter: true });
    }
    override async parse() {
      if (++this.#inside === 3) {
        const { active, downloading } = crawler?.progress() ?? {};
        atCallbacks.push([active, downloading]);
        this.#goOn();
      }
      await this.#all;
    }
  }
  const { stats } = await runSpider(Waits, {
    settings: { concurrentRequestsPerHost: 1 },
    onCrawler(made) {
      crawler = made;
    },
  });
  return { atHost: atHost[0], atCallbacks, stats };
}

describe('running and testing', () => {
  it('crawls from a program, any number of times', async () => {
    const { url } = await site({ '/': '<title>one</title>' });
    const logger = new MemoryLogger();
    const options = { args: { path: url('/') }, logger };
    for (let run = 0; run < 2; run++) {
      const { reason, items } = await new Crawler(Titles, options).run();
      expect([reason, items]).toEqual(['finished', 1]);
    }
    const items: unknown[] = [];
    for await (const item of crawl(Titles, options)) items.push(item);
    expect(items).toEqual([{ title: 'one' }]);
  });

  it('runs many spiders at once, each with settings, stats and limits of its own', async () => {
    const { url, arrived } = await site({ '/a': 'x', '/b': 'x' });
    const make = (path: string, pages: number): SpiderClass =>
      class extends Spider {
        static override settings = { userAgent: `agent ${path}`, maxPages: pages };
        override *start() {
          for (let at = 0; at < 5; at++) yield new Request(url(path), { dontFilter: true });
        }
        override parse() {}
      };
    const [a, b] = await Promise.all([runSpider(make('/a', 1)), runSpider(make('/b', 3))]);
    expect([a.result.pages, b.result.pages]).toEqual([1, 3]);
    expect([a.stats['page/count'], b.stats['page/count']]).toEqual([1, 3]);
    for (const { path, headers } of arrived) expect(headers['user-agent']).toBe(`agent ${path}`);
  });

  it('checks contracts of callbacks, with rules of your own', async () => {
    const { url } = await site({ '/': '<title>one</title>' });
    class Books extends Spider {
      static override contracts: Contracts = {
        parse: {
          url: url('/'),
          cbKwargs: { shelf: 'top' },
          meta: { mine: 7 },
          returns: { items: 1, requests: [0, 1] },
          scrapes: ['title', 'shelf', 'mine'],
          checks: [({ items }) => (items[0]?.shelf === 'top' ? undefined : 'a wrong shelf')],
        },
        parseBad: {
          url: url('/'),
          returns: { requests: 2 },
          checks: [
            function neverRight() {
              return 'always wrong';
            },
          ],
        },
      };
      override parse(response: Response, args?: { shelf: string }): ItemRecord {
        return { title: response.css('title::text').get(), shelf: args?.shelf, mine: response.meta.mine };
      }
      parseBad() {}
    }
    const [good, bad] = await checkContracts(Books, { logger: new MemoryLogger() });
    expect(good).toMatchObject({ method: 'parse', problems: [] });
    expect(bad?.problems.map(({ part }) => part)).toEqual(['returns.requests', 'neverRight']);
  });

  it('stops in a callback to look at its page, and shows it', async () => {
    const { url } = await site({ '/': '<title>one</title>' });
    const seen: unknown[] = [];
    class Looks extends Spider {
      override startUrls = [url('/')];
      override async parse(response: Response) {
        await inspectResponse(response, this, {
          isInteractive: true,
          say: (text) => void seen.push(text.includes(response.url)),
          prompt: async (names) => void seen.push(Object.keys(names)),
        });
        return { after: true };
      }
    }
    const { items } = await runSpider(Looks);
    expect(seen).toEqual([true, expect.arrayContaining(['response', 'request', 'spider', 'css', 'view'])]);
    expect(items).toEqual([{ after: true }]);
    // Where there is no browser nothing opens, and the file is there to be looked at.
    vi.stubEnv('PATH', '');
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const shown = openInBrowser(
      new Response('http://a.test/', {
        body: '<html><h1>shown</h1>',
        headers: { 'content-type': 'text/html' },
      }),
    );
    expect(readFileSync(shown, 'utf8')).toContain('&lt;h1>shown');
  });

  it('has guides: login, data behind scripts, blocks, cookies, security, a tested pipeline', async () => {
    const { url, arrived } = await site({
      '/login': '<form action=/in method=post><input type=hidden name=token value=t><input name=user></form>',
      '/in': { headers: { 'Set-Cookie': 'session=s; Path=/' }, body: '<a class=order href=/order>one</a>' },
      '/order': '<h1>An order</h1><script id=state>{"products":[1,2]}</script>',
    });
    class Orders extends Spider {
      override startUrls = [url('/login')];
      override parse(response: Response) {
        return response.submitForm({ formData: { user: 'me' }, callback: this.afterLogin });
      }
      *afterLogin(response: Response) {
        yield* response.followAll('a.order', { callback: this.parseOrder });
      }
      parseOrder(response: Response) {
        return JSON.parse(response.css('script#state::text').get() ?? '{}');
      }
    }
    expect((await runSpider(Orders)).items).toEqual([{ products: [1, 2] }]);
    expect(arrived.map(({ path, headers }) => [path, headers.cookie])).toContainEqual([
      '/order',
      'session=s',
    ]);
    class Books extends Spider {
      static override pipelines = [requireFields('title')];
      override *parse(response: Response) {
        for (const book of response.css('article')) yield { title: book.css('h1::text').get() ?? undefined };
      }
    }
    const page = '<article><h1>One</h1></article><article></article>';
    const { items, stats } = await testSpider(Books, { page, pipelines: true });
    expect([items, stats['item/dropped']]).toEqual([[{ title: 'One' }], 1]);
    for (const heading of ['Behind a login', 'Content that scripts load', 'When a site blocks', 'Security'])
      expect(guide()).toContain(`\n## ${heading}\n`);
  });

  it('has guides: the bottleneck, broad crawls, memory', async () => {
    const pages = { '/a': 'x', '/b': 'x', '/a/a': { status: 503 }, '/b/b': 'x' };
    const { url, paths, arrived } = await site({ '/': { headers: { 'Set-Cookie': 'a=1' } }, ...pages });
    const broad = `export default class Broad extends Spider {
      startUrls = [${JSON.stringify(url('/'))}];
      *parse({ url }) {
        const { pathname } = new URL(url);
        if (pathname === '/') yield* [new Request(url + 'a'), new Request(url + 'b')];
        else if (pathname.length === 2) yield new Request(url + pathname);
      }
    }`;
    const { folder, run } = spiderProject({ broad });
    writeFileSync(join(folder, 'orbweaver.config.ts'), codeOf('Broad crawls'));
    // The queue of the first run is on disk: the second goes on with it, as the guide says.
    const job = ['broad', '--job', 'job'];
    const [{ stdout: bench }] = await Promise.all([
      run(['bench', '--time', '1']),
      run([...job, '-s', 'maxPages=2']).then(() => run(job)),
    ]);
    expect(bench).toMatch(/\d pages\/min/);
    expect(paths).toEqual(['/', '/a', '/b', '/a/a', '/b/b']);
    expect(arrived.filter(({ headers }) => headers.cookie !== undefined)).toEqual([]);
    expect((await run(['job', 'inspect', 'job'])).stdout).toMatch(/finished/);
    // Queued and downloading tell of a slow host, active and downloading of slow callbacks.
    const { atHost, atCallbacks, stats } = await whatHoldsUp();
    expect(atHost).toEqual([2, 1]);
    expect(atCallbacks).toEqual([[3, 0]]);
    expect(stats['memory/max']).toBeGreaterThan(0);
  });
});
