import { expect, it } from 'vitest';
import {
  Crawler,
  type Downloader,
  originOf,
  Request,
  type RequestOptions,
  Response,
  type ResponseInit,
  Spider,
} from '../../src/index.ts';
import { silentLogger } from '../../src/logging/silent-logger.ts';
import { seeded } from '../support/seeded.ts';

const CHAINS = 10_000;
const CHAINS_OF_A_CRAWL = 1000;
const MOST_HOPS = 6;
const HOSTS = ['a.test', 'b.test', 'www.a.test', 'b.test.evil.test'];
const ORIGINS = ['http', 'https'].flatMap((scheme) =>
  HOSTS.flatMap((host) => ['', ':8080'].map((port) => `${scheme}://${host}${port}`)),
);
/** Whoever sees one of these knows where it was made for, and by what. */
const SECRET = /secret-(login|header|meta|jar|domain|secure|given|url)-([a-z]+)-(\d+)-(\d+)-/g;

type Random = () => number;
const one = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)] as Value;
/** Text for the credential of one chain, made for one origin. */
const secret = (kind: string, origin: string, chain: number) =>
  `secret-${kind}-x-${ORIGINS.indexOf(origin)}-${chain}-`;

/** The first request of a chain, with whatever a request may carry. */
function startOf(chain: number, random: Random): [url: string, options: RequestOptions] {
  const origin = one(random, ORIGINS);
  const path = `/c${chain}/0`;
  const carried = one(random, ['header', 'meta', 'url', 'jar', 'given', 'none']);
  const value = secret(carried, origin, chain);
  const [scheme, rest] = origin.split('//');
  if (carried === 'url') return [`${scheme}//u:${value}@${rest}${path}`, {}];
  const options: Record<string, RequestOptions> = {
    header: { headers: { Authorization: `Bearer ${value}` } },
    meta: { meta: { httpUser: 'u', httpPass: value } },
    jar: { cookies: { [`own${chain}`]: value } },
    given: { headers: { Cookie: `own=${value}` }, meta: { dontMergeCookies: true } },
  };
  return [origin + path, options[carried] ?? {}];
}

