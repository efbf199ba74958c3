import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outputName } from '../../src/cli/output-name.ts';
import { OutputError } from '../../src/errors/output-error.ts';
import { type Response, Spider } from '../../src/index.ts';
import { JobItemLog } from '../../src/job/job-item-log.ts';
import { openLevelStore } from '../../src/store/level-store.ts';
import { ALL_PAGES, KeptCrawl, PAGES, pagesOf } from '../support/kept-crawl.ts';

let crawl: KeptCrawl;

/** Gives one item for each page. */
class PageSpider extends Spider {
  override *parse(response: Response): Iterable<{ readonly page: string }> {
    yield { page: new URL(response.url).pathname.slice(1) };
  }
}

beforeEach(() => {
  crawl = new KeptCrawl();
});

afterEach(() => crawl.remove());

describe('crawl job list', () => {
  it('names the jobs of a folder with their state and counts', async () => {
    await crawl.run();
    const { out, code } = await crawl.command('list');
    expect(code).toBe(0);
    expect(out.split('\n')[1]).toMatch(/^job +tree +finished +60 +61 +0 +0 +\d{4}-/);
  });

  it('takes the folder of a job itself, and an open job is open', async () => {
    await crawl.run({ maxPages: 10 });
    expect((await crawl.command('list', 'job')).out).toMatch(/^job +tree +open +10 +11 /m);
  });

  it('shows a job that runs by its small files', async () => {
    await crawl.run();
    const store = await openLevelStore(join(crawl.job, 'store'));
    expect((await crawl.command('list')).out).toMatch(/^job +tree +running/m);
    await store.close();
  });

  it('says that a folder holds no job, and that there is no folder', async () => {
    expect(await crawl.command('list')).toMatchObject({ code: 0, out: '' });
    expect(await crawl.command('list', 'nowhere')).toMatchObject({ code: 2, out: '' });
  });
});

describe('a command for a job', () => {
  it.each(['inspect', 'retry-failed', 'compact', 'restart-seeds', 'repair'])(
    'fails as wrong usage where there is none: %s',
    async (name) => {
      expect((await crawl.command(name, 'nowhere')).code).toBe(2);
      expect((await crawl.command(name, '.')).err).toMatch(/is not the folder of a job/);
      expect((await crawl.command(name, '.')).err).toContain('`crawl job list .`');
    },
  );

  it.each(['inspect', 'retry-failed', 'compact', 'restart-seeds', 'repair'])(
    'fails where the job runs: %s',
    async (name) => {
      await crawl.run();
      const store = await openLevelStore(join(crawl.job, 'store'));
      const { code, err } = await crawl.command(name, 'job');
      await store.close();
      expect(code).toBe(1);
      expect(err).toMatch(/is running it/);
    },
  );
});

describe('crawl job inspect', () => {
  it('tells runs, hosts, failures and outputs', async () => {
    crawl.broken = new Set(['3', '4']);
    await crawl.run({ maxPages: 20 });
    const { out } = await crawl.command('inspect', 'job');
    expect(out).toMatch(/^state +open$/m);
    expect(out).toMatch(/maxPages$/m);
    expect(out).toMatch(/Queued, by host:\n {2}site\.test +\d+/);
    expect(out).toMatch(/ {2}\d +503 +ERR_CRAWL_HTTP_STATUS +the page answered 503/);
    expect(out).toMatch(/out\.jsonl +21 items/);
  });

  it('gives the same as JSON', async () => {
    await crawl.run();
    const job = JSON.parse((await crawl.command('inspect', 'job', '--json')).out);
    expect(job).toMatchObject({ state: 'finished', counts: { delivered: PAGES, queued: 0 }, items: 61 });
  });
});

