import { availableParallelism } from 'node:os';
import type { PartialSettings, Response, SpiderClass } from '../../api.ts';
import { type BenchServer, LINKS_PER_PAGE, startBenchServer } from '../bench-server.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { formatBytes } from '../format-quantity.ts';
import type { Terminal } from '../terminal.ts';
import { wholeNumber } from '../whole-number.ts';

/** Options of `crawl bench`. */
export interface BenchOptions {
  readonly time: string;
}

const LONGEST_SECONDS = 600;
/** So that loading and compiling the framework does not count. */
const WARM_UP_PAGES = 100;
/** As fast as it goes: the site is ours. */
const SETTINGS: PartialSettings = {
  concurrentRequestsPerHost: 16,
  adaptivePace: false,
  downloadDelayMs: 0,
  obeyRobotsTxt: false,
  proxyFromEnvironment: false,
  logLevel: 'silent',
};

/** Crawls a site of this process for some seconds: first without looking at its pages, then with links and items of each. */
export async function bench(terminal: Terminal, options: BenchOptions): Promise<number> {
  const seconds = Math.min(wholeNumber('--time', options.time, 1), LONGEST_SECONDS);
  const server = await startBenchServer();
  try {
    await measure(await readingSpider(server), seconds / 2, WARM_UP_PAGES);
    const plain = await measure(await plainSpider(server), seconds / 2);
    await terminal.write(line('download and queue', plain));
    const whole = await measure(await readingSpider(server), seconds / 2);
    await terminal.write(line(`with ${LINKS_PER_PAGE} links and ${LINKS_PER_PAGE} items`, whole));
    const reading = Math.max(0, msPerPage(whole) - msPerPage(plain));
    const { rss } = process.memoryUsage();
    await terminal.write(
      `${'reading a page'.padEnd(WIDTH)}${''.padStart(17)}${reading.toFixed(2).padStart(10)} ms a page\n` +
        `Node ${process.versions.node}, ${availableParallelism()} CPUs, ${formatBytes(rss)} of memory; ` +
        `the site is on this machine, so real ones are slower.\n`,
    );
  } finally {
    await server.close();
  }
  return EXIT_CODES.ok;
}

/** How far a crawl came. */
interface Measure {
  readonly pages: number;
  readonly durationMs: number;
}

const WIDTH = 30;

async function measure(spider: SpiderClass, seconds: number, maxPages = 0): Promise<Measure> {
  const { Crawler } = await import('../../crawler/crawler.ts');
  const crawler = new Crawler(spider, {
    name: 'bench',
    settings: { ...SETTINGS, maxDurationMs: seconds * 1000, maxPages },
  });
  const { pages, durationMs, error } = await crawler.run();
  if (error !== undefined) throw error;
  return { pages, durationMs };
}

function msPerPage({ pages, durationMs }: Measure): number {
  return durationMs / Math.max(1, pages);
}

function line(what: string, measured: Measure): string {
  const perMinute = Math.round(60_000 / msPerPage(measured)).toLocaleString('en');
  const ms = msPerPage(measured).toFixed(2).padStart(10);
  return `${what.padEnd(WIDTH)}${perMinute.padStart(7)} pages/min${ms} ms a page\n`;
}

/** Computes its links: what it takes is the engine, the queue and HTTP. */
async function plainSpider({ url }: BenchServer): Promise<SpiderClass> {
  const { Request, Spider } = await import('../../api.ts');
  return class Plain extends Spider {
    override startUrls = [url];

    override *parse(response: Response) {
      const number = Number(response.url.slice(url.length)) || 0;
      for (let at = 1; at <= LINKS_PER_PAGE; at += 1) {
        yield new Request(`${url}${(number * LINKS_PER_PAGE + at) % 1e12}`);
      }
    }
  };
}

/** Finds links and items by CSS, as a spider does. */
async function readingSpider({ url }: BenchServer): Promise<SpiderClass> {
  const { Spider } = await import('../../api.ts');
  return class Reading extends Spider {
    override startUrls = [url];

    override *parse(response: Response) {
      for (const pod of response.css('li.pod')) {
        yield { title: pod.css('h3 a::text').get(), price: pod.css('.price::text').get() };
      }
      yield* response.followAll('li.pod h3 a');
    }
  };
}
