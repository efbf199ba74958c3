import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';
import { BIN } from '../support/build.ts';
import { type CommandOptions, type CommandResult, crawl } from '../support/command-line.ts';

describe('crawl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver with blanks-'));
  const shop = join(folder, 'shop');
  let sandbox: Sandbox;
  const inShop = (words: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> =>
    crawl(words, { cwd: shop, ...options });

  beforeAll(async () => {
    sandbox = await startSandbox();
    await crawl(['init', 'shop'], { cwd: folder });
    const spiders = join(shop, 'spiders');
    writeFileSync(
      join(spiders, 'titles.ts'),
      `import { Request, type Response, Spider } from 'orbweaver';
export default class TitlesSpider extends Spider {
  static args = { url: { default: 'data:text/html,<title>A page</title>' }, key: { secret: true, optional: true } };
  *start() { yield new Request(String(this.args.url), { dontFilter: true }); }
  parse(response: Response) { return { title: response.css('title::text').get() }; }
}
`,
    );
    writeFileSync(
      join(spiders, 'plain.js'),
      `import { Spider } from 'orbweaver';
export default class PlainSpider extends Spider {
  startUrls = ['data:text/html,<h1>Plain</h1>'];
  parse(response) { return { isSame: this instanceof Spider, heading: response.css('h1::text').get() }; }
}
`,
    );
    writeFileSync(
      join(spiders, 'scrapish.js'),
      "import { Spider } from 'orbweaver';\nexport default class S extends Spider { start_urls = []; parse() {} }\n",
    );
    writeFileSync(
      join(spiders, 'angry.ts'),
      `import { Spider } from 'orbweaver';
export default class AngrySpider extends Spider { mood = this.rage(); rage(): never { throw new Error('bad day'); } }
`,
    );
    writeFileSync(
      join(spiders, 'listed.ts'),
      `import { Spider } from 'orbweaver';
const list = () => ({ format: 'md', start: () => '', encode: (items) => items.map(({ title }) => '- ' + title + '\\n').join(''), end: () => '' });
export default class ListedSpider extends Spider {
  static settings = { feedExporters: { md: list } };
  startUrls = ['data:text/html,<title>A page</title>'];
  parse(response) { return { title: response.css('title::text').get() }; }
}
`,
    );
    writeFileSync(join(spiders, 'broken.ts'), 'import { Spider from "orbweaver";\n');
    writeFileSync(
      join(spiders, 'empty.ts'),
      `import { Spider } from 'orbweaver';
export default class EmptySpider extends Spider {
  startUrls = ['data:text/html,<h1>x</h1>'];
  *parse(response) { for (const row of response.css('div.gone')) yield { row: row.get() }; }
}
`,
    );
  });

  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("writes the project's own formats", async () => {
    const { code, stderr } = await inShop(['listed', '-O', 'pages.md', '-o', 'pages.txt:md']);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    for (const file of ['pages.md', 'pages.txt'])
      expect(readFileSync(join(shop, file), 'utf8')).toBe('- A page\n');
  });

  it('crawls a spider of the project into several files and names them', async () => {
    const { code, stderr } = await inShop([
      'books',
      '-a',
      `base=${sandbox.url}`,
      '-s',
      'maxPages=25',
      '-O',
      'out/b.csv',
      '-O',
      'b.jsonl',
      '-O',
      'b.json',
      '-O',
      'b.xml',
      '-s',
      'logFormat=text',
    ]);
    expect(code).toBe(0);
    for (const name of ['out/b.csv', 'b.jsonl', 'b.json', 'b.xml']) expect(stderr).toContain(name);
    const items = JSON.parse(readFileSync(join(shop, 'b.json'), 'utf8'));
    expect(items.length).toBeGreaterThan(0);
    expect(readFileSync(join(shop, 'b.jsonl'), 'utf8').trim().split('\n')).toHaveLength(items.length);
  });

  it('prints items on standard output, and lets the reader go', async () => {
    const { code, stdout } = await inShop(['titles', '-o', '-', '-q']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"title":"A page"}\n' });
    const { stdout: ofJob } = await inShop(['titles', '--job', 'stdout-job', '-o', '-', '-q']);
    expect(ofJob).toBe(stdout);
    const line = `"${process.execPath}" "${BIN}" books -a base=${sandbox.url} -o - -q | head -n 1`;
    const { stdout: piped } = await promisify(execFile)('sh', ['-c', line], { cwd: shop });
    expect(JSON.parse(piped)).toHaveProperty('title');
  });

  it('appends with -o, overwrites with -O', async () => {
    for (const flag of ['-O', '-o', '-o']) await inShop(['titles', flag, 'more.csv', '-q']);
    expect(readFileSync(join(shop, 'more.csv'), 'utf8')).toBe('title\r\nA page\r\nA page\r\nA page\r\n');
    await inShop(['titles', '-O', 'more.csv', '-q']);
    expect(readFileSync(join(shop, 'more.csv'), 'utf8')).toBe('title\r\nA page\r\n');
  });

  it('packs by the end of a name, and says which Node has zstd', async () => {
    await inShop(['titles', '-O', 'packed.jsonl.br', '-q']);
    const packed = readFileSync(join(shop, 'packed.jsonl.br'));
    expect(zlib.brotliDecompressSync(packed).toString()).toBe('{"title":"A page"}\n');
    const { code, stderr } = await inShop(['titles', '-O', 'packed.csv.zst', '-q']);
    if ('zstdDecompressSync' in zlib) expect(code).toBe(0);
    else expect([code, stderr]).toEqual([2, expect.stringContaining('zstd needs Node 22.15 or newer')]);
    const bzip2 = await inShop(['titles', '-O', 'packed.csv.bz2', '-q']);
    expect([bzip2.code, bzip2.stderr]).toEqual([2, expect.stringContaining('write .gz, .br or .zst')]);
  });

  it('runs JavaScript spiders with the same framework', async () => {
    expect((await inShop(['plain', '-o', '-', '-q'])).stdout).toBe('{"isSame":true,"heading":"Plain"}\n');
  });

  it('runs a file without a project', async () => {
    const bare = join(folder, 'no project');
    mkdirSync(bare, { recursive: true });
    writeFileSync(join(bare, 'quick.ts'), readFileSync(join(shop, 'spiders/titles.ts')));
    expect((await crawl(['./quick.ts', '-o', '-', '-q'], { cwd: bare })).stdout).toBe('{"title":"A page"}\n');
    expect((await crawl(['list'], { cwd: bare })).stderr).toContain('there is no project here');
  });

  it('lists spiders, a broken one with its error beside the others', async () => {
    expect((await inShop(['list'])).stdout.trim().split('\n')).toEqual([
      'angry',
      'books',
      'broken',
      'empty',
      'listed',
      'plain',
      'scrapish',
      'titles',
    ]);
    const { code, stdout } = await inShop(['list', '--long']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/broken\tspiders\/broken\.ts\terror: .*broken\.ts:1:/);
    expect(stdout).toContain('titles\tspiders/titles.ts');
  });

  it('says why there are no items, and what to do', async () => {
    const { stderr } = await inShop(['empty', '-s', 'logFormat=text']);
    expect(stderr).toContain('1 page, 0 items');
    expect(stderr).toMatch(/No items: .*callback/i);
  });

  it('shows pages: fetch, shell, parse', async () => {
    const { stdout } = await inShop(['fetch', sandbox.url]);
    expect(stdout).toContain('<!DOCTYPE html>');
    const shell = await inShop(['shell', sandbox.url, '-c', "css('h3 a').length"]);
    expect(shell.stdout).toBe('20\n');
    const parsed = await inShop(['parse', sandbox.url, '--spider', 'books', '--noitems']);
    expect(parsed.stdout).toContain('/catalogue/');
  });

  it('shows settings with their sources', async () => {
    const { stdout } = await inShop(['settings', '-s', 'maxPages=7', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      maxPages: { value: 7, source: '-s' },
      retryTimes: { value: 2, source: 'default' },
    });
  });

  it('writes a spider from a template that runs', async () => {
    expect((await inShop(['new', 'spider', 'fresh', `${sandbox.url}`])).code).toBe(0);
    expect(existsSync(join(shop, 'spiders/fresh.ts'))).toBe(true);
    expect((await inShop(['fresh', '-s', 'maxPages=1', '-q'])).code).toBe(0);
    rmSync(join(shop, 'spiders/fresh.ts'));
  });

  it.each([
    ['an unknown spider', ['bookz'], 'Did you mean `crawl books`?'],
    ['an unknown command with words', ['fetc', 'http://127.0.0.1:1/'], 'fetch'],
    ['an unknown option', ['list', '--lon'], '--long'],
    ['a text that is no URL', ['fetch', 'nowhere'], '"nowhere" is not a URL'],
    ['an unknown setting', ['titles', '-s', 'maxPage=3'], 'did you mean maxPages?'],
    ["one of Scrapy's settings", ['titles', '-s', 'DOWNLOAD_DELAY=3'], 'it is downloadDelayMs here'],
    ['a wrong value', ['titles', '-s', 'maxPages=x'], 'maxPages must be a whole number'],
    ['an unknown argument', ['titles', '-a', 'ulr=x'], 'did you mean url?'],
    ['a spider with a syntax error', ['broken'], 'spiders/broken.ts:1:'],
    ["a spider with Scrapy's members", ['scrapish'], 'start_urls is startUrls here'],
    ['help on a command that is none', ['help', 'nope'], 'there is no command "nope"'],
    ['a spider whose constructor throws', ['angry'], 'spiders/angry.ts:2:'],
    ['code of the shell that fails', ['shell', '-c', 'nothing.here'], 'ReferenceError'],
    ['a format that is none', ['titles', '-o', 'x.foo'], 'there is no format "foo"'],
    ['a file that is not there', ['./gone.ts'], 'gone.ts'],
    ['a project that is there', ['init', '.'], 'orbweaver.config.ts'],
  ])('refuses %s in one sentence', async (_what, words, message) => {
    const { code, stderr, stdout } = await inShop(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['an archive that is not there', ['--replay', 'nope.warc'], 'there is no file nope.warc'],
    ['one of a setting', ['-s', 'replayWarc=nope.warc'], 'there is no file nope.warc'],
    ['a file as a folder of answers', ['--replay', 'package.json'], 'package.json is a file'],
    ['another folder as one of answers', ['--replay', 'spiders'], 'spiders holds something else'],
    ['a file as a folder of pages', ['--incremental', 'package.json'], 'package.json is a file'],
    ['another folder as one of pages', ['--incremental', 'spiders'], 'spiders holds something else'],
    ['seeds that are not there', ['--seeds', 'nope.txt'], 'nope.txt: cannot be read (there is no such file)'],
    ['a folder as seeds', ['--seeds', 'spiders'], 'spiders: it is a folder'],
    ['an empty name of seeds', ['--seeds='], '--seeds needs a file'],
    ['an empty folder of answers', ['--replay='], '--replay needs a folder'],
    ['an empty folder of pages', ['--incremental='], '--incremental needs a folder'],
    ['an empty folder of a job', ['--job', ''], '--job needs a folder'],
    ['an empty folder of a setting', ['-s', 'jobDir='], 'jobDir must be a folder'],
    ['a change of no job', ['--job-change', '-s', 'maxPages=1'], '--job-change is about a job'],
    ['a file as a job', ['--job', 'package.json'], 'package.json: it is a file'],
  ])('refuses %s as wrong usage, and leaves files and folders as they are', async (_what, words, message) => {
    writeFileSync(join(shop, 'keep.jsonl'), '{}\n');
    const isOfJob = words.some((word) => /^--job|^jobDir/.test(word));
    const job = isOfJob ? [] : ['--job', 'new-job'];
    const outputs = ['-O', 'keep.jsonl', '-O', 'new.warc.gz'];
    const { code, stderr } = await inShop(['titles', ...outputs, ...job, ...words]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(readFileSync(join(shop, 'keep.jsonl'), 'utf8')).toBe('{}\n');
    for (const name of ['new-job', 'new.warc.gz', 'store', 'pages'])
      expect(existsSync(join(shop, name))).toBe(false);
  });

  it('refuses seeds that start() does not read, and crawls those that it reads', async () => {
    writeFileSync(join(shop, 'seeds.txt'), `${sandbox.url}catalogue/page-2.html\n`);
    const unread = await inShop(['titles', '--seeds', 'seeds.txt', '-s', 'logFormat=text']);
    expect(unread.stderr).toContain('the seeds (--seeds) were not read');
    expect(unread.code).toBe(2);
    const read = await inShop(['books', '--seeds', 'seeds.txt', '-s', 'maxPages=1', '-s', 'logFormat=text']);
    expect(read.stderr).toContain('1 page');
    expect(read.code).toBe(0);
  });

  it('empties no file where the crawl cannot begin', async () => {
    for (const name of ['keep.jsonl', 'keep.warc', 'bad.warc']) writeFileSync(join(shop, name), '{}\n');
    const outputs = ['-O', 'keep.jsonl', '-O', 'keep.warc'];
    const { code, stderr } = await inShop(['titles', ...outputs, '--replay', 'bad.warc']);
    expect(stderr).toContain('bad.warc');
    expect(code).toBe(2);
    expect((await inShop(['titles', '-O', 'keep.warc', '-O', '/proc/nowhere/x.csv'])).code).toBe(2);
    for (const bad of ['package.json/x.csv', 'spiders:csv']) {
      const refused = await inShop(['titles', ...outputs, '-O', bad, '--job', 'new-job']);
      expect(refused.stderr).toMatch(
        /package\.json\/x\.csv: part of its path is a file|spiders: it is a folder/,
      );
      expect(refused.code).toBe(2);
      expect(existsSync(join(shop, 'new-job'))).toBe(false);
    }
    for (const name of ['keep.jsonl', 'keep.warc'])
      expect(readFileSync(join(shop, name), 'utf8')).toBe('{}\n');
  });

  it('crawls nothing where an output cannot be written', async () => {
    const { code, stderr } = await inShop(['titles', '-o', '/proc/nowhere/x.csv', '-s', 'logFormat=text']);
    expect(code).toBe(2);
    expect(stderr).toContain('/proc/nowhere/x.csv');
    expect(stderr).not.toContain('1 page');
  });

  it('crawls nothing where the job cannot be kept', async () => {
    const { code, stderr } = await inShop(['titles', '--job', 'package.json/job', '-s', 'logFormat=text']);
    expect(code).toBe(2);
    expect(stderr).toContain('package.json is a file; name a folder, new or of a job');
  });

  it('crawls nothing where a pipeline cannot be made', async () => {
    writeFileSync(
      join(shop, 'faulty.mjs'),
      `import { Spider } from 'orbweaver';
export default class Faulty extends Spider {
  static pipelines = [function prices() { throw new Error('no rates'); }];
  startUrls = ['data:,x'];
}
`,
    );
    const { code, stderr } = await inShop(['./faulty.mjs', '-s', 'logFormat=text']);
    expect(code).toBe(2);
    expect(stderr).toContain('prices: cannot be made: no rates');
  });

  it('fails where nothing could be crawled', async () => {
    const { code, stderr } = await inShop([
      'titles',
      '-a',
      'url=http://127.0.0.1:1/',
      '-s',
      'retryTimes=0',
      '-s',
      'logFormat=text',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('127.0.0.1:1');
  });

  it('names the place where start() or a callback failed', async () => {
    const text = `import { Spider } from 'orbweaver';
export default class S extends Spider {
  *start(): Iterable<never> { throw new Error('no seeds'); }
}
`;
    writeFileSync(join(folder, 'seedless.ts'), text);
    const { code, stderr } = await crawl(['./seedless.ts', '-q'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('seedless.ts:3:');
    expect(stderr).not.toContain('Please report');
  });

  it('follows redirects when it fetches a page, unless told otherwise', async () => {
    const address = `${sandbox.url}redirect/2`;
    expect((await inShop(['fetch', address])).code).toBe(0);
    expect((await inShop(['fetch', address, '--no-redirect'])).stderr).toContain('answered 302');
  });

  it('masks secret arguments in its log', async () => {
    const { stderr } = await inShop([
      'titles',
      '-a',
      'url=http://127.0.0.1:1/?x=hunter2000',
      '-a',
      'key=hunter2000',
      '-s',
      'retryTimes=0',
    ]);
    expect(stderr).not.toContain('hunter2000');
  });

  it('ends in order on the first interrupt, with valid outputs', async () => {
    let isSent = false;
    const { code, stderr } = await inShop(
      [
        'books',
        '-a',
        `base=${sandbox.url}`,
        '-O',
        'stopped.json',
        '-s',
        'logLevel=debug',
        '-s',
        'downloadDelayMs=20',
        '-s',
        'logFormat=text',
      ],
      {
        onOutput: (child, text) => {
          if (isSent || !text.includes('scraped')) return;
          isSent = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain('stopped.json');
    expect(JSON.parse(readFileSync(join(shop, 'stopped.json'), 'utf8')).length).toBeGreaterThan(0);
  });
});