describe('crawl job requests', () => {
  it('lists dead requests with what is known of them', async () => {
    crawl.broken = new Set(['3', '4']);
    await crawl.run();
    const { out } = await crawl.command('requests', 'job', '--state', 'dead', '--json');
    const [first] = out.split('\n').map((line) => JSON.parse(line || '{}'));
    expect(first).toMatchObject({ state: 'dead', status: 503, callback: 'parse', retries: 0 });
  });

  it('goes on after an id, in order, and each once', async () => {
    await crawl.run({ maxPages: 20, order: 'fifo' });
    const ids: number[] = [];
    for (let after = 0; ; after = ids.at(-1) ?? 0) {
      const words = [
        'requests',
        'job',
        '--state',
        'queued',
        '--limit',
        '4',
        '--after',
        String(after),
        '--json',
      ];
      const lines = (await crawl.command(...words)).out.split('\n').filter((line) => line !== '');
      ids.push(...lines.map((line) => JSON.parse(line).id));
      if (lines.length < 4) break;
    }
    expect(ids.length).toBeGreaterThan(4);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('shows reasons without what all rows have in common', async () => {
    crawl.broken = new Set(['3']);
    await crawl.run();
    const { out } = await crawl.command('requests', 'job', '--state', 'dead');
    expect(out).toMatch(/GET http:\/\/site\.test\/3 {2}\(answered 503\)$/m);
  });

  it('takes no other words for its options, and names its own help', async () => {
    await crawl.run();
    expect((await crawl.command('requests', 'job', '--nope')).err).toContain('`crawl job requests --help`');
    expect((await crawl.command('nope')).err).toContain('`crawl job --help`');
    expect((await crawl.command('requests', 'job', '--state', 'lost')).code).toBe(2);
    expect((await crawl.command('requests', 'job', '--state', 'dead', '--limit', '0')).code).toBe(2);
  });

  it('lists the requests of all states unless one is named', async () => {
    crawl.broken = new Set(['3']);
    await crawl.run();
    const { out } = await crawl.command('requests', 'job');
    expect(out).toMatch(/^id +callback +retries +state +request$/m);
    expect(out).toMatch(/^\d+ +parse\(\) +\d+ +dead +GET http:\/\/site\.test\/3 /m);
  });

  it('tells a file from a folder that is not there', async () => {
    await crawl.run();
    expect((await crawl.command('inspect', 'job/owner')).err).toContain('there is no folder job/owner');
    const file = (await crawl.command('inspect', process.execPath)).err;
    expect(file).toContain('is no folder');
  });
});

describe('crawl job retry-failed', () => {
  it('has the next run crawl what was given up', async () => {
    crawl.broken = new Set(['3', '4']);
    await crawl.run();
    crawl.broken = new Set();
    expect((await crawl.command('retry-failed', 'job')).err).toMatch(/2 requests queued again/);
    const { job } = await crawl.run();
    expect(job).toMatchObject({ state: 'finished', dead: 0 });
    expect(crawl.pages()).toEqual(ALL_PAGES.toSorted((a, b) => Number(a) - Number(b)));
  });

  it('takes only those that all filters mean, and leaves a finished job finished without one', async () => {
    crawl.broken = new Set(['3', '4']);
    await crawl.run();
    const failed = (...words: string[]) => crawl.command('retry-failed', 'job', ...words);
    expect((await failed('--host', 'else.test')).err).toMatch(/No failed request/);
    expect((await failed('--status', '404')).err).toMatch(/No failed request/);
    expect((await failed('--reason', 'TIMEOUT')).err).toMatch(/No failed request/);
    expect((await crawl.command('list')).out).toMatch(/finished/);
    expect((await failed('--host', 'site.test', '--reason', '/4 ANSWERED')).err).toMatch(/1 request queued/);
  });
});

describe('crawl job drop-host', () => {
  it('forgets what is queued for the host', async () => {
    await crawl.run({ maxPages: 20 });
    expect((await crawl.command('drop-host', 'job', 'http://site.test/')).err).toMatch(
      /^Nothing is queued for .*\. Hosts that have something: site\.test \(\d+\)$/m,
    );
    expect((await crawl.command('drop-host', 'job', 'site.test')).err).toMatch(
      /requests? of site\.test forgotten/,
    );
    expect((await crawl.run()).job?.state).toBe('finished');
    expect(crawl.pages()).toHaveLength(21);
  });
});

describe('crawl job export', () => {
  it('writes all items into files of each format', async () => {
    await crawl.run();
    const { code } = await crawl.command('export', 'job', '-O', 'a.csv', '-O', 'a.jsonl.gz', '-O', 'a.json');
    expect(code).toBe(0);
    expect(readFileSync(join(crawl.folder, 'a.csv'), 'utf8').trim().split(/\r?\n/)).toHaveLength(62);
    expect(pagesOf(gunzipSync(readFileSync(join(crawl.folder, 'a.jsonl.gz'))).toString())).toHaveLength(61);
    expect(JSON.parse(readFileSync(join(crawl.folder, 'a.json'), 'utf8'))).toHaveLength(61);
  });

  it('appends by -o and replaces by -O', async () => {
    await crawl.run();
    const lines = () => pagesOf(readFileSync(join(crawl.folder, 'a.jsonl'), 'utf8')).length;
    await crawl.command('export', 'job', '-o', 'a.jsonl');
    await crawl.command('export', 'job', '-o', 'a.jsonl');
    expect(lines()).toBe(122);
    await crawl.command('export', 'job', '-O', 'a.jsonl');
    expect(lines()).toBe(61);
  });

  it('names outputs from the working folder, standard output by its name', async () => {
    await crawl.run();
    const { err } = await crawl.command('export', 'job', '-O', 'a.jsonl', '-O', 'b.csv');
    expect(err).toMatch(/^61 items written to a\.jsonl \(/m);
    expect(outputName('stdout:', crawl.folder)).toBe('standard output');
    expect(new OutputError('stdout:', 'the disk is full').message).toBe('standard output: the disk is full');
  });

  it('leaves a packed output as it is where another cannot be written', async () => {
    await crawl.run();
    const packed = join(crawl.folder, 'a.jsonl.br');
    writeFileSync(packed, brotliCompressSync('before\n'));
    mkdirSync(join(crawl.folder, 'b.jsonl'));
    const { code, err } = await crawl.command('export', 'job', '-O', 'a.jsonl.br', '-O', 'b.jsonl');
    expect(code).not.toBe(0);
    expect(err).toContain('b.jsonl');
    expect(brotliDecompressSync(readFileSync(packed)).toString()).toBe('before\n');
  });

  it.runIf(existsSync('/dev/full'))('completes the outputs behind one that fails at its end', async () => {
    await crawl.run();
    symlinkSync('/dev/full', join(crawl.folder, 'full.jsonl'));
    const { code } = await crawl.command('export', 'job', '-O', 'full.jsonl', '-O', 'a.jsonl.br');
    expect(code).not.toBe(0);
    const text = brotliDecompressSync(readFileSync(join(crawl.folder, 'a.jsonl.br'))).toString();
    expect(pagesOf(text)).toHaveLength(61);
  });

  it.each(['-o', '-O'])('leaves files as they are where a record is damaged (%s)', async (option) => {
    await crawl.run();
    const names = ['a.jsonl', 'b.json', 'c.csv', 'd.jsonl.gz'];
    const old = { page: 'old' };
    const contents = [
      `${JSON.stringify(old)}\n`,
      JSON.stringify([old]),
      'page\r\nold\r\n',
      gzipSync(`${JSON.stringify(old)}\n`),
    ];
    for (const [at, name] of names.entries()) writeFileSync(join(crawl.folder, name), contents[at] ?? '');
    const read = vi.spyOn(JobItemLog.prototype, 'read');
    // So much that it is written at once.
    const first = [{ page: 'x'.repeat(2 ** 21) }];
    read.mockImplementationOnce(async () => first).mockRejectedValueOnce(new Error('a record is damaged'));
    const given = names.flatMap((name) => [option, name]);
    await crawl.command('export', 'job', ...given).catch(() => {});
    expect(read).toHaveBeenCalledTimes(2);
    read.mockRestore();
    for (const [at, name] of names.entries())
      expect(readFileSync(join(crawl.folder, name)).equals(Buffer.from(contents[at] ?? ''))).toBe(true);
    expect(readdirSync(crawl.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await crawl.command('export', 'job', ...given)).code).toBe(0);
    const json = JSON.parse(readFileSync(join(crawl.folder, 'b.json'), 'utf8')) as unknown[];
    expect(json).toHaveLength(option === '-o' ? 62 : 61);
  });

  it('needs an output, of items', async () => {
    await crawl.run();
    expect((await crawl.command('export', 'job')).code).toBe(2);
    const { code, err } = await crawl.command('export', 'job', '-O', 'a.warc.gz');
    expect(code).toBe(2);
    expect(err).toContain('a.warc.gz is an archive of pages, a job keeps items');
  });
});

describe('keepFailedPages', () => {
  it('keeps the answers of dead requests, and crawl job requests says where', async () => {
    crawl.broken = new Set(['5']);
    await crawl.run({ keepFailedPages: true });
    const { out } = await crawl.command('requests', 'job', '--state', 'dead', '--json');
    const { answer } = JSON.parse(out) as { readonly answer: string };
    expect(readFileSync(answer, 'utf8')).toBe('HTTP/1.1 503\r\n\r\n<p>');
  });
});

describe('crawl job compact', () => {
  it('keeps what the job knows', async () => {
    await crawl.run({ maxPages: 20 });
    const { err, code } = await crawl.command('compact', 'job');
    expect(code).toBe(0);
    expect(err).toMatch(/before, .* now/);
    expect(await crawl.records('f')).toHaveLength(1);
    await crawl.run();
    expect(crawl.asked).toHaveLength(PAGES + 1);
    expect(crawl.pages()).toHaveLength(61);
  });

  it('removes an image of the duplicate filter that a process left unfinished', async () => {
    await crawl.run({ maxPages: 2 });
    writeFileSync(join(crawl.job, 'seen-0123456789ab.tmp'), 'half');
    await crawl.command('compact', 'job');
    expect(readdirSync(crawl.job).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('crawl job restart-seeds', () => {
  it('crawls the requests of start() again, and where they are redirected to, and nothing else', async () => {
    await crawl.run();
    crawl.asked.length = 0;
    await crawl.command('restart-seeds', 'job');
    expect((await crawl.run()).job?.state).toBe('finished');
    expect(crawl.asked.toSorted()).toEqual(['0', '1', 'go']);
    expect(crawl.pages().filter((page) => page === 'start')).toHaveLength(2);
  });

  it('does so each time it is asked', async () => {
    await crawl.run();
    for (const _time of [1, 2]) {
      await crawl.command('restart-seeds', 'job');
      crawl.asked.length = 0;
      await crawl.run();
      expect(crawl.asked.toSorted()).toEqual(['0', '1', 'go']);
    }
  });

  it('reads a file of seeds from its beginning again', async () => {
    const seeds = join(crawl.folder, 'seeds.txt');
    writeFileSync(seeds, 'http://site.test/3\nhttp://site.test/4\n');
    await crawl.run({ seeds }, PageSpider);
    crawl.asked.length = 0;
    await crawl.command('restart-seeds', 'job');
    await crawl.run({ seeds }, PageSpider);
    expect(crawl.asked.toSorted()).toEqual(['3', '4']);
    expect(crawl.pages()).toEqual(['3', '3', '4', '4']);
  });

  it('loses no item of other seeds where start() has not ended', async () => {
    const seeds = join(crawl.folder, 'seeds.txt');
    const urls = (from: number): string[] =>
      Array.from({ length: 1500 }, (_, number) => `http://site.test/${from + number}`);
    class SeedSpider extends PageSpider {
      override async *start() {
        for await (const request of this.seeds()) {
          yield { page: request.url };
          yield request;
        }
      }
      override *parse() {}
    }
    writeFileSync(seeds, urls(10_000).join('\n'));
    await crawl.run({ seeds, maxPages: 3 }, SeedSpider);
    expect(crawl.pages().length).toBeLessThan(1500);
    writeFileSync(seeds, urls(20_000).join('\n'));
    const { err } = await crawl.command('restart-seeds', 'job');
    expect(err).toContain('items that start() gives for them come again');
    await crawl.run({ seeds }, SeedSpider);
    expect(crawl.pages()).toEqual(expect.arrayContaining(urls(20_000)));
  });

  it('reads seeds that came by standard input again', async () => {
    const seeds = (text: string) => crawl.run({ seeds: '-' }, PageSpider, Readable.from([text]));
    await seeds('http://site.test/3\nhttp://site.test/4\n');
    crawl.asked.length = 0;
    await crawl.command('restart-seeds', 'job');
    await seeds('');
    expect(crawl.asked.toSorted()).toEqual(['3', '4']);
  });

  it('compares pages with those of the crawl before, where it is incremental', async () => {
    const flags: string[] = [];
    class Flagged extends PageSpider {
      override startUrls = ['http://site.test/3'];
      override *parse(response: Response) {
        flags.push(...response.flags);
        yield* super.parse(response);
      }
    }
    const incrementalDir = join(crawl.folder, 'pages');
    await crawl.run({ incrementalDir }, Flagged);
    await crawl.command('restart-seeds', 'job');
    await crawl.run({ incrementalDir }, Flagged);
    expect(flags).toEqual(['new', 'unchanged']);
  });

  it('goes on with a restarted start() that did not end, without doubles', async () => {
    await crawl.run();
    await crawl.command('restart-seeds', 'job');
    crawl.asked.length = 0;
    await crawl.run();
    // As after a crash just before its end was noted.
    await crawl.forget('sstart', 'sfinish');
    await crawl.run();
    expect(crawl.asked.toSorted()).toEqual(['0', '1', 'go']);
    expect(crawl.pages().filter((page) => page === 'start')).toHaveLength(2);
  });

  it('changes nothing while start() has not ended', async () => {
    await crawl.run();
    await crawl.forget('sstart');
    expect((await crawl.command('restart-seeds', 'job')).err).toMatch(/the next run calls it anyway/);
    expect(await crawl.records('sstartgen')).toEqual([]);
  });
});
