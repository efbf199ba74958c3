import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Downloader } from '../../../src/contracts/downloader.ts';
import {
  Crawler,
  type CrawlResult,
  Request,
  Response,
  Spider,
  type SpiderClass,
} from '../../../src/index.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { openSeeds } from '../../../src/seeds/open-seeds.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';
import { EngineRun } from '../../support/engine-run.ts';
import { temporaryFolder } from '../feed/temporary-folder.ts';

const LINES = 200_000;
/** Blocks of 1,000 are pulled while no more than 1,000 requests wait. */
const MOST_AHEAD = 2001 + 16;

function numbered(count: number): string {
  return Array.from({ length: count }, (_, at) => `http://site.test/${at}\n`).join('');
}

/** Many seeds for an engine. */
async function manySeeds() {
  const path = join(temporaryFolder(), 'seeds.txt');
  writeFileSync(path, numbered(LINES));
  const stats = new MemoryStats();
  const state: Record<string, unknown> = {};
  const input = () => Readable.from([]);
  const hasCallback = () => true;
  const seeds = await openSeeds({
    source: path,
    state,
    stats,
    logger: new MemoryLogger(),
    input,
    hasCallback,
  });
  return { seeds, stats };
}

class SeedsSpider extends Spider {
  override async *start() {
    yield { kind: 'head' };
    for await (const seed of this.seeds()) {
      yield { kind: 'seed', url: seed.url };
      yield seed;
    }
  }

  override parse(response: Response) {
    return { kind: 'page', url: response.url };
  }
}

const site: Downloader = {
  download: async (request: Request) => new Response(request.url, { request }),
  close: async () => {},
};

/** Runs a spider in a folder: seeds.txt, job, out.jsonl. */
function crawl(folder: string, Class: SpiderClass = SeedsSpider, settings = {}): Promise<CrawlResult> {
  const crawler = new Crawler(Class, {
    downloader: site,
    logger: new MemoryLogger(),
    settings: {
      seeds: join(folder, 'seeds.txt'),
      jobDir: join(folder, 'job'),
      obeyRobotsTxt: false,
      downloadDelayMs: 0,
      feeds: { [join(folder, 'out.jsonl')]: { format: 'jsonl' } },
      ...settings,
    },
  });
  return crawler.run();
}

function written(folder: string): string[] {
  return readFileSync(join(folder, 'out.jsonl'), 'utf8').trimEnd().split('\n');
}

describe('seeds in a crawl', () => {
  it('are read two hundred thousand lines in their order', async () => {
    const { seeds } = await manySeeds();
    let at = 0;
    for await (const { url } of seeds) if (url === `http://site.test/${at}`) at += 1;
    expect(at).toBe(LINES);
  }, 60_000);

  it('are pulled only as fast as the crawl takes them, in their order', async () => {
    const { seeds, stats } = await manySeeds();
    let mostAhead = 0;
    let pages = 0;
    const run = new EngineRun({
      seeds,
      settings: { maxPages: 6000, order: 'fifo', concurrentRequestsPerHost: 16 },
      spider: {
        start: () => seeds,
        parse: () => {
          pages += 1;
          mostAhead = Math.max(mostAhead, Number(stats.get('seeds/read')) - pages);
        },
      },
    });
    await run.run();
    expect(mostAhead).toBeLessThanOrEqual(MOST_AHEAD);
    expect(run.downloader.requested).toEqual(numbered(6000).trimEnd().split('\n'));
  }, 60_000);

  it('give the items of start() once over the runs of a job', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'seeds.txt'), numbered(3));
    await crawl(folder);
    appendFileSync(join(folder, 'seeds.txt'), 'http://site.test/3\nhttp://site.test/1\n');
    await crawl(folder);
    const urls = [0, 1, 2, 3].map((at) => `http://site.test/${at}`);
    expect(written(folder).toSorted()).toEqual(
      [
        { kind: 'head' },
        ...urls.map((url) => ({ kind: 'page', url })),
        ...[...urls, 'http://site.test/1'].map((url) => ({ kind: 'seed', url })),
      ]
        .map((item) => JSON.stringify(item))
        .toSorted(),
    );
  });

  it('take the place of startUrls', async () => {
    class PlainSpider extends SeedsSpider {
      override startUrls = ['http://site.test/start'];
      override start() {
        return Spider.prototype.start.call(this) as never;
      }
    }
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'seeds.txt'), numbered(1));
    await crawl(folder, PlainSpider);
    expect(written(folder)).toEqual(['{"kind":"page","url":"http://site.test/0"}']);
  });

  it('are those of startUrls where no others are given', async () => {
    class StartSpider extends SeedsSpider {
      override startUrls = ['http://site.test/start'];
    }
    const folder = temporaryFolder();
    await crawl(folder, StartSpider, { seeds: undefined });
    expect(written(folder)).toContain('{"kind":"seed","url":"http://site.test/start"}');
  });

  it('end a crawl whose start() does not ask for them before anything is crawled', async () => {
    class OwnStartSpider extends SeedsSpider {
      static override spiderName = 'SeedsSpider';
      override start() {
        return [new Request('http://site.test/own')] as never;
      }
    }
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'seeds.txt'), numbered(1));
    const { reason, error, pages } = await crawl(folder, OwnStartSpider);
    expect({ reason, pages }).toEqual({ reason: 'start_error', pages: 0 });
    expect(error?.message).toContain('start() of SeedsSpider does not ask for them');
    await crawl(folder);
    expect(written(folder)).toContain('{"kind":"page","url":"http://site.test/0"}');
  });

  it('stop the crawl before it begins when they cannot be read', async () => {
    await expect(crawl(temporaryFolder())).rejects.toThrow('seeds.txt: cannot be read');
  });
});
