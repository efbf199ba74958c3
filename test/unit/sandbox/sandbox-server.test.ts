import { request as httpRequest, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { productPath, products } from '../../../src/sandbox/catalogue.ts';
import { quotes } from '../../../src/sandbox/quotations.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox-server.ts';
import { expectedQuotes } from '../../../src/sandbox/truth.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const get = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, sandbox.url), { redirect: 'manual', ...init });
const dom = async (path: string, init?: RequestInit) => load(await (await get(path, init)).text());

/** What `fetch` does not let through: any Host header. */
const ask = (path: string, headers: Record<string, string>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    httpRequest(new URL(path, sandbox.url), { headers }, (answer) => resolve(answer.resume()))
      .on('error', reject)
      .end();
  });

/** Every `a` link of the same site that a crawl from `start` meets within `within`, and the paths that failed. */
async function walk(start: string, within: (path: string) => boolean) {
  const seen = new Set([start]);
  const failed: string[] = [];
  for (const path of seen) {
    const answer = await get(path, { redirect: 'follow' });
    if (!answer.ok) failed.push(path);
    // A tree of each of a thousand pages would take most of the time.
    for (const [, href = ''] of (await answer.text()).matchAll(/<a\s[^>]*?href="([^"]*)"/g)) {
      const { origin, pathname, search } = new URL(href.replaceAll('&amp;', '&'), answer.url);
      if (`${origin}/` === sandbox.url && within(pathname)) seen.add(pathname + search);
    }
  }
  return { seen, failed };
}

describe('the shop', () => {
  it('introduces itself on the front page', async () => {
    const $ = await dom('/');
    expect($('title').text()).toBe('Orbweaver sandbox');
    expect($('article.product_pod')).toHaveLength(20);
  });

  it('leads by links alone to every book, and to no page that is missing', async () => {
    const { seen, failed } = await walk('/', (path) => /^\/($|index|about|catalogue|search)/.test(path));
    expect(failed).toEqual([]);
    for (const product of products()) expect(seen).toContain(productPath(product));
  });

  it('lists every book once by following next links', async () => {
    const titles: string[] = [];
    let pages = 0;
    for (let at: string | undefined = '/'; at !== undefined && pages < 60; pages++) {
      const $ = await dom(at);
      titles.push(
        ...$('article.product_pod h3 a')
          .map((_, link) => $(link).attr('title'))
          .get(),
      );
      const next: string | undefined = $('li.next a').attr('href');
      at = next && new URL(next, new URL(at, sandbox.url)).pathname;
    }
    expect(pages).toBe(50);
    expect(titles).toEqual(products().map(({ title }) => title));
  });

  it('finds books by the words of their titles', async () => {
    const wanted = products().filter(({ title }) => /lantern/i.test(title));
    const $ = await dom('/search?q=lantern');
    expect($('form.form-horizontal strong').first().text()).toBe(String(wanted.length));
    expect((await get('/search?q=lantern&page=999')).status).toBe(404);
    expect((await (await get('/search?q=%3Cscript%3E')).text()).includes('<script>')).toBe(false);
  });
});

describe('the JSON API', () => {
  it('gives every book, page by page', async () => {
    const found: { id: number; title: string }[] = [];
    for (let next: string | null = '/api/products?per_page=100', left = 20; next && left > 0; left--) {
      const page = (await (await get(next)).json()) as { next: string | null; products: typeof found };
      found.push(...page.products);
      next = page.next;
    }
    expect(found.map(({ id, title }) => ({ id, title }))).toEqual(
      products().map(({ id, title }) => ({ id, title })),
    );
  });

  it('answers 400 to a wrong page and 404 to a wrong id, in JSON', async () => {
    for (const [path, status] of [
      ['/api/products?page=0', 400],
      ['/api/products?per_page=101', 400],
      ['/api/products/1001', 404],
    ] as const) {
      const answer = await get(path);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toHaveProperty('error');
    }
  });
});

