import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { site } from '../../parity/site.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';
import { type CommandResult, crawl } from '../../support/command-line.ts';
import { httpProxy } from '../../support/proxy-server.ts';

const SECRETS = {
  urlPassword: 's3cret-in-url',
  authorization: 's3cret-authorization',
  header: 's3cret-header',
  ownCookie: 's3cret-own-cookie',
  proxyPassword: 's3cret-of-proxy',
  argument: 's3cret-argument',
  environment: 's3cret-environment',
};

const SPIDER = `import { Request, Spider } from 'orbweaver';
// As where a user's files are open to all unless somebody sees to it.
process.umask(0);
export default class ShopSpider extends Spider {
  static args = { site: { type: 'string' }, token: { type: 'string' }, pin: { type: 'string', secret: true } };
  *start() {
    const { site, token, pin } = this.args;
    yield new Request(site.replace('//', '//me:${SECRETS.urlPassword}@') + 'login');
    yield new Request(site + 'account', {
      headers: { Authorization: 'Bearer ${SECRETS.authorization}', 'X-Api-Key': '${SECRETS.header}' },
      cookies: { own: '${SECRETS.ownCookie}' },
    });
    yield new Request(site + 'broken', { headers: { 'X-Shop-Token': token } });
    yield new Request(site + 'lost');
    yield new Request(site + 'gone?token=' + token, { errback: 'failed' });
  }
  *parse(response) {
    const { token, pin } = this.args;
    this.logger.info('got it', { token, pin, note: 'pin ' + pin, request: response.request });
    if (response.url.endsWith('broken')) throw new Error('no price for ' + token + ' and ' + pin);
    yield { title: response.css('title::text').get() };
  }
  failed({ error, request }) {
    this.logger.warn('failed on ' + request.url, { error, secret: this.args.pin });
  }
}
`;

/** Everything that a crawl can keep, kept at once. */
async function crawlShop(
  words: readonly string[] = [],
): Promise<{ readonly out: string; readonly result: CommandResult }> {
  const root = temporaryFolder();
  // The proxy reads one request of a connection.
  const headers = {
    Connection: 'close',
    'Set-Cookie': 'sid=of-the-site; Path=/',
    'Cache-Control': 'public, max-age=3600',
  };
  const { url } = await site({
    '/login': { headers, body: '<title>login</title>' },
    '/account': { headers, body: '<title>account</title>' },
    '/broken': { headers, body: '<title>broken</title>' },
    '/gone': { status: 410, headers },
    '/lost': { status: 410, headers },
    '/robots.txt': { status: 404, headers },
  });
  const proxy = await httpProxy({ login: `me:${SECRETS.proxyPassword}` });
  onTestFinished(() => proxy.close());
  mkdirSync(join(root, 'spiders'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'spiders/shop.js'), SPIDER);
  const settings = {
    logFile: 'out.log',
    logLevel: 'debug',
    httpCache: 'rfc9111',
    httpCacheDir: 'out/cache',
    incrementalDir: 'out/incremental',
    errorPagesDir: 'out/errors',
    warcFile: 'out/pages.warc',
    keepFailedPages: 'true',
    statsDump: 'true',
    cookiesDebug: 'true',
    downloadDelayMs: '0',
    proxy: `http://me:${SECRETS.proxyPassword}@127.0.0.1:${proxy.port}`,
  };
  const args = [`site=${url('/')}`, `token=${SECRETS.argument}`, 'pin=@env:SHOP_PIN'];
  const result = await crawl(
    [
      'shop',
      ...['--job', 'out/job'],
      ...args.flatMap((arg) => ['-a', arg]),
      ...Object.entries(settings).flatMap(([name, value]) => ['-s', `${name}=${value}`]),
      ...words,
    ],
    { cwd: root, env: { SHOP_PIN: SECRETS.environment } },
  );
  return { out: join(root, 'out'), result };
}

describe('what a crawl keeps', () => {
  it.skipIf(process.platform === 'win32')('can be read by its owner alone, whatever the umask', async () => {
    const { out } = await crawlShop();
    const isClosed = (path: string): boolean => (statSync(path).mode & 0o077) === 0;
    const entries = readdirSync(out, { recursive: true, withFileTypes: true });
    const open = entries
      .map(({ parentPath, name }) => join(parentPath, name))
      // LevelDB makes its files as it likes, in a folder that is closed.
      .filter((path) => !isClosed(path) && !isClosed(dirname(path)));
    expect(open.map((path) => relative(out, path))).toEqual([]);
    expect(isClosed(`${out}.log`)).toBe(true);
    const kept = new Set(entries.map(({ name }) => name));
    for (const name of ['job.json', 'failed', 'store', 'cache', 'pages', 'errors', 'pages.warc'])
      expect(kept).toContain(name);
  });

  it('and what it says hold no secret that it was given', async () => {
    const { out, result } = await crawlShop();
    expect(result.stderr).toContain('finished');
    const entries = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const texts = entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { name: relative(out, path), text: readFileSync(path, 'latin1') };
    });
    const said = [
      { name: 'the screen', text: result.stdout + result.stderr },
      { name: 'the log', text: readFileSync(`${out}.log`, 'latin1') },
    ];
    const found = [...texts, ...said].flatMap(({ name, text }) =>
      Object.entries(SECRETS).flatMap(([secret, value]) =>
        text.includes(value) ? [`${name}: ${secret}`] : [],
      ),
    );
    // A job goes on with what its requests carry; addresses are what archives and caches are about.
    const needed = /^job\/store\/|^(pages\.warc|(cache|incremental)\/.*): argument$/;
    expect(found.filter((one) => !needed.test(one))).toEqual([]);
    const { text: store = '' } = texts.find(({ name }) => /^job\/store\/.*log$/.test(name)) ?? {};
    expect(store).not.toContain(SECRETS.proxyPassword);
    expect(said[1]?.text).toContain('***');
  });
});

it('the advice at the end of a crawl repeats no password', async () => {
  const cwd = temporaryFolder();
  const spider = `import { Spider } from 'orbweaver';
export default class DownSpider extends Spider {
  startUrls = ['http://me:${SECRETS.urlPassword}@127.0.0.1:1/'];
  parse() {}
}`;
  writeFileSync(join(cwd, 'down.mjs'), spider);
  const { stderr } = await crawl(['./down.mjs', '-s', 'retryTimes=0', '-s', 'logFormat=text'], { cwd });
  expect(stderr).toContain('To look at it: ');
  expect(stderr).not.toContain(SECRETS.urlPassword);
});