/** Answers the pages of all chains: redirects of every kind, refusals, cookies, pages with a link. */
class Web implements Downloader {
  readonly sent: { readonly url: string; readonly headers: string }[] = [];
  /** Chains that a redirect has led off their first origin. */
  readonly left = new Set<number>();
  readonly leaks: string[] = [];
  redirects = 0;
  secretsSeen = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  async download(
    request: Request,
    unit: { readonly headers: { toPairs(): Iterable<readonly [string, readonly string[] | null]> } },
  ) {
    const [, chainText = '', stepText = ''] = /\/c(\d+)\/(\d+)/.exec(request.url) ?? [];
    this.#check(
      request.url,
      [...unit.headers.toPairs()].flatMap(([name, values]) =>
        (values ?? []).map((value) => `${name}: ${value}`),
      ),
    );
    return new Response(request.url, {
      ...this.#answer(request.url, Number(chainText), Number(stepText)),
      request,
    });
  }

  async close() {}

  #answer(url: string, chain: number, step: number): ResponseInit {
    const random = this.#random;
    const origin = originOf(url.replace(/\/\/[^/@]*@/, '//'));
    if (step >= MOST_HOPS) return { body: 'end' };
    const target = one(random, random() < 0.3 ? [origin] : ORIGINS);
    const [scheme, rest] = target.split('//');
    const login = random() < 0.1 ? `v:${secret('url', target, chain)}@` : '';
    const next = `${scheme}//${login}${rest}/c${chain}/${step + 1}`;
    const cookies = this.#cookies(origin, chain);
    const status = one(random, [301, 302, 303, 307, 308, 200, 200, 503]);
    if (status === 503) return { status, headers: { ...cookies } };
    const isRefresh = status === 200 && random() < 0.5;
    if (status !== 200 || isRefresh) {
      this.redirects += 1;
      if (target !== origin) this.left.add(chain);
    }
    if (isRefresh) {
      const body = `<html><head><meta http-equiv="refresh" content="0;url=${next}"></head></html>`;
      return { headers: { ...cookies, 'content-type': 'text/html' }, body };
    }
    if (status === 200)
      return { headers: { ...cookies, 'content-type': 'text/html' }, body: `<a href="${next}">on</a>` };
    return { status, headers: { ...cookies, location: next } };
  }

  #cookies(origin: string, chain: number): Record<string, string> {
    const kind = one(this.#random, ['none', 'none', 'jar', 'domain', 'secure']);
    if (kind === 'none') return {};
    const host = new URL(origin).hostname;
    const domain = host.endsWith('evil.test') ? host : host.replace('www.', '');
    const attributes = { jar: '', domain: `; Domain=${domain}`, secure: '; Secure' }[kind];
    return { 'set-cookie': `${kind}${chain % 20}=${secret(kind, origin, chain)}${attributes}; Path=/` };
  }

  #check(url: string, headers: readonly string[]): void {
    const here = new URL(url);
    const own = originOf(url.replace(/\/\/[^/@]*@/, '//'));
    for (const header of headers) {
      const isReferer = /^referer:/i.test(header);
      const text = header.replace(/Basic (\S+)/, (_, coded: string) =>
        Buffer.from(coded, 'base64').toString(),
      );
      if (isReferer && /^referer: https:/i.test(header) && here.protocol === 'http:')
        this.leaks.push(`${url} <- ${header}`);
      for (const [, kind = '', , from = '', chain = ''] of text.matchAll(SECRET)) {
        this.secretsSeen += 1;
        const origin = ORIGINS[Number(from)] ?? '';
        if (isReferer || !this.#mayGo(kind, new URL(origin), Number(chain), own, here))
          this.leaks.push(`${url} <- ${text}`);
      }
    }
  }

  /** By DESIGN 9.1 and RFC 6265: logins know origins; cookies know hosts, and whether the way is safe. */
  #mayGo(kind: string, from: URL, chain: number, own: string, here: URL): boolean {
    const isSameHost = here.hostname === from.hostname;
    const isSafe = from.protocol === 'http:' || here.protocol === 'https:';
    switch (kind) {
      case 'header':
      case 'meta':
        return own === from.origin && !this.left.has(chain);
      case 'login':
      case 'url':
        return own === from.origin;
      case 'given':
        return isSameHost && isSafe;
      case 'domain': {
        const domain = from.hostname.replace('www.', '');
        return here.hostname === domain || here.hostname.endsWith(`.${domain}`);
      }
      case 'secure':
        return isSameHost && here.protocol === 'https:';
      default:
        return isSameHost;
    }
  }
}

async function crawlChains(first: number, count: number, random: Random): Promise<Web> {
  const web = new Web(random);
  const origin = 'https://b.test';
  class ChainsSpider extends Spider {
    static override settings = {
      httpAuth: { user: 'u', password: secret('login', origin, 0), origin },
      obeyRobotsTxt: false,
      proxyFromEnvironment: false,
      downloadDelayMs: 0,
      hostBackoffMs: 0,
      retryBackoffMs: 0,
      maxRedirects: 20,
    };
    override *start() {
      for (let chain = first; chain < first + count; chain++) {
        const [url, options] = startOf(chain, random);
        yield new Request(url, options);
      }
    }
    override *parse(response: Response) {
      const [, link] = /<a href="([^"]+)"/.exec(response.text) ?? [];
      // As many do: what was noted on the page goes on with its links.
      if (link !== undefined) yield response.follow(link, { meta: random() < 0.5 ? response.meta : {} });
    }
  }
  const { reason } = await new Crawler(ChainsSpider, { logger: silentLogger, downloader: web }).run();
  expect(reason).toBe('finished');
  return web;
}

it(`no credential crosses an origin, in ${CHAINS} random chains over schemes, hosts and ports`, async () => {
  const random = seeded(Number(process.env.ORBWEAVER_SEEDS ?? 1));
  let redirects = 0;
  let secretsSeen = 0;
  for (let first = 0; first < CHAINS; first += CHAINS_OF_A_CRAWL) {
    const web = await crawlChains(first, CHAINS_OF_A_CRAWL, random);
    expect(web.leaks).toEqual([]);
    redirects += web.redirects;
    secretsSeen += web.secretsSeen;
  }
  // Else nothing was tried.
  expect(redirects).toBeGreaterThan(CHAINS);
  expect(secretsSeen).toBeGreaterThan(CHAINS);
}, 120_000);
