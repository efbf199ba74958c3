import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { files } from '../../pipelines/index.ts';
import { Crawler, type ItemRecord, type PartialSettings, type Response, Spider } from '../../src/index.ts';
import { MemoryLogger } from '../../src/logging/memory-logger.ts';
import { temporaryFolder } from '../unit/feed/temporary-folder.ts';

const SCRIPT = fileURLToPath(new URL('../support/crawl-files.mjs', import.meta.url));
const MOST_MS = 60_000;
const BIG = 300 * 1024 * 1024;
const MOST_GROWTH = 60 * 1024 * 1024;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A site; what is asked of it. */
async function site(answer: Answer): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

interface Told {
  readonly reason: string;
  readonly growth: number;
  readonly items: readonly {
    readonly files: readonly { readonly path: string; readonly status: string }[];
  }[];
}

/** Crawls files in a process of its own, given to `onStart`; undefined: it was killed. */
async function crawlInProcess(
  task: object,
  onStart: (child: ChildProcess) => void = () => {},
): Promise<Told | undefined> {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(task)], { stdio: 'pipe', timeout: MOST_MS });
  onStart(child);
  let [said, complained] = ['', ''];
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (complained += chunk));
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
  if (signal !== null) return undefined;
  expect(complained).toBe('');
  return JSON.parse(said) as Told;
}

