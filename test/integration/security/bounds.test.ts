import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Failure, type PartialSettings, Request, type Response, Spider } from '../../../src/index.ts';
import { runSpider } from '../../parity/run-spider.ts';
import { type Route, site } from '../../parity/site.ts';
import { rawServer } from '../../support/raw-server.ts';

const LIMIT = 100_000;
const DEEP = 100_000;

/** Writes a text, and another again and again until the other side has had enough. */
function endless(socket: Socket, first: string, again: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(again));
  };
  socket.on('drain', more).write(first);
  more();
}

/** What becomes of an address: its page, or the code of the error. */
async function outcomeOf(url: string, settings: PartialSettings = {}): Promise<Response | string> {
  let outcome: Response | string = 'nothing';
  class Reader extends Spider {
    override *start() {
      yield new Request(url, { errback: 'failed' });
    }
    override parse(response: Response) {
      outcome = response;
    }
    failed({ error }: Failure) {
      outcome = (error as { readonly code?: string }).code ?? error.name;
    }
  }
  const limits = { maxBodyBytes: LIMIT, maxHeaderBytes: LIMIT, retry: false, obeyRobotsTxt: false };
  await runSpider(Reader, { settings: { ...limits, ...settings } });
  return outcome;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const TOO_LARGE = 'ERR_CRAWL_BODY_TOO_LARGE';
const HEADERS_TOO_LARGE = 'ERR_CRAWL_HEADERS_TOO_LARGE';

describe('a crawl has an end, though a server', () => {
  it.each([
    ['sends a body without one', `${OK}\r\n`, 'x'.repeat(4096), TOO_LARGE],
    ['sends chunks without one', `${OK}Transfer-Encoding: chunked\r\n\r\n`, '5\r\nxxxxx\r\n', TOO_LARGE],
    ['sends header lines without one', OK, 'X-More: and more\r\n', HEADERS_TOO_LARGE],
    ['sends a header line without one', `${OK}X-More: `, 'x'.repeat(4096), HEADERS_TOO_LARGE],
    ['sends a status line without one', 'HTTP/1.1 200 ', 'x'.repeat(4096), HEADERS_TOO_LARGE],
    ['sends interim answers without one', '', 'HTTP/1.1 103 Hints\r\n\r\n', 'ERR_CRAWL_CONNECTION_LOST'],
  ])('%s', async (_how, first, again, code) => {
    const { origin, close } = await rawServer((socket) => endless(socket, first, again));
    onTestFinished(close);
    expect(await outcomeOf(`${origin}/`)).toBe(code);
  });

  it.each(Object.entries({ gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }))(
    'packs a bomb in %s, in one layer and in many',
    async (coding, pack) => {
      const once = pack(Buffer.alloc(100 * LIMIT));
      const layers = Array.from({ length: 9 }).reduce<Buffer>((body) => pack(body), once);
      const { url } = await site({
        '/bomb': { headers: { 'Content-Encoding': coding }, body: once },
        '/layers': { headers: { 'Content-Encoding': Array(10).fill(coding).join(', ') }, body: layers },
      });
      expect(await outcomeOf(url('/bomb'))).toBe(TOO_LARGE);
      // More than five are refused.
      expect(await outcomeOf(url('/layers'))).toBe('ERR_CRAWL_DATA_LOSS');
    },
  );

  it('redirects, refreshes and indexes without one', async () => {
    const next = ({ path }: { readonly path: string }) =>
      path.replace(/\d*$/, (number) => `${Number(number) + 1}`);
    const routes = new Proxy<Record<string, Route>>({}, { get: (_, path) => answers(String(path)) });
    const answers = (path: string): Route =>
      path.startsWith('/refresh')
        ? (asked) => `<meta http-equiv="refresh" content="0;url=${next(asked)}">`
        : (asked) => ({ status: 302, headers: { Location: next(asked) } });
    const { url, paths } = await site(routes);
    for (const path of ['/redirect/1', '/refresh/1']) {
      expect(await outcomeOf(url(path), { maxRedirects: 20 })).toBe('ERR_CRAWL_TOO_MANY_REDIRECTS');
      expect(paths.filter((asked) => asked.startsWith(path.slice(0, -1))).length).toBe(21);
    }
  });

  it.each([
    ['HTML', 'text/html', '<div>'.repeat(DEEP), (page: Response) => page.css('div').length],
    ['XML', 'text/xml', '<a>'.repeat(DEEP), (page: Response) => page.xpath('//a').length],
    [
      'JSON',
      'application/json',
      '['.repeat(DEEP / 4) + ']'.repeat(DEEP / 4),
      (page: Response) => [page.json()].length,
    ],
  ])('nests %s as deep as it can', async (_kind, type, body, count) => {
    const { url } = await site({ '/': { headers: { 'Content-Type': type }, body } });
    const page = await outcomeOf(url('/'), { maxBodyBytes: 10 * LIMIT });
    expect(count(page as Response)).toBeGreaterThan(0);
  });

  const laughs = Array.from({ length: 30 }, (_, at) => `<!ENTITY b${at + 1} "${`&b${at};`.repeat(10)}">`);
  it.each([
    ['files', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['a billion laughs', `<!DOCTYPE a [<!ENTITY b0 "lol">${laughs.join('')}]><a>&b30;</a>`],
    ['a DTD elsewhere', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/evil.dtd"><a>&b;</a>'],
  ])('sends XML with entities for %s', async (_what, body) => {
    const { url } = await site({ '/': { headers: { 'Content-Type': 'text/xml' }, body } });
    const page = (await outcomeOf(url('/'))) as Response;
    expect(page.xpath('string(//a)').get()).toMatch(/^&b\d*;$/);
  });
});
