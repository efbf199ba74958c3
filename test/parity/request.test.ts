import { describe, expect, it } from 'vitest';
import {
  type DownloaderMiddleware,
  type Factory,
  type FormRequestOptions,
  isRequest,
  Request,
  Response,
  Spider,
} from '../../src/index.ts';
import { runSpider } from './run-spider.ts';
import { site } from './site.ts';

describe('Request', () => {
  it('checks what it is given when it is made', () => {
    expect(() => new Request('/page')).toThrow(/not an absolute URL/);
    expect(() => new Request('https://a.test/', { priority: '1' as never })).toThrow(/priority/);
    expect(() => new Request('https://a.test/', { callback: 7 as never })).toThrow(/callback/);
    expect(new Request('data:text/plain,x').url).toBe('data:text/plain,x');
  });

  it('encodes its address, method and body', () => {
    const request = new Request('https://a.test/a b?q=é', {
      method: 'put',
      body: 'é',
      encoding: 'latin1',
    });
    expect(request).toMatchObject({ url: 'https://a.test/a%20b?q=%E9', method: 'PUT' });
    expect([...(request.body ?? [])]).toEqual([0xe9]);
  });

  it('has headers that are a multi-map without case', async () => {
    const request = new Request('https://a.test/', { headers: { 'X-One': ['1', '2'], 'User-Agent': null } });
    expect(request.headers.get('x-one')).toBe('2');
    expect(request.headers.getAll('X-ONE')).toEqual(['1', '2']);
    const { url, arrived } = await site({ '/': 'x' });
    class Bare extends Spider {
      override *start() {
        yield new Request(url('/'), { headers: { 'User-Agent': null, 'X-One': ['1', '2'] } });
      }
      override parse() {}
    }
    await runSpider(Bare);
    expect(arrived[0]?.headers['user-agent']).toBeUndefined();
    expect(arrived[0]?.headers['x-one']).toBe('1, 2');
  });

  it('goes to parse unless it names a callback of any kind', async () => {
    const { url } = await site({ '/a': 'a', '/b': 'b', '/c': 'c', '/d': 'd' });
    class Kinds extends Spider {
      override *start() {
        yield new Request(url('/a'));
        yield new Request(url('/b'), { callback: this.plain });
        yield new Request(url('/c'), { callback: this.later });
        yield new Request(url('/d'), { callback: 'generated' });
      }
      override *parse(response: Response) {
        yield { by: 'parse', page: response.text };
      }
      plain(response: Response) {
        return { by: 'plain', page: response.text };
      }
      async later(response: Response) {
        return [{ by: 'later', page: response.text }];
      }
      async *generated(response: Response) {
        yield { by: 'generated', page: response.text };
      }
    }
    const { items } = await runSpider(Kinds);
    expect(items.map(({ by, page }) => `${by} ${page}`).sort()).toEqual([
      'generated d',
      'later c',
      'parse a',
      'plain b',
    ]);
  });

  it('tells its errback of failures, with the answer where there is one', async () => {
    const { url } = await site({ '/gone': { status: 410, body: 'gone' }, '/bad': 'page' });
    class Fails extends Spider {
      override *start() {
        yield new Request(url('/gone'), { errback: this.failed });
        yield new Request('http://127.0.0.1:1/', {
          errback: this.failed,
          meta: { dontRetry: true, dontObeyRobotsTxt: true },
        });
        yield new Request(url('/bad'), { errback: this.failed });
      }
      override parse(): never {
        throw new Error('broken callback');
      }
      *failed({ request, response, error }: { request: Request; response?: Response; error: Error }) {
        yield { url: request.url, status: response?.status ?? null, error: error.name };
      }
    }
    const { items, stats } = await runSpider(Fails);
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({ url: url('/gone'), status: 410, error: 'HttpError' });
    expect(items).toContainEqual({
      url: 'http://127.0.0.1:1/',
      status: null,
      error: 'ConnectionRefusedError',
    });
    expect(stats['spider/errors']).toBe(1);
  });

  it('keeps meta and cbKwargs over redirects and retries', async () => {
    let tries = 0;
    const { url } = await site({
      '/old': { status: 302, headers: { Location: '/new' } },
      '/new': () => (++tries === 1 ? { status: 503 } : 'new'),
    });
    class Keeps extends Spider {
      override *start() {
        yield new Request(url('/old'), { meta: { mine: 1 }, cbKwargs: { name: 'x' }, callback: this.page });
      }
      *page(response: Response, args: { name: string }) {
        yield { mine: response.meta.mine, name: args.name, kwargs: response.cbKwargs };
      }
    }
    const meta = { mine: 1 };
    const request = new Request('https://a.test/', { meta });
    expect(request.copy().meta).toEqual(meta);
    expect(request.copy().meta).not.toBe(request.meta);
    expect((await runSpider(Keeps)).items).toEqual([{ mine: 1, name: 'x', kwargs: { name: 'x' } }]);
    expect(tries).toBe(2);
  });

  it('is ordered by priority and filtered unless it says not to', async () => {
    const { url, paths } = await site({ '/': '', '/low': '', '/mid': '', '/high': '' });
    class Orders extends Spider {
      override startUrls = [url('/')];
      override *parse() {
        const callback = this.seen;
        yield new Request(url('/low'), { priority: -1, callback });
        yield new Request(url('/mid'), { callback });
        yield new Request(url('/mid'), { callback });
        yield new Request(url('/mid'), { callback, dontFilter: true });
        yield new Request(url('/high'), { priority: 5, callback });
      }
      seen() {}
    }
    await runSpider(Orders, { settings: { concurrentRequestsPerHost: 1 } });
    expect(paths).toEqual(['/', '/high', '/mid', '/mid', '/low']);
  });

  it('sends cookies of its own', async () => {
    const { url, arrived } = await site({ '/a': 'a', '/b': 'b' });
    class Cookies extends Spider {
      override *start() {
        yield new Request(url('/a'), { cookies: { n: 1, yes: true } });
        yield new Request(url('/b'), {
          meta: { cookieJar: 'b' },
          cookies: [{ name: 'x', value: 'y', path: '/' }],
        });
      }
      override parse() {}
    }
    await runSpider(Cookies);
    const cookieOf = (wanted: string) => arrived.find(({ path }) => path === wanted)?.headers.cookie;
    expect(cookieOf('/a')).toBe('n=1; yes=true');
    expect(cookieOf('/b')).toBe('x=y');
  });

  it('is copied with changes', () => {
    const request = new Request('https://a.test/', {
      method: 'POST',
      body: 'x',
      flags: ['first'],
      priority: 3,
    });
    const changed = request.replace({ url: 'https://b.test/', priority: 0 });
    expect(isRequest(changed)).toBe(true);
    expect(changed).toMatchObject({ url: 'https://b.test/', method: 'POST', flags: ['first'], priority: 0 });
    expect(request.priority).toBe(3);
  });

  it('reads and writes curl commands', () => {
    const request = Request.fromCurl(
      "curl 'https://a.test/' -H 'X-A: 1' -b 'c=d' -d a=1 --data-raw b=2 -u me:pw --compressed",
    );
    expect(request).toMatchObject({ url: 'https://a.test/', method: 'POST' });
    expect(Buffer.from(request.body ?? []).toString()).toBe('a=1&b=2');
    expect(request.headers.get('x-a')).toBe('1');
    expect(request.headers.get('authorization')).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`);
    expect(() => Request.fromCurl('curl https://a.test/ --no-such-option')).toThrow(/no-such-option/);
    expect(Request.fromCurl('curl https://a.test/ --no-such-option', { ignoreUnknown: true }).method).toBe(
      'GET',
    );
    expect(request.toCurl()).toContain("'X-A: 1'");
  });

  it('sends forms and JSON', async () => {
    const form = new Request('https://a.test/', { formData: { a: ['1', '2'], b: 'x y' } });
    expect(form.method).toBe('POST');
    expect(Buffer.from(form.body ?? []).toString()).toBe('a=1&a=2&b=x+y');
    expect(new Request('https://a.test/?old=1', { method: 'GET', formData: { q: 'x' } }).url).toBe(
      'https://a.test/?q=x',
    );
    const json = new Request('https://a.test/', { json: { a: 1 } });
    expect(json.method).toBe('POST');
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(json.headers.get('accept')).toContain('application/json');
    expect(new Request('https://a.test/', { method: 'PUT', json: 1 }).method).toBe('PUT');
  });

  it("fills a page's form in", async () => {
    const page = `<form action=/in method=post><input type=hidden name=token value=t><input name=user>
      <input name=pass><button name=go value=1>x</button><button name=other value=2>y</button></form>`;
    const { url, arrived } = await site({ '/': page, '/in': 'in' });
    class Login extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        yield response.submitForm({ formData: { user: 'me', pass: 'pw' }, callback: this.inside });
      }
      *inside(response: Response) {
        yield { page: response.text };
      }
    }
    expect((await runSpider(Login)).items).toEqual([{ page: 'in' }]);
    expect(arrived[1]).toMatchObject({ method: 'POST', body: 'token=t&user=me&pass=pw&go=1' });

    // Scrapy's formname, formid, formnumber, formxpath, formcss; clickdata and dont_click.
    const forms = new Response('http://a.test/', {
      headers: { 'content-type': 'text/html' },
      body: `<form name=a><input name=f value=first></form>
        <form id=b><input name=f value=second><button name=go value=1>x</button><button name=other value=2>y</button></form>
        <div><form class=c><input name=f value=third></form></div>`,
    });
    const sent = (options: FormRequestOptions): string => new URL(forms.submitForm(options).url).search;
    expect(sent({})).toBe('?f=first');
    expect(sent({ formName: 'a' })).toBe('?f=first');
    expect(sent({ formId: 'b' })).toBe('?f=second&go=1');
    expect(sent({ formNumber: 2 })).toBe('?f=third');
    expect(sent({ formXpath: '//div/form' })).toBe('?f=third');
    expect(sent({ formCss: 'form.c input' })).toBe('?f=third');
    expect(sent({ formId: 'b', click: { name: 'other' } })).toBe('?f=second&other=2');
    expect(sent({ formId: 'b', click: { nr: 2 } })).toBe('?f=second&other=2');
    expect(sent({ formId: 'b', click: false })).toBe('?f=second');
  });

  it('is stored with the name of its callback, and refused without one', async () => {
    const { url } = await site({ '/': '' });
    const nameless = [() => {}][0];
    expect(() => new Request(url('/'), { ...(nameless && { callback: nameless }) })).toThrow(
      /method of the spider/,
    );
    class Outside extends Spider {
      override startUrls = [url('/')];
      override parse() {
        return new Request(url('/x'), { callback: function foreign() {} });
      }
    }
    const { logger } = await runSpider(Outside);
    expect(JSON.stringify(logger.records)).toMatch(/foreign/);
  });

  it('shows its flags in the log', async () => {
    const { url } = await site({ '/': 'x' });
    class Flagged extends Spider {
      override *start() {
        yield new Request(url('/'), { flags: ['second try'] });
      }
      override parse() {}
    }
    const { logger } = await runSpider(Flagged);
    expect(JSON.stringify(logger.records)).toContain('second try');
  });

  it('has no callback when a component asks', async () => {
    const { url, paths } = await site({ '/': 'page', '/token': 't0k' });
    class Plain extends Spider {
      override startUrls = [url('/')];
      override *parse(response: Response) {
        yield { page: response.text, sent: response.request.headers.get('x-token') };
      }
    }
    const token: Factory<DownloaderMiddleware> = (context) => {
      let known: string | undefined;
      return {
        name: 'token',
        async processRequest(request) {
          if (known !== undefined || request.url.endsWith('/token')) return;
          known = (await context.fetch(new Request(url('/token')))).text;
          return request.replace({ headers: { 'X-Token': known }, dontFilter: true });
        },
      };
    };
    const { items } = await runSpider(Plain, {
      settings: { downloaderMiddlewares: (list) => list.prepend(token) },
    });
    expect(items).toEqual([{ page: 'page', sent: 't0k' }]);
    expect(paths).toEqual(['/token', '/']);
  });
});
