import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-names.ts';
import { runCommandLine } from '../../../src/cli/main.ts';
import { packageRoot } from '../../../src/values/package-root.ts';
import { fakeTerminal } from '../../support/fake-terminal.ts';

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'crawl cli ')));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const run = async (...argv: string[]) => {
  const terminal = fakeTerminal(cwd);
  const code = await runCommandLine(argv, terminal);
  return { code, out: terminal.out, err: terminal.err };
};
const spider = (name: string, text = '') => {
  mkdirSync(join(cwd, 'spiders'), { recursive: true });
  writeFileSync(join(cwd, 'spiders', `${name}.ts`), text);
};

describe('crawl', () => {
  it('says that --job needs a folder where an option stands in its place', async () => {
    spider('t');
    expect(await run('t', '--job', '-s', 'maxPages=1')).toMatchObject({
      code: 2,
      err: 'crawl: --job needs a folder\n  Name it: --job DIR -s …\n',
    });
  });

  it('shows its help on standard output', async () => {
    for (const words of [[], ['--help'], ['help']]) {
      const { code, out, err } = await run(...words);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('Usage: crawl <spider> [options]');
      expect(out).toContain('Exit codes:');
    }
  });

  it('shows the help of a command', async () => {
    expect((await run('help', 'run')).out).toContain('Usage: crawl run <spider>');
    expect((await run('new', 'spider', '--help')).out).toContain('crawl new spider');
    expect((await run('help', 'new', 'spider')).out).toContain('Usage: crawl new spider');
    expect((await run('help', 'genspider')).out).toContain('Usage: crawl new spider');
  });

  it.each(COMMANDS.filter((name) => !['new', 'version', 'help'].includes(name)))(
    'ends the help of %s with examples to copy',
    async (name) =>
      expect((await run(name, '--help')).out).toMatch(RegExp(`Examples:\n  crawl (${name}|books)`)),
  );

  it('shows an add-on as the origin of what it brings', async () => {
    const addOn = "{ name: 'shop', updateSettings: () => ({ maxPages: 7, maxItems: 7 }) }";
    writeFileSync(join(cwd, 'orbweaver.config.mjs'), `export default { addons: [${addOn}], maxItems: 8 };`);
    const { out } = await run('settings');
    expect(out).toMatch(/^maxPages +7 +add-on shop$/m);
    expect(out).toMatch(/^maxItems +8 +project /m);
    expect(out).toMatch(/^addons +shop +project /m);
  });

  it('refuses half of a command, and help on what is none', async () => {
    expect(await run('new')).toMatchObject({ code: 2, err: expect.stringContaining('crawl new --help') });
    expect((await run('help', 'nope')).err).toContain('there is no command "nope"');
  });

  it('prints its version', async () => {
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run('version', '-v')).out).toContain('node:');
  });

  it('answers an unknown option with a hint and code 2', async () => {
    const { code, err } = await run('list', '--lng');
    expect(code).toBe(2);
    expect(err).toContain("unknown option '--lng'");
    expect(err).toContain('--long');
  });

  it.each([
    [['-t', 'csv'], '-o FILE:csv'],
    [['--nolog'], '-L silent'],
    [['--loglevel=DEBUG'], '-L debug'],
    [['-L', 'DEBUG'], '-L debug'],
    [['-L', 'WARNING'], '-L warn'],
  ])("translates Scrapy's option %j", async (words, ours) => {
    spider('books', "import { Spider } from 'orbweaver'; export default class extends Spider { parse() {} }");
    const { code, err } = await run('books', ...words);
    expect(code).toBe(2);
    expect(err).toContain(ours);
  });

  it("gives what is different about a setting of Scrapy's, too", async () => {
    const { code, err } = await run('settings', '--get', 'DOWNLOAD_DELAY');
    expect(code).toBe(2);
    expect(err).toContain('it is downloadDelayMs here (milliseconds here, seconds in Scrapy)');
  });

  it('looks for jobs in jobs/, too, where no folder is named', async () => {
    expect((await run('job', 'list')).err).toContain('no jobs in .:');
    mkdirSync(join(cwd, 'jobs'));
    expect((await run('job', 'list')).err).toContain('no jobs in . or ./jobs:');
    expect((await run('job', 'list', '.')).err).toContain('no jobs in .:');
  });

  it('answers an unknown word with the nearest command and spider', async () => {
    spider('lists');
    const { code, err } = await run('lisst');
    expect(code).toBe(2);
    expect(err).toContain('there is no command or spider "lisst"');
    expect(err).toContain('Did you mean `crawl list` or `crawl lists`?');
  });

  it('sends the one who gives a URL to the shell', async () => {
    expect((await run('https://a.test/')).err).toContain('crawl shell https://a.test/');
  });

  it('says when there is no project, or no such file', async () => {
    expect((await run('books')).err).toContain('There is no project here');
    expect((await run('run', './nope.ts')).err).toContain('there is no file ./nope.ts');
  });

  it('translates the commands of Scrapy and says so', async () => {
    const { code, err } = await run('startproject', 'shop');
    expect(code).toBe(0);
    expect(err).toContain('startproject is called "crawl init" here');
    expect(existsSync(join(cwd, 'shop', 'spiders', 'books.ts'))).toBe(true);
  });
});

