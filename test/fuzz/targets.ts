import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CookieSession } from '../../middlewares/downloader/cookie-session.ts';
import { cacheControl, cachedFreshness } from '../../middlewares/downloader/http-cache-policy.ts';
import { httpDateMs } from '../../middlewares/downloader/http-date.ts';
import { parseRobots } from '../../middlewares/downloader/parse-robots.ts';
import { retryAfterMs } from '../../middlewares/downloader/retry-after.ts';
import { ArchiveFile } from '../../middlewares/warc/archive-file.ts';
import { readRecords } from '../../middlewares/warc/read-records.ts';
import {
  canonicalizeUrl,
  csvRows,
  decodeBody,
  fingerprint,
  HeaderMap,
  isCrawlError,
  LinkExtractor,
  metaRefresh,
  Request,
  Response,
  readSitemap,
  robotsRecords,
  safeFileName,
  xmlElements,
} from '../../src/index.ts';
import { crawlFaults } from './crawl-faults.ts';
import {
  CODINGS,
  COOKIE,
  CSV,
  CURL,
  HEADERS,
  HTML,
  JSON_TEXT,
  ROBOTS,
  SITEMAP,
  URLS,
  WARC,
  XML,
} from './grammars.ts';
import { type Grammar, mutated, pick, type Random } from './mutate.ts';

/** Something that reads what the web sends. */
export interface Target {
  /** Reads inputs that are made by chance; gives how many. @throws when one of them does what none may do. */
  run(random: Random): Promise<number> | number;
}

const PAGE = 'http://site.test/a/b?c';
const MOST_BODY = 8 * 1024 * 1024;
const LABELS = [
  'utf-8',
  'utf-16',
  'iso-8859-1',
  'shift_jis',
  'gb18030',
  'utf-7',
  'x-user-defined',
  'iso-2022-jp',
  'big5',
];
const links = new LinkExtractor();

/** A parser: whatever its input, it gives something, or throws an error of its own. */
function parser(
  grammar: Grammar,
  read: (input: Buffer, random: Random) => unknown,
  mayThrow: (error: unknown) => boolean = isCrawlError,
): Target {
  return {
    async run(random) {
      try {
        await read(mutated(grammar, random), random);
      } catch (error) {
        if (!mayThrow(error)) throw error;
      }
      return 1;
    },
  };
}

/** What the URL standard calls a failure. */
const isInvalidUrl = (error: unknown): boolean =>
  error instanceof TypeError && (error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL';

/** Does all of it, also where one throws an error of its own. */
function each(...steps: (() => unknown)[]): void {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      if (!isCrawlError(error) && !isInvalidUrl(error)) throw error;
    }
  }
}

function page(body: Buffer, type: string): Response {
  return new Response(PAGE, { headers: { 'content-type': type }, body });
}

/** Everything that reads what comes from outside, by its name. */
export const TARGETS: ReadonlyMap<string, Target> = new Map<string, Target>([
  [
    'html',
    parser(HTML, (input, random) => {
      const type = random() < 0.7 ? 'text/html' : `text/html; charset=${pick(random, LABELS)}`;
      const response = page(input, type);
      each(
        () => response.css('title::text').get(),
        () => response.css('body > *:not(p) a[href]::attr(href), p + p').getAll(),
        () => response.xpath('//a/@href | //*[contains(., "x")]/following-sibling::*[1]').getAll(),
        () => links.extractLinks(response),
        () => metaRefresh(response.text, PAGE),
        () => response.submitForm(),
        () => response.$('a').text(),
        () => response.css('body').get(),
      );
      if (random() < 0.1) each(() => response.markdown());
    }),
  ],
  [
    'xml',
    parser(XML, (input) => {
      const response = page(input, 'application/xml');
      each(
        () => response.xpath('//item/text()').getAll(),
        () => response.css('item').getAll(),
        () => [...xmlElements(response.text, 'item')].map((element) => element.xpath('string(.)').get()),
        () => [...xmlElements(response.text, 'g:item', { namespaces: { g: 'urn:g' } })].length,
      );
    }),
  ],
  ['sitemap', parser(SITEMAP, (input) => [...readSitemap(page(input, 'application/xml').text).entries])],
  [
    'robots',
    parser(ROBOTS, (input, random) => {
      const rules = parseRobots(input, 'orbweaver', 'http://site.test');
      for (let count = 0; count < 5; count++)
        rules.isAllowed(`http://site.test/${mutated(URLS, random).toString('latin1').slice(0, 500)}`);
      robotsRecords(input.toString());
    }),
  ],
  ['csv', parser(CSV, (input) => [...csvRows(input.toString())])],
  [
    'json',
    parser(
      JSON_TEXT,
      (input) => {
        const response = page(input, 'application/json');
        each(() => response.jmespath('a[0]').get());
        JSON.stringify(response.json());
        if ('polluted' in {}) throw new Error('the prototype of all objects is polluted');
      },
      (error) => isCrawlError(error) || error instanceof SyntaxError,
    ),
  ],
  [
    'cookies',
    parser(COOKIE, (input, random) => {
      const session = new CookieSession();
      for (let count = 0; count < 4; count++)
        session.receive(mutated(COOKIE, random).toString('latin1'), PAGE);
      session.receive(input.toString('latin1'), 'https://www.site.test/x');
      for (const url of [PAGE, 'https://www.site.test/x', 'http://other.test/']) session.header(url);
      CookieSession.from(session.toJSON());
    }),
  ],
  [
    'urls',
    parser(URLS, (input) => {
      const text = input.toString();
      each(
        () => new Response(PAGE).urlJoin(text),
        () => canonicalizeUrl(text),
        () => fingerprint(new Request(text)),
        () => safeFileName(text),
        () => new Request(text).toCurl(),
      );
    }),
  ],
  ['curl', parser(CURL, (input) => Request.fromCurl(input.toString()))],
  [
    'headers',
    parser(HEADERS, (input) => {
      const text = input.toString('latin1');
      const headers = new HeaderMap({
        'cache-control': text,
        expires: text,
        date: text,
        age: text,
        vary: text,
      });
      const answer = { status: 200, headers };
      each(
        () => httpDateMs(text),
        () => retryAfterMs(text, 0),
        () => cacheControl(headers),
        () => cachedFreshness(answer, { headers }, {}, 0),
        () => page(Buffer.from('<p>x'), text).text,
      );
    }),
  ],
  [
    'codings',
    parser(CODINGS, (input, random) => {
      const names = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        pick(random, ['gzip', 'br', 'deflate', 'x-gzip', 'zstd', 'odd', 'identity']),
      );
      return decodeBody(input, names.join(', '), {
        maxBytes: MOST_BODY,
        failOnDataLoss: random() < 0.5,
        url: PAGE,
      });
    }),
  ],
  [
    'warc',
    parser(WARC, async (input) => {
      const path = join(tmpdir(), `orbweaver-fuzz-${process.pid}.warc`);
      writeFileSync(path, input);
      const file = await ArchiveFile.open(path);
      try {
        for await (const record of readRecords(file, { maxContentBytes: MOST_BODY })) void record;
      } finally {
        await file.close();
      }
    }),
  ],
  ['crawl', { run: crawlFaults }],
]);
