import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net, { type LookupFunction } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { files } from '../../../pipelines/index.ts';
import { type Failure, Request, type Response, SitemapSpider, Spider } from '../../../src/index.ts';
import { type RunOptions, runSpider } from '../../parity/run-spider.ts';
import { site } from '../../parity/site.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';
import { httpProxy } from '../../support/proxy-server.ts';

const PUBLIC = '93.184.215.14';
const BLOCKED = 'ERR_CRAWL_BLOCKED_ADDRESS';

/**
 * Names with addresses of the test's choosing, an answer for each time that one is asked for, and public addresses
 * that all lead to one server on loopback. Tells which addresses were connected to.
 */
function internet(port: number, names: Readonly<Record<string, readonly (readonly string[])[]>>): string[] {
  const { lookup } = dns;
  const { connect } = net;
  const connected: string[] = [];
  const asked = new Map<string, number>();
  const answer = (name: string, _options: unknown, done: (error: Error | null, found: unknown) => void) => {
    const times = asked.get(name) ?? 0;
    asked.set(name, times + 1);
    const answers = names[name] ?? [];
    const addresses = answers[Math.min(times, answers.length - 1)] ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: net.isIP(address) })),
    );
  };
  const connectTo = (options: { readonly host: string; readonly lookup: LookupFunction }) => {
    const found: LookupFunction = (_name, _family, done) =>
      options.lookup(options.host, { all: true }, (error, addresses) => {
        if (error === null)
          connected.push(...(addresses as dns.LookupAddress[]).map(({ address }) => address));
        done(error, '127.0.0.1', 4);
      });
    const isName = net.isIP(options.host) === 0;
    if (!isName) connected.push(options.host);
    return connect({
      ...options,
      port,
      host: isName ? options.host : '127.0.0.1',
      lookup: found,
      autoSelectFamily: false,
    } as net.NetConnectOpts);
  };
  const use = (one: unknown, other: unknown): void => {
    dns.lookup = one as typeof lookup;
    net.connect = other as typeof connect;
    syncBuiltinESMExports();
  };
  use(answer, connectTo);
  onTestFinished(() => use(lookup, connect));
  return connected;
}

const GUARDED: RunOptions['settings'] = {
  blockPrivateAddresses: true,
  obeyRobotsTxt: false,
  proxyFromEnvironment: false,
  downloadDelayMs: 0,
  retry: false,
};

/** What becomes of requests, one after the other: the text of the page, or the code of the error. */
async function outcomes(urls: readonly string[], settings: RunOptions['settings'] = {}) {
  const outcome: unknown[] = [];
  class Reader extends Spider {
    override *start() {
      for (const url of urls) yield new Request(url, { errback: 'failed', dontFilter: true });
    }
    override parse({ text }: Response) {
      outcome.push(text);
    }
    failed({ error }: Failure) {
      outcome.push((error as { readonly code?: string }).code);
    }
  }
  await runSpider(Reader, { settings: { ...GUARDED, order: 'fifo', concurrentRequests: 1, ...settings } });
  return outcome;
}

