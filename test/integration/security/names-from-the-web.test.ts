import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { files } from '../../../pipelines/index.ts';
import {
  csvRows,
  ItemLoader,
  type ItemRecord,
  type PartialSettings,
  Request,
  type Response,
  robotsRecords,
  SitemapSpider,
  Spider,
} from '../../../src/index.ts';
import { runSpider } from '../../parity/run-spider.ts';
import { site } from '../../parity/site.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
const each = (write: (name: string) => string): string => NAMES.map(write).join('');

/** What everything inherits, which no page may change. */
const inherited = (): unknown[] =>
  [Object.prototype, Array.prototype, Function.prototype].flatMap((one) =>
    Reflect.ownKeys(one).flatMap((key) => [key, Object.getOwnPropertyDescriptor(one, key)?.value]),
  );

it('names that a page gives to anything pollute nothing, and are kept as they are', async () => {
  const before = inherited();
  const headers = {
    ...Object.fromEntries(NAMES.map((name) => [name, 'x'])),
    'Set-Cookie': NAMES.map((name) => `${name}=polluted; Path=/`),
  };
  const { url, arrived } = await site({
    '/robots.txt': each((name) => `User-agent: ${name}\nDisallow: /${name}\n${name}: x\n`),
    '/urls.xml': `<urlset><url><loc>http://127.0.0.1:1/</loc>${each((name) => `<${name}>x</${name}>`)}</url></urlset>`,
    '/json': {
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: `{${NAMES.map((name) => `"${name}": {"polluted": "yes"}`).join()}}`,
    },
    '/csv': `${NAMES.join()}\n${NAMES.map(() => 'x').join()}\n`,
    '/html': `${each((name) => `<meta name="${name}" content="x"><p ${name}=x>`)}<form action="/sent">${each((name) => `<input name="${name}" value=x>`)}</form>`,
    '/sent': 'sent',
  });
  const out = temporaryFolder();
  const formats = ['json', 'jsonl', 'csv', 'xml'] as const;
  class Naming extends SitemapSpider {
    override sitemapUrls = [url('/robots.txt')];
    override async *start() {
      for (const path of ['/json', '/csv', '/html', '/robots.txt']) yield new Request(url(path));
      yield* super.start() as AsyncIterable<Request>;
    }
    override *parse(response: Response) {
      const { url: at, text } = response;
      if (at.endsWith('/json')) {
        yield response.json() as ItemRecord;
        yield new ItemLoader({ response }).addValues(response.json() as ItemRecord).loadItem();
        // As spiders do: what the page says goes on with the next request.
        yield new Request(url('/sent?json'), {
          meta: response.json() as ItemRecord,
          cookies: response.json() as Record<string, string>,
          cbKwargs: response.json() as ItemRecord,
        });
      }
      if (at.endsWith('/csv')) yield* csvRows(text);
      if (at.endsWith('/html')) {
        for (const element of response.css('p')) yield { ...element.attrib };
        yield response.submitForm();
      }
      if (at.endsWith('/robots.txt')) yield* robotsRecords(text) as Iterable<ItemRecord>;
    }
  }
  const settings: PartialSettings = {
    jobDir: join(out, 'job'),
    httpCache: 'replay',
    httpCacheDir: join(out, 'cache'),
    errorPagesDir: join(out, 'errors'),
    feeds: Object.fromEntries(formats.map((format) => [join(out, `items.${format}`), { format }])),
  };
  const { items, result } = await runSpider(Naming, { settings });
  expect(result.reason).toBe('finished');
  expect(items.length).toBeGreaterThan(6);
  expect('polluted' in {}).toBe(false);
  expect(inherited().every((one, at) => one === before[at])).toBe(true);
  expect(inherited().length).toBe(before.length);
  const asked = arrived.map(({ path }) => path);
  expect(asked).toContain(`/sent?${NAMES.map((name) => `${name}=x`).join('&')}`);
  const lines = readFileSync(join(out, 'items.jsonl'), 'utf8');
  for (const name of NAMES) expect(lines).toContain(`"${name}":{"polluted":"yes"}`);
});

it('names of files are made, never taken from the web', async () => {
  const wanted = [
    '../../../evil',
    '..%2f..%2fevil.txt',
    '%2e%2e/evil.html',
    '/etc/cron.d/evil',
    'CON',
    'a%00b.php',
    '.bashrc',
    'x'.repeat(300),
    'a/b\\c:d*?.exe',
  ];
  const { origin, url } = await site(
    Object.fromEntries([
      ['/', 'page'],
      ...wanted.map((name) => [
        new URL(`http://a.test/x/y/${name}`).pathname,
        {
          headers: {
            'Content-Type': 'text/html',
            'Content-Disposition': `attachment; filename="${name.slice(0, 50)}"`,
          },
          body: 'evil',
        },
      ]),
    ]),
  );
  const root = temporaryFolder();
  const out = join(root, 'project', 'out');
  class Saving extends Spider {
    override startUrls = [url('/'), ...wanted.map((name) => `${origin}/x/y/${name}?page`)];
    override *parse(response: Response) {
      if (response.url !== url('/')) throw new TypeError(`evil ${response.url}`);
      yield { fileUrls: wanted.map((name) => `${origin}/x/y/${name}`) };
    }
  }
  await runSpider(Saving, {
    settings: {
      jobDir: join(out, 'job'),
      keepFailedPages: true,
      errorPagesDir: join(out, 'errors'),
      pipelines: [files({ store: join(out, 'files') })],
    },
  });
  const written = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = written.map(({ parentPath, name }) => relative(out, join(parentPath, name)));
  expect(new Set(names.map((name) => name.split('/', 1)[0]))).toEqual(new Set(['job', 'errors', 'files']));
  expect(names.filter((name) => name.startsWith('files/')).length).toBeGreaterThan(5);
  expect(names.filter((name) => !/^(job|errors|files)\/[\w./-]+$/.test(name) || name.includes('..'))).toEqual(
    [],
  );
  expect(names.filter((name) => /evil|bashrc|CON|xxx/.test(name))).toEqual([]);
});