describe('crawl list', () => {
  it('names the files of the spiders folder without loading them', async () => {
    spider('broken', 'this is no code');
    spider('books');
    expect(await run('list')).toEqual({ code: 0, out: 'books\nbroken\n', err: '' });
  });

  it('marks a file that bears the name of a command', async () => {
    spider('shell');
    expect((await run('list')).out).toContain("shell\t(cannot run: that is a command's name");
  });

  it('names the spiders that are for an address, and those that share a name', async () => {
    spider('broken', 'this is no code');
    for (const [file, domain] of [
      ['one', 'a.test'],
      ['two', 'b.test'],
      ['three', 'www.a.test'],
    ]) {
      spider(
        String(file),
        `import { Spider } from 'orbweaver';
         export default class extends Spider { static spiderName = '${file === 'two' ? 'one' : file}'; allowedDomains = ['${domain}']; }`,
      );
    }
    const { code, out, err } = await run('list', '--url', 'https://www.a.test/page');
    expect([code, out]).toEqual([0, 'one\nthree\n']);
    expect(err).toMatch(/broken: /);
    expect(err).toMatch(/Several spiders are called one: .*one\.ts, .*two\.ts/);
    expect((await run('list', '--url', 'https://c.test/')).err).toContain('No spider has https://c.test/');
  });

  it('fails where a spider cannot be loaded, behind the others', async () => {
    spider('books', "import { Spider } from 'orbweaver'; export default class extends Spider {}");
    spider('broken', 'import {');
    const { code, out } = await run('list', '--long');
    expect(code).toBe(2);
    expect(out).toMatch(/^books\t.*\nbroken\t.*error: /);
  });

  it('says what to do without a project', async () => {
    const { code, err } = await run('list');
    expect(code).toBe(2);
    expect(err).toContain('crawl init');
  });
});