describe('blockPrivateAddresses', () => {
  it.each([
    ['dotted', '127.0.0.1'],
    ['decimal', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['hex', '0x7f.1'],
    ['short', '127.1'],
    ['full-width digits', '%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1'],
    ['with a dot at its end', '127.0.0.1.'],
    ['of this machine', '0.0.0.0'],
    ['of the cloud', '169.254.169.254'],
    ['of a home network', '192.168.0.1'],
    ['IPv6', '[::1]'],
    ['mapped IPv6', '[::ffff:127.0.0.1]'],
    ['translated IPv6', '[::ffff:0:127.0.0.1]'],
    ['NAT64', '[64:ff9b::7f00:1]'],
    ['link-local IPv6', '[fe80::1]'],
  ])('refuses an address in the URL: %s', async (_how, host) => {
    const { origin, arrived } = await site({ '/': 'inside' });
    const connected = internet(Number(new URL(origin).port), {});
    expect(await outcomes([`http://${host}/`])).toEqual([BLOCKED]);
    expect([connected, arrived]).toEqual([[], []]);
  });

  it('refuses a name with a private address, alone or among others', async () => {
    const { origin, arrived } = await site({ '/': 'page' });
    const connected = internet(Number(new URL(origin).port), {
      'public.test': [[PUBLIC]],
      'private.test': [['10.0.0.1']],
      'six.test': [['fd00::1']],
      'mixed.test': [[PUBLIC, '127.0.0.1']],
    });
    const urls = ['public', 'private', 'six', 'mixed'].map((name) => `http://${name}.test/`);
    expect(await outcomes(urls)).toEqual(['page', BLOCKED, BLOCKED, BLOCKED]);
    expect([connected, arrived.length]).toEqual([[PUBLIC], 1]);
  });

  it('connects to the very address that was checked, whatever the name says next', async () => {
    const { origin } = await site({ '/': { headers: { Connection: 'close' }, body: 'page' } });
    const connected = internet(Number(new URL(origin).port), { 'rebinding.test': [[PUBLIC], ['127.0.0.1']] });
    const url = 'http://rebinding.test/';
    expect(await outcomes([url, url], { dnsCacheMs: 0 })).toEqual(['page', BLOCKED]);
    expect(connected).toEqual([PUBLIC]);
  });

  it('refuses it at each hop, however a page leads there', async () => {
    const inside = 'http://metadata.test/latest/';
    const { origin, arrived } = await site({
      '/redirect': { status: 302, headers: { Location: inside } },
      '/refresh': `<meta http-equiv="refresh" content="0;url=${inside}">`,
      '/page': `<a href="${inside}">inside</a>`,
      '/robots.txt': ({ headers }) =>
        headers.host === 'robots.test' ? { status: 301, headers: { Location: inside } } : { status: 404 },
      '/sitemap.xml': `<sitemapindex><sitemap><loc>${inside}</loc></sitemap></sitemapindex>`,
    });
    const connected = internet(Number(new URL(origin).port), {
      'site.test': [[PUBLIC]],
      'robots.test': [[PUBLIC]],
      'metadata.test': [['169.254.169.254']],
    });
    const fetched: string[] = [];
    class Follower extends SitemapSpider {
      override sitemapUrls = ['http://site.test/sitemap.xml'];
      override async *start() {
        for (const path of ['redirect', 'refresh', 'page']) yield new Request(`http://site.test/${path}`);
        yield new Request('http://robots.test/page');
        yield* super.start() as AsyncIterable<Request>;
      }
      override async *parse(response: Response) {
        yield* response.followAll('a');
        const request = new Request(inside, { meta: { dontObeyRobotsTxt: true } });
        await this.fetch(request).catch(({ code }) => fetched.push(code));
        yield { fileUrls: [inside] };
      }
    }
    const { stats } = await runSpider(Follower, {
      settings: { ...GUARDED, obeyRobotsTxt: true, pipelines: [files({ store: temporaryFolder() })] },
    });
    expect(new Set(connected)).toEqual(new Set([PUBLIC]));
    // What is behind a robots.txt that could not be had is not asked for.
    expect(arrived.map(({ path }) => path).sort()).toEqual([
      '/page',
      '/redirect',
      '/refresh',
      '/sitemap.xml',
    ]);
    expect(fetched).toEqual([BLOCKED]);
    expect(stats['media/failed']).toBe(1);
  });

  it('asks a proxy for no name that is private here', async () => {
    const { origin, arrived } = await site({ '/': 'inside' });
    const proxy = await httpProxy();
    onTestFinished(() => proxy.close());
    internet(proxy.port, { 'private.test': [['10.0.0.1']], 'proxy.test': [['127.0.0.1']] });
    const through = { proxy: 'http://proxy.test:3128' };
    expect(await outcomes(['http://private.test/', `${origin}/`, 'http://2130706433/'], through)).toEqual([
      BLOCKED,
      BLOCKED,
      BLOCKED,
    ]);
    expect([proxy.asked, arrived]).toEqual([[], []]);
  });

  it('lets the addresses through that the operator names', async () => {
    const { origin } = await site({ '/': 'inside' });
    expect(await outcomes([`${origin}/`], { privateAddressExceptions: [new URL(origin).host] })).toEqual([
      'inside',
    ]);
  });
});
