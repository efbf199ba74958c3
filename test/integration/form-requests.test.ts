import { execFile, spawnSync } from 'node:child_process';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  Crawler,
  crawl,
  ItemLoader,
  mapCompose,
  Request,
  type Response,
  Spider,
  type SpiderClass,
  takeFirst,
} from '../../src/index.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';
import { expectedQuotes } from '../../src/sandbox/truth.ts';

const options = { logger: silentLogger };

describe('a crawl behind a login', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  interface Quote {
    text: string;
    tags?: string[];
    goodreads?: string;
  }

  class QuoteLoader extends ItemLoader<Quote> {
    static override readonly defaults = { out: takeFirst<unknown>() };
    static override readonly fields = {
      text: { in: mapCompose((text: string) => text.trim()) },
      tags: { out: (tags: string[]) => tags.map((tag) => tag.toLowerCase()) },
    };
  }

  class MemberSpider extends Spider<Quote> {
    override *start(): Iterable<Request> {
      yield new Request(`${sandbox.url}quotes/login`);
    }

    override *parse(response: Response): Iterable<Request> {
      const formData = { username: 'ann', password: 'secret' };
      yield response.submitForm({ formCss: '[name=password]', formData, callback: this.parseQuotes });
    }

    *parseQuotes(response: Response): Iterable<Quote | Request> {
      for (const quote of response.css('div.quote')) {
        const loader = new QuoteLoader({ selector: quote });
        loader.addCss('text', '.text::text').nestedCss('.tags').addCss('tags', '.tag::text');
        yield loader.addXpath('goodreads', './/a[contains(@href, "goodreads")]/@href').loadItem();
      }
      yield* response.followAll('li.next a', { callback: this.parseQuotes });
    }
  }

  it('fills the form, keeps its token and the session, and loads what members see', async () => {
    const quotes: Quote[] = [];
    for await (const quote of crawl<Quote>(MemberSpider, options)) quotes.push(quote);
    const byText = (items: readonly Quote[]) =>
      Object.fromEntries(items.map((item) => [item.text, item.tags ?? []]));
    expect(quotes.every(({ goodreads }) => goodreads?.includes('goodreads'))).toBe(true);
    expect(byText(quotes)).toEqual(byText(expectedQuotes() as unknown as Quote[]));
  });
});

describe('forms and curl commands in a crawl', () => {
  interface Seen {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }
  const seen: Seen[] = [];
  const servers: Server[] = [];
  let origin = '';
  let other = '';

  async function listen(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        if (url !== '/robots.txt') {
          seen.push({ method, url, headers, body: Buffer.concat(chunks).toString('latin1') });
        }
        response.writeHead(url === '/robots.txt' ? 404 : 200, {
          'Content-Type': 'text/html',
          'Set-Cookie': 'sid=1',
        });
        response.end(`<form action="${other}/do?k=v" method=post><input name=a value=1></form>`);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeAll(async () => {
    origin = await listen();
    other = (await listen()).replace('127.0.0.1', 'localhost');
  });
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  const run = (SpiderOfTest: SpiderClass) => new Crawler(SpiderOfTest, options).run();

  it('a form that goes to another origin takes no credentials along', async () => {
    class LeavingSpider extends Spider {
      override *start(): Iterable<Request> {
        const headers = { Authorization: 'Basic c2VjcmV0', 'X-Key': 'k' };
        const meta = { httpUser: 'u', httpPass: 'p' };
        yield new Request(`${origin}/page`, { headers, meta, cookies: { own: 'c' } });
      }

      override *parse(response: Response): Iterable<Request> {
        yield response.submitForm({ callback: this.parseAnswer });
      }

      parseAnswer(): undefined {}
    }
    await run(LeavingSpider as unknown as SpiderClass);
    expect(seen).toHaveLength(2);
    const { method, url, body, headers } = seen[1] as Seen;
    expect([method, url, body]).toEqual(['POST', '/do?k=v', 'a=1']);
    expect(JSON.stringify(headers)).not.toMatch(/secret|authorization|cookie|x-key/i);
  });

  const command = (): string =>
    `curl '${origin}/api?x=1' -X PUT -H 'X-One: 1' -H 'X-Two;' -b 'b=2' -u me:pass --data-raw $'it\\'s \\u00e9\\n'`;
  const facts = ({ method, url, body, headers }: Seen): unknown[] => [
    ...[method, url, body, headers.authorization, headers.cookie],
    ...[headers['x-one'], headers['x-two'], headers['content-type']],
  ];
  const type = 'application/x-www-form-urlencoded';
  const wanted = ['PUT', '/api?x=1', "it's Ã©\n", 'Basic bWU6cGFzcw==', 'b=2', '1', '', type];

  function spiderOf(request: Request): SpiderClass {
    return class CommandSpider extends Spider {
      override *start(): Iterable<Request> {
        yield request;
      }

      override parse(): undefined {}
    } as unknown as SpiderClass;
  }

  it('a request of a curl command says what the command says', async () => {
    await run(spiderOf(Request.fromCurl(command())));
    expect(seen.map(facts)).toEqual([wanted]);
  });

  const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
  it.skipIf(!has('curl') || !has('bash'))(
    'curl sends what the request that became a command says',
    async () => {
      await promisify(execFile)('bash', ['-c', Request.fromCurl(command()).toCurl()]);
      expect(seen.map(facts)).toEqual([wanted]);
    },
  );
});
