import { describe, expect, it } from 'vitest';
import { type TrapsOptions, traps } from '../../../../middlewares/index.ts';
import { SettingsError } from '../../../../src/errors/settings-error.ts';
import {
  Crawler,
  type DownloaderMiddleware,
  type Factory,
  named,
  Response,
  Spider,
} from '../../../../src/index.ts';
import { MemoryLogger } from '../../../../src/logging/memory-logger.ts';
import { seeded } from '../../../support/seeded.ts';

/** The page of an address: its text and its links. */
type Site = (path: string) => { readonly text?: string; readonly links: readonly string[] };

const PAGES_OF_A_CRAWL = 300;

/** Crawls a site that is answered without a network; gives the paths that were asked for. */
async function crawl(site: Site, options: TrapsOptions = {}) {
  const paths: string[] = [];
  const answers: Factory<DownloaderMiddleware> = named('answers', () => ({
    name: 'answers',
    processRequest(request) {
      const path = request.url.slice('http://a.test'.length);
      paths.push(path);
      const { text = '', links } = site(path);
      const body = `<body>${text}<script>var at = "${path}"</script>${links.map((href) => `<a href="${href}">on</a>`).join('')}`;
      return new Response(request.url, { body, headers: { 'content-type': 'text/html' }, request });
    },
  }));
  class TrappedSpider extends Spider {
    static override settings = {
      downloaderMiddlewares: (list) => list.without('robots-txt').append(answers),
      schedulerMiddlewares: (list) => list.insertAfter('url-length', traps(options)),
      maxPages: PAGES_OF_A_CRAWL,
      downloadDelayMs: 0,
    } satisfies typeof Spider.settings;
    override startUrls = ['http://a.test/'];
    override parse(response: Response) {
      return response.followAll('a');
    }
  }
  const logger = new MemoryLogger();
  const { stats } = await new Crawler(TrappedSpider, { logger }).run();
  return { paths, stats, logger };
}

const random = seeded(3);
const TEXT = Array.from({ length: 300 }, () => Math.floor(random() * 5000).toString(36)).join(' ');
const otherText = () => Array.from({ length: 300 }, () => Math.floor(random() * 5000).toString(36)).join(' ');

describe('traps', () => {
  it('ends a path that repeats itself', async () => {
    const { paths, stats, logger } = await crawl((path) => ({ links: [`${path}again/`] }));
    expect(paths).toEqual(['/', '/again/', '/again/again/']);
    expect(stats['scheduler/dropped/trap-repeated-segments']).toBe(1);
    expect(logger.messages('info').join('\n')).toContain('looks like a trap (repeated-segments)');
  });

  it('ends a path that grows by other folders', async () => {
    const { paths } = await crawl((path) => ({ links: [`${path}${path.length}/`] }), { nearDuplicates: 0 });
    expect(paths).toHaveLength(21);
  });

  it('ends a calendar', async () => {
    const { paths, stats } = await crawl((path) => {
      const [, year, month] = /^\/(\d+)\/(\d+)$/.exec(path) ?? ['', '2026', '1'];
      const next = Number(year) * 12 + Number(month);
      return { links: [`/${Math.floor(next / 12)}/${(next % 12) + 1}`] };
    });
    expect(stats['scheduler/dropped/trap-calendar']).toBe(1);
    expect(paths.length).toBeLessThan(14 * 12);
  });

  it('ends pages that name themselves after a new session each time', async () => {
    let session = 0;
    const { paths } = await crawl(() => {
      session += 1;
      return { links: [`/a?sid=${String(session).padStart(20, '0')}`] };
    });
    expect(paths).toHaveLength(2);
  });

  it('leads nowhere from further copies of one page, and everywhere from pages that differ', async () => {
    const copies = await crawl((path) => ({ text: TEXT, links: [`/p${Number(path.slice(2)) + 1}`] }));
    expect(copies.paths).toHaveLength(11);
    expect(copies.stats['scheduler/dropped/trap-near-duplicate']).toBe(1);
    const pages = await crawl((path) => ({ text: otherText(), links: [`/p${Number(path.slice(2)) + 1}`] }));
    expect(pages.paths).toHaveLength(PAGES_OF_A_CRAWL);
  });

  it('bounds the links of a page', async () => {
    const links = Array.from({ length: 50 }, (_, at) => `/${at}`);
    const { paths, stats } = await crawl((path) => ({ links: path === '/' ? links : [] }), {
      linksPerPage: 20,
    });
    expect(paths).toHaveLength(21);
    expect(stats['scheduler/dropped/trap-links-per-page']).toBe(30);
  });

  it('bounds the pages of a host', async () => {
    const { paths, stats } = await crawl(
      (path) => ({ links: [`/p${Number(path.slice(2)) + 1}`, `/q${path.slice(1)}`] }),
      { pagesPerHost: 40 },
    );
    expect(paths.length).toBeGreaterThanOrEqual(40);
    expect(paths.length).toBeLessThanOrEqual(40 + 16);
    expect(stats['request/dropped/trap-pages-per-host']).toBeGreaterThan(0);
  });

  it('lets everything pass where all rules are off', async () => {
    const { paths } = await crawl((path) => ({ text: TEXT, links: [`${path}a/`] }), {
      pathSegments: 0,
      repeatedSegments: 0,
      nearDuplicates: 0,
    });
    expect(paths).toHaveLength(PAGES_OF_A_CRAWL);
  });

  it.each([-1, 1.5, Number.NaN])('refuses a limit of %s', (linksPerPage) => {
    expect(() => traps({ linksPerPage })).toThrow(SettingsError);
  });
});
