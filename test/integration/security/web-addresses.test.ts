import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { files } from '../../../pipelines/index.ts';
import {
  CrawlSpider,
  type DownloadHandler,
  LinkExtractor,
  type PartialSettings,
  Request,
  Response,
  SitemapSpider,
  Spider,
  type SpiderClass,
} from '../../../src/index.ts';
import { runSpider } from '../../parity/run-spider.ts';
import { type Route, site } from '../../parity/site.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';

/** Crawls with everything allowed that an operator can allow; which addresses were not of the web. */
async function strangeOnes(spider: SpiderClass, settings: PartialSettings = {}): Promise<readonly string[]> {
  const asked: string[] = [];
  const schemes = ['file', 'data', 'ftp', 'javascript', 'blob', 'gopher'];
  const spy = (): DownloadHandler => ({
    schemes,
    async download(request) {
      asked.push(request.url);
      return new Response(request.url, { body: '<p>', request });
    },
  });
  await runSpider(spider, {
    settings: {
      allowFileUrls: true,
      retry: false,
      downloadHandlers: Object.fromEntries(schemes.map((scheme) => [scheme, spy])),
      ...settings,
    },
  });
  return asked;
}

const STRANGE = [
  pathToFileURL('/etc/passwd').href,
  'FILE:///etc/passwd',
  ' \tfile:///etc/passwd',
  'data:text/html,<a href=file:///etc/passwd>x</a>',
  'javascript:alert(1)',
  'ftp://127.0.0.1/x',
  'gopher://127.0.0.1/x',
  'blob:http://127.0.0.1/x',
  'view-source:http://127.0.0.1/x',
];

const pages = (routes: Readonly<Record<string, Route>>) =>
  site({ '/robots.txt': { status: 404 }, ...routes });

describe('nothing but http and https is asked for', () => {
  it('unless the operator begins there', async () => {
    class Starting extends Spider {
      override startUrls = ['ftp://127.0.0.1/x', 'data:,x'];
      override parse() {}
    }
    expect((await strangeOnes(Starting)).length).toBe(2);
  });

  it('where redirects and refreshes say so', async () => {
    const hops = STRANGE.flatMap((target, at): [string, Route][] => [
      [`/location/${at}`, { status: 302, headers: { Location: target } }],
      [`/refresh/${at}`, `<meta http-equiv="refresh" content="0; url='${target}'">`],
      [`/header/${at}`, { headers: { Refresh: `0;url=${target}` } }],
    ]);
    const { url, paths } = await pages(Object.fromEntries(hops));
    class Hopping extends Spider {
      override startUrls = hops.map(([path]) => url(path));
      override parse() {}
    }
    expect(await strangeOnes(Hopping)).toEqual([]);
    expect(paths.length).toBe(hops.length);
  });

  it('where links, forms and bases of pages say so', async () => {
    const links = STRANGE.map((target) => `<a href="${target}">x</a><area href="${target}">`).join('');
    const { url, paths } = await pages({
      '/': links,
      '/base': `<base href="${STRANGE[0]}"><a href="relative">x</a>`,
      '/form': `<form action="${STRANGE[0]}"><input name=a></form>`,
    });
    class Following extends CrawlSpider {
      override startUrls = ['/', '/base', '/form'].map(url);
      override rules = [{ linkExtractor: new LinkExtractor(), follow: true }];
      override *parseStartUrl(response: Response) {
        yield* response.followAll('a, area');
        if (response.url.endsWith('form')) yield response.submitForm();
      }
    }
    expect(await strangeOnes(Following)).toEqual([]);
    expect(paths.slice(0, 3).sort()).toEqual(['/', '/base', '/form']);
  });

  it('where sitemaps and robots.txt say so', async () => {
    const locs = (name: string) =>
      STRANGE.map((target) => `<${name}><loc>${target}</loc></${name}>`).join('');
    const { url } = await site({
      '/robots.txt': STRANGE.map((target) => `Sitemap: ${target}\n`).join(''),
      '/index.xml': `<sitemapindex>${locs('sitemap')}</sitemapindex>`,
      '/urls.xml': `<urlset>${locs('url')}</urlset>`,
    });
    class Mapped extends SitemapSpider {
      override sitemapUrls = ['/robots.txt', '/index.xml', '/urls.xml'].map(url);
      override parse() {}
    }
    expect(await strangeOnes(Mapped)).toEqual([]);
  });

  it('where robots.txt is redirected there', async () => {
    const { url } = await site({
      '/robots.txt': { status: 302, headers: { Location: STRANGE[0] as string } },
      '/': 'page',
    });
    class Asking extends Spider {
      override startUrls = [url('/')];
      override parse() {}
    }
    expect(await strangeOnes(Asking)).toEqual([]);
  });

  it('where items name media, also behind a redirect', async () => {
    const { url } = await pages({
      '/': '',
      '/moved': { status: 302, headers: { Location: STRANGE[0] as string } },
    });
    class Media extends Spider {
      override startUrls = [url('/')];
      override *parse() {
        yield { fileUrls: [...STRANGE, url('/moved')] };
      }
    }
    const pipelines = [files({ store: temporaryFolder(), allowRedirects: true })];
    expect(await strangeOnes(Media, { pipelines })).toEqual([]);
  });

  it('even where the operator reads files, when a page of the web leads to one', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'secret.html'), 'secret');
    const { href } = pathToFileURL(join(folder, 'secret.html'));
    const { url } = await pages({ '/': 'page' });
    const read: string[] = [];
    class Reading extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        read.push(response.text);
        if (response.url === url('/')) yield new Request(href);
      }
    }
    await runSpider(Reading, { settings: { allowFileUrls: true } });
    expect(read).toEqual(['page']);
  });
});

describe('allowedDomains hold for every request', () => {
  it('of callbacks, fetch(), redirects, refreshes, sitemaps, robots.txt and media', async () => {
    const other = await site({ '/': 'other' });
    const outside = other.url('/').replace('127.0.0.1', 'localhost');
    const { url, paths } = await site({
      '/robots.txt': `Sitemap: ${outside}\n`,
      '/location': { status: 302, headers: { Location: outside } },
      '/refresh': `<meta http-equiv="refresh" content="0;url=${outside}">`,
      '/urls.xml': `<urlset><url><loc>${outside}</loc></url></urlset>`,
    });
    const refused: string[] = [];
    class Staying extends SitemapSpider {
      override allowedDomains = ['127.0.0.1'];
      override sitemapUrls = ['/robots.txt', '/urls.xml'].map(url);
      override async *start() {
        for (const path of ['/location', '/refresh', '/'])
          yield new Request(url(path), { meta: { handleAllStatuses: path === '/' } });
        yield* super.start() as AsyncIterable<Request>;
      }
      override async *parse() {
        yield new Request(outside);
        await this.fetch(outside).catch(({ code }) => refused.push(code));
        yield { fileUrls: [outside] };
      }
    }
    const pipelines = [files({ store: temporaryFolder() })];
    await runSpider(Staying, { settings: { pipelines } });
    expect([other.paths, refused]).toEqual([[], ['ERR_CRAWL_DROPPED']]);
    expect(paths).toContain('/location');
  });
});