describe('files() in a crawl', () => {
  it('downloads by the rules of the crawl, beside its queue and its limit of pages', async () => {
    let tries = 0;
    const answers: Record<string, Answer> = {
      '/robots.txt': (_, to) => to.end('User-agent: *\nDisallow: /secret\n'),
      '/': (_, to) => to.setHeader('Content-Type', 'text/html').end('<title>front</title>'),
      '/plain.pdf': (_, to) => to.end('plain'),
      '/packed.txt': (_, to) => to.setHeader('Content-Encoding', 'gzip').end(gzipSync('packed')),
      '/moved.pdf': (_, to) => to.writeHead(302, { Location: '/plain.pdf' }).end(),
      '/flaky.pdf': (_, to) => to.writeHead(++tries === 1 ? 503 : 200).end(`try ${tries}`),
      '/gone.pdf': (_, to) => to.writeHead(404).end('gone'),
    };
    const { origin, asked } = await site(
      (request, to) => answers[request.url ?? '']?.(request, to) ?? to.end('?'),
    );
    const folder = join(temporaryFolder(), 'files');
    const urls = ['plain.pdf', 'gone.pdf', 'packed.txt', 'moved.pdf', 'secret.pdf', 'flaky.pdf', 'plain.pdf'];

    class FilesSpider extends Spider {
      override startUrls = [`${origin}/`];
      override allowedDomains = ['127.0.0.1'];

      override *parse(response: Response): Iterable<ItemRecord> {
        yield { title: response.css('title::text').get(), fileUrls: [...urls, 'http://other.test/x.pdf'] };
      }
    }

    const settings: PartialSettings = {
      maxPages: 1,
      retryBackoffMs: 1,
      pipelines: [files({ store: folder })],
    };
    const crawler = new Crawler(FilesSpider, { logger: new MemoryLogger(), settings });
    const items: ItemRecord[] = [];
    crawler.signals.on('itemScraped', ({ item }) => void items.push(item as ItemRecord));
    const { reason, stats } = await crawler.run();
    const [{ title, files: stored } = {}] = items as {
      title: string;
      files: { url: string; path: string }[];
    }[];

    expect([reason, title]).toEqual(['maxPages', 'front']);
    expect(
      stored?.map(({ url, path }) => [
        url.slice(origin.length + 1),
        readFileSync(join(folder, path), 'utf8'),
      ]),
    ).toEqual([
      ['plain.pdf', 'plain'],
      ['packed.txt', 'packed'],
      ['flaky.pdf', 'try 2'],
      ['plain.pdf', 'plain'],
    ]);
    expect(stats).toMatchObject({
      'media/count': 3,
      'media/status/downloaded': 3,
      'media/failed': 4,
      'media/failed/status 404': 1,
      'media/failed/status 302': 1,
      'page/count': 1,
    });
    expect(asked.filter((path) => path === '/plain.pdf')).toHaveLength(1);
    expect(asked).not.toContain('/secret.pdf');
    expect(readdirSync(folder)).toEqual(['full']);
  });

  it('does not leave empty files in the HTTP cache', async () => {
    const { origin } = await site(({ url }, to) => {
      to.setHeader('Cache-Control', 'max-age=3600').end(url === '/robots.txt' ? '' : 'whole');
    });
    class FileSpider extends Spider {
      override startUrls = [`${origin}/`];

      override *parse(): Iterable<ItemRecord> {
        yield { fileUrls: `${origin}/a.pdf` };
      }
    }
    const httpCacheDir = temporaryFolder();
    for (const folder of [temporaryFolder(), temporaryFolder()]) {
      const settings: PartialSettings = {
        httpCache: 'rfc9111',
        httpCacheDir,
        pipelines: [files({ store: folder })],
      };
      await new Crawler(FileSpider, { logger: new MemoryLogger(), settings }).run();
      const [name = ''] = readdirSync(join(folder, 'full'));
      expect(readFileSync(join(folder, 'full', name), 'utf8')).toBe('whole');
    }
  });

  it('finds what was downloaded before a crash', async () => {
    const [folder, job] = [temporaryFolder(), join(temporaryFolder(), 'job')];
    let child: ChildProcess | undefined;
    let isFirst = true;
    const stored = (): number =>
      existsSync(join(folder, 'full')) ? readdirSync(join(folder, 'full')).length : 0;
    const killOnceStored = (): void => {
      if (stored() > 0) child?.kill('SIGKILL');
      else setTimeout(killOnceStored, 10);
    };
    const { origin, asked } = await site(({ url }, to) => {
      if (url?.startsWith('/page') === true) to.setHeader('Content-Type', 'text/html').end('<p>page');
      else if (url === '/b.pdf' && isFirst) killOnceStored();
      else to.end(`file ${url}`);
    });
    const paths = ['/a.pdf', '/b.pdf'];
    const task = { origin, paths, folder, job };
    expect(await crawlInProcess(task, (running) => (child = running))).toBeUndefined();
    isFirst = false;
    expect(stored()).toBe(1);
    const again = await crawlInProcess(task);
    expect(again?.items[0]?.files.map(({ status }) => status)).toEqual(['uptodate', 'downloaded']);
    expect(asked.filter((path) => path === '/a.pdf')).toHaveLength(1);
  });

  it('stores a file of 300 MB in less than 60 MB of memory (needs /proc)', async (context) => {
    if (!existsSync('/proc/self/status')) context.skip('there is no /proc/self/status here');
    const block = Buffer.alloc(1024 * 1024, 'orbweaver');
    const { origin } = await site(({ url }, to) => {
      if (url?.startsWith('/page') === true) {
        to.setHeader('Content-Type', 'text/html').end('<p>page');
        return;
      }
      const size = url === '/big.iso' ? BIG : block.length;
      to.writeHead(200, { 'Content-Length': size });
      let left = size / block.length;
      const send = (): void => {
        while (left > 0) {
          left -= 1;
          if (!to.write(block)) {
            to.once('drain', send);
            return;
          }
        }
        to.end();
      };
      send();
    });
    const folder = temporaryFolder();
    const told = await crawlInProcess({ origin, paths: ['/big.iso'], folder, warmUp: '/small.iso' });
    const [file] = told?.items[1]?.files ?? [];
    const hash = createHash('sha256');
    for (let blocks = BIG / block.length; blocks > 0; blocks--) hash.update(block);
    expect(file).toMatchObject({ status: 'downloaded', checksum: hash.digest('hex') });
    expect(statSync(join(folder, file?.path ?? '')).size).toBe(BIG);
    console.info(`300 MB stored, RssAnon grew by ${Math.round((told?.growth ?? 0) / 1024 / 1024)} MB`);
    expect(told?.growth).toBeLessThan(MOST_GROWTH);
  }, 120_000);
});