describe('robots.txt and sitemaps', () => {
  it('names the sitemap on the host that was asked', async () => {
    expect(await (await get('/robots.txt')).text()).toContain(`Sitemap: ${sandbox.url}sitemap.xml`);
  });

  it('lists every book in its sitemaps, of which one is a gzip file', async () => {
    const locations = (xml: string) =>
      [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map((match) => match[1] ?? '');
    const files = locations(await (await get('/sitemap.xml')).text());
    const found = new Set<string>();
    for (const file of files) {
      const body = Buffer.from(await (await get(file)).arrayBuffer());
      const text = (file.endsWith('.gz') ? gunzipSync(body) : body).toString();
      for (const location of locations(text)) found.add(new URL(location).pathname);
    }
    expect(files.some((file) => file.endsWith('.gz'))).toBe(true);
    for (const product of products()) expect(found).toContain(productPath(product));
  });
});

describe('the quotes area', () => {
  it('gives every quote with its author and tags', async () => {
    const found: unknown[] = [];
    for (let number = 1; number <= 10; number++) {
      const $ = await dom(`/quotes/page/${number}/`);
      for (const box of $('div.quote').toArray()) {
        found.push({
          text: $(box).find('span.text').text(),
          author: $(box).find('small.author').text(),
          tags: $(box)
            .find('div.tags a.tag')
            .map((_, tag) => $(tag).text())
            .get(),
        });
      }
    }
    expect(found).toEqual(expectedQuotes());
  });

  it('leads to no page that is missing', async () => {
    const { seen, failed } = await walk('/quotes/', (path) => path.startsWith('/quotes/'));
    expect(failed).toEqual([]);
    expect([...seen].filter((path) => path.startsWith('/quotes/author/'))).toHaveLength(40);
  });

  it('holds the same quotes as data in the pages that need JavaScript, without a quote element', async () => {
    const text = await (await get('/quotes/js/page/2/')).text();
    expect(load(text)('div.quote')).toHaveLength(0);
    const data = JSON.parse(/var data = (\[[\s\S]*?\n\]);/.exec(text)?.[1] ?? '') as { text: string }[];
    expect(data.map((quote) => quote.text)).toEqual(
      quotes()
        .slice(10, 20)
        .map((quote) => quote.text),
    );
  });

  it('gives the same quotes by its API until has_next is false', async () => {
    const page = async (number: number) =>
      (await (await get(`/quotes/api/quotes?page=${number}`)).json()) as {
        has_next: boolean;
        quotes: object[];
      };
    expect(await page(1)).toMatchObject({ has_next: true, page: 1, quotes: { length: 10 } });
    expect(await page(10)).toMatchObject({ has_next: false, quotes: { length: 10 } });
  });

  it('searches in two steps that pass on a view state', async () => {
    const [quote] = quotes().filter(({ tags }) => tags.length > 0);
    const post = (fields: Record<string, string>) =>
      dom('/quotes/filter.aspx', { method: 'POST', body: new URLSearchParams(fields) });
    const state = ($: ReturnType<typeof load>) => String($('#__VIEWSTATE').attr('value'));
    const author = quote?.author.name ?? '';
    const tag = quote?.tags[0] ?? '';
    const second = await post({ author, __VIEWSTATE: state(await dom('/quotes/search.aspx')) });
    expect(second(`#tag option[value="${tag}"]`)).toHaveLength(1);
    const third = await post({ author, tag, __VIEWSTATE: state(second) });
    expect(third('div.quote span.content').first().text()).toBe(quote?.text);
    expect((await post({ author, tag, __VIEWSTATE: 'made up' }))('div.quote')).toHaveLength(0);
  });
});

describe('the login', () => {
  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

  async function send(fields: Record<string, string>): Promise<Response> {
    const form = await get('/quotes/login');
    const token = load(await form.text())('input[name=csrf_token]').attr('value') ?? '';
    const body = new URLSearchParams({ csrf_token: token, username: 'me', password: 'x', ...fields });
    return get('/quotes/login', { method: 'POST', body, headers: { cookie: cookieOf(form) } });
  }

  it('lets in who sends the token of its session, and shows what members see', async () => {
    const answer = await send({});
    expect(answer.status).toBe(302);
    const headers = { cookie: cookieOf(answer) };
    const $ = await dom(answer.headers.get('location') ?? '', { headers });
    expect($('a[href$="/logout"]').text()).toBe('Logout');
    expect($('a[href*="goodreads"]')).toHaveLength(10);
    const author = await get($('small.author + a').attr('href') ?? '', { headers, redirect: 'follow' });
    expect(load(await author.text())('.author-title')).toHaveLength(1);
  });

  it('shows nothing of that to others, before and after', async () => {
    for (const cookie of ['', 'session=bWU.made-up']) {
      const $ = await dom('/quotes/', { headers: { cookie } });
      expect($('a[href*="goodreads"]')).toHaveLength(0);
      expect($('a[href$="/login"]')).toHaveLength(1);
    }
  });

  it('refuses a wrong token and an empty name', async () => {
    expect((await send({ csrf_token: 'other' })).status).toBe(400);
    expect(load(await (await send({ username: '' })).text())('p.error')).toHaveLength(1);
  });

  it('forgets who logs out', async () => {
    expect((await get('/quotes/logout')).headers.get('set-cookie')).toContain('Max-Age=0');
  });
});

describe('the corners', () => {
  it.each([
    ['/status/418', 418],
    ['/status/204', 204],
    ['/status/99', 404],
    ['/gone', 410],
    ['/nothing', 404],
    ['/catalogue/page-51.html', 404],
    ['/catalogue/wrong-title_1/index.html', 404],
  ])('%s answers %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it('redirects as often as asked, or for ever', async () => {
    expect((await get('/redirect/3', { redirect: 'follow' })).url).toBe(`${sandbox.url}redirect/0`);
    await expect(get('/redirect-loop', { redirect: 'follow' })).rejects.toThrow();
  });

  it('is flaky once for each key', async () => {
    const first = await get('/flaky?key=a');
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await get('/flaky?key=a')).status).toBe(200);
    expect((await get('/flaky?key=b')).status).toBe(503);
  });

  it('counts visits by path, those to the forbidden corner too', async () => {
    const before = sandbox.hits.get('/private/') ?? 0;
    await get('/private/?x=1');
    expect(sandbox.hits.get('/private/')).toBe(before + 1);
  });
});