describe('crawl init', () => {
  it('makes a project, also in a folder with blanks in its name', async () => {
    const { code, err } = await run('init', 'my shop');
    expect(code).toBe(0);
    expect(err).toContain('cd "my shop"');
    expect(err).toContain(`\n  npm install ${packageRoot()} `);
    expect(JSON.parse(readFileSync(join(cwd, 'my shop', 'package.json'), 'utf8'))).toMatchObject({
      name: 'my-shop',
      type: 'module',
    });
    expect(existsSync(join(cwd, 'my shop', '.gitignore'))).toBe(true);
  });

  it('brings the compiler that the framework itself is checked by', async () => {
    await run('init', 'shop');
    const major = (folder: string): string =>
      JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).devDependencies.typescript.split('.')[0];
    expect(major(join(cwd, 'shop'))).toBe(major(packageRoot()));
    expect(readFileSync(join(cwd, 'shop', 'package.json'), 'utf8')).toContain('"typecheck": "tsc --noEmit"');
  });

  it('keeps files that are there', async () => {
    writeFileSync(join(cwd, 'package.json'), '{"name":"mine"}');
    const { code, err } = await run('init');
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'package.json'), 'utf8')).toBe('{"name":"mine"}');
    expect(err).toContain('kept package.json');
    expect(err).toContain(`npm install ${packageRoot()}`);
  });

  it('touches no project that exists', async () => {
    spider('books');
    const { code, err } = await run('init');
    expect(code).toBe(2);
    expect(err).toContain('this folder is a project already');
  });
});

describe('crawl new spider', () => {
  it('writes a spider that is listed at once', async () => {
    spider('books');
    expect((await run('new', 'spider', 'quotes', 'quotes.toscrape.com')).code).toBe(0);
    expect((await run('list')).out).toBe('books\nquotes\n');
    const text = readFileSync(join(cwd, 'spiders', 'quotes.ts'), 'utf8');
    expect(text).toContain('class QuotesSpider extends Spider');
    expect(text).toContain("startUrls = ['https://quotes.toscrape.com/']");
    expect(text).toContain("allowedDomains = ['quotes.toscrape.com']");
    expect(text).not.toContain('{{');
  });

  it.each([
    ['crawl', 'extends CrawlSpider'],
    ['sitemap', 'extends SitemapSpider'],
    ['xmlfeed', 'extends XmlFeedSpider'],
    ['csvfeed', 'extends CsvFeedSpider'],
  ])('writes a %s spider that can be loaded', async (template, text) => {
    spider('books');
    await run('new', 'spider', 'shop', 'https://site.test/list', '-t', template);
    expect(readFileSync(join(cwd, 'spiders', 'shop.ts'), 'utf8')).toContain(`class ShopSpider ${text}`);
    expect((await run('list', '--long')).out).toMatch(/^shop\tspiders.shop\.ts$/m);
  });

  it('overwrites nothing', async () => {
    spider('books', 'mine');
    const { code, err } = await run('new', 'spider', 'books');
    expect(code).toBe(2);
    expect(err).toContain('there is a spider "books" already');
    expect(readFileSync(join(cwd, 'spiders', 'books.ts'), 'utf8')).toBe('mine');
  });

  it('names the templates when asked for another', async () => {
    const { code, err } = await run('new', 'spider', 'books', '-t', 'bsic');
    expect(code).toBe(2);
    expect(err).toContain('Did you mean basic?');
  });

  it('refuses what is no URL', async () => {
    expect((await run('new', 'spider', 'books', 'ftp://a.test/')).err).toContain('only http and https');
  });
});

describe('crawl of a spider that is written as one of Scrapy', () => {
  it.each([
    ['a name', "name = 'other';", "write static spiderName = '…' instead of name"],
    [
      'a pipeline',
      'static pipelines = [() => new (class Mine { process_item() {} })()];',
      'pipelines: Mine: process_item is processItem(item, origin) here',
    ],
    [
      'a table of pipelines',
      "static pipelines = { 'x.Mine': 300 };",
      'pipelines must be a list of functions',
    ],
    ['a class of pipelines', 'static pipelines = [class Mine {}];', 'write () => new Mine()'],
    [
      'a middleware',
      'static settings = { downloaderMiddlewares: [function mine() { return { process_request() {} }; }] };',
      'downloaderMiddlewares: mine: process_request is processRequest(request, unit) here',
    ],
  ])('refuses %s and says what to write', async (_what, members, message) => {
    spider(
      'books',
      `import { Spider } from 'orbweaver';
export default class BooksSpider extends Spider { startUrls = ['data:,x']; parse() {} ${members} }`,
    );
    const { code, err } = await run('books');
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