describe('the server', () => {
  it('answers only to loopback names', async () => {
    for (const host of ['evil.test', 'localhost.evil.test', '10.0.0.1', '127.0.0.1@evil.test']) {
      expect((await ask('/', { host })).statusCode).toBe(421);
    }
    for (const host of ['localhost', 'shop.localhost:80', '127.0.0.2', '[::1]:8000']) {
      expect((await ask('/', { host })).statusCode).toBe(200);
    }
  });

  it('refuses to listen elsewhere', async () => {
    await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow(TypeError);
  });

  it('gives the headers of a page without its body to HEAD', async () => {
    const answer = await ask('/', {});
    const head = await get('/', { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
    expect(head.headers.get('content-length')).toBe(answer.headers['content-length']);
    expect(head.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await head.text()).toBe('');
  });

  it('takes forms only where there are some, and no large ones', async () => {
    const post = { method: 'POST', body: 'a=b' };
    expect((await get('/', post)).headers.get('allow')).toBe('GET, HEAD');
    expect((await get('/quotes/login', { ...post, body: 'x'.repeat(100_000) })).status).toBe(413);
  });

  it('closes at once, also while an answer is being waited for', async () => {
    const other = await startSandbox();
    const waiting = fetch(`${other.url}slow?ms=10000`).then(
      () => 'answered',
      () => 'cut',
    );
    await vi.waitUntil(() => other.hits.has('/slow'), { interval: 1 });
    await other.close();
    expect(await waiting).toBe('cut');
  });
});
