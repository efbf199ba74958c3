import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crawl } from '../support/command-line.ts';
import { site } from './site.ts';
import { spiderProject, writeSpider } from './spider-project.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PAGE = '<title>Start</title><h1>Books</h1><a href="/book">one</a>';

/** A spider of a site: a list that leads to a book. */
const booksOf = (url: string): string => `export default class Books extends Spider {
  static args = { shelf: { default: 'all' } };
  startUrls = ['${url}'];
  allowedDomains = ['127.0.0.1'];
  *parse(response) {
    yield { title: response.css('title::text').get(), shelf: this.args.shelf };
    yield* response.followAll('a', { callback: 'parseBook' });
  }
  *parseBook(response, args) {
    yield { book: response.css('h1::text').get(), from: args?.from ?? null, meta: response.meta.mine ?? null };
  }
}`;
const BOOK = '<h1>A book</h1>';
const jsonLines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('crawl', () => {
  it('runs a spider with arguments and outputs, and ends with a code where it cannot begin', async () => {
    const { url } = await site({ '/': PAGE, '/book': BOOK });
    const { folder, run } = spiderProject({ books: booksOf(url('/')) });
    const out = join(folder, 'items.jsonl');
    writeFileSync(out, '{"old":1}\n');
    const appended = await run(['crawl', 'books', '-a', 'shelf=top', '-o', 'items.jsonl']);
    expect(appended).toMatchObject({ code: 0 });
    expect(appended.stderr).toContain('run');
    expect(jsonLines(readFileSync(out, 'utf8'))).toEqual([
      { old: 1 },
      { title: 'Start', shelf: 'top' },
      { book: 'A book', from: null, meta: null },
    ]);
    expect(await run(['books', '-O', 'items.jsonl'])).toMatchObject({ code: 0 });
    expect(jsonLines(readFileSync(out, 'utf8'))).toHaveLength(2);
    const wrong = await Promise.all([run(['books', '-a', 'self=top']), run(['boks'])]);
    expect(wrong.map(({ code }) => code)).toEqual([2, 2]);
    expect(wrong[1]?.stderr).toContain('books');
  });

  it('takes settings, level, file and silence of the log with every crawl', async () => {
    const { folder, run } = spiderProject({
      one: "export default class One extends Spider { startUrls = ['data:text/html,x']; parse() { return { tries: this.settings.retryTimes }; } }",
    });
    const words = ['one', '-s', 'retryTimes=7', '-o', '-', '-L', 'debug', '--log-file', 'crawl.log'];
    const [{ stdout }, { stderr, code }] = await Promise.all([
      run(words),
      run(['one', '-L', 'silent', '--quiet']),
    ]);
    expect(JSON.parse(stdout)).toEqual({ tries: 7 });
    expect(readFileSync(join(folder, 'crawl.log'), 'utf8')).toContain('DEBUG');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('names spiders and its version', async () => {
    const { run } = spiderProject({ b: 'export default class B extends Spider {}', a: 'x' });
    const [list, version, facts] = await Promise.all([
      run(['list']),
      run(['version']),
      run(['version', '-v']),
    ]);
    expect(list.stdout).toBe('a\nb\n');
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(facts.stdout).toMatch(/node: +\d/);
  });

  it('makes a polite project and spiders from templates', async () => {
    const cwd = temporaryFolder();
    expect(await crawl(['startproject', 'shop', 'place'], { cwd })).toMatchObject({ code: 0 });
    const project = join(cwd, 'place');
    expect(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).name).toBe('shop');
    const { stdout } = await crawl(['settings', '--json'], { cwd: project });
    const { obeyRobotsTxt, adaptivePace, downloadDelayMs } = JSON.parse(stdout);
    expect([obeyRobotsTxt.value, adaptivePace.value, downloadDelayMs.value]).toEqual([true, true, 'auto']);
  });

  it('writes spiders from templates, of each kind that Scrapy has', async () => {
    const { folder, run } = spiderProject({});
    const kinds = { crawl: 'CrawlSpider', xmlfeed: 'XmlFeedSpider', csvfeed: 'CsvFeedSpider' };
    const made = await Promise.all([
      run(['genspider', 'plain', 'site.test']),
      ...Object.keys(kinds).map((kind) => run(['genspider', '-t', kind, `of-${kind}`, 'site.test'])),
    ]);
    expect(made.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(readFileSync(join(folder, 'spiders/plain.ts'), 'utf8')).toMatch(/site\.test[\s\S]*parse\(/);
    for (const [kind, base] of Object.entries(kinds))
      expect(readFileSync(join(folder, `spiders/of-${kind}.ts`), 'utf8')).toContain(`extends ${base}`);
  });

  it('runs a file without a project', async () => {
    const cwd = temporaryFolder();
    writeSpider(
      cwd,
      'quick',
      "export default class Quick extends Spider { startUrls = ['data:text/html,<p>x</p>']; parse(response) { return { p: response.css('p::text').get() }; } }",
    );
    const { stdout, code } = await crawl(['runspider', 'quick.ts', '-o', '-'], { cwd });
    expect({ items: jsonLines(stdout), code }).toEqual({ items: [{ p: 'x' }], code: 0 });
  });

  it('has a shell for a page or a file, with the settings of a spider', async () => {
    const { url } = await site({ '/': PAGE, '/old': { status: 302, headers: { Location: '/' } } });
    const { folder, run } = spiderProject({
      agent: "export default class A extends Spider { static settings = { userAgent: 'mine' }; parse() {} }",
    });
    writeFileSync(join(folder, 'page.html'), '<h1>A file</h1>');
    const code = async (words: readonly string[], text: string) =>
      (await run(['shell', ...words, '-c', text])).stdout.trim();
    const text = `[settings.userAgent, request.url, (await fetch('${url('/')}')).css('h1::text').get(), typeof view].join()`;
    const [file, moved, own] = await Promise.all([
      code(['page.html'], "css('h1::text').get()"),
      code(['--no-redirect', url('/old')], 'response.status'),
      code(['--spider', 'agent', url('/')], text),
    ]);
    expect(file).toContain('A file');
    expect(moved).toBe('302');
    expect(own).toContain(`mine,${url('/')},Books,function`);
  });

  it('shows what a spider makes of a page', async () => {
    const { url } = await site({ '/': PAGE, '/book': BOOK });
    const { folder, run } = spiderProject({ books: booksOf(url('/')) });
    const found = async (...words: readonly string[]) =>
      JSON.stringify(JSON.parse((await run(['parse', ...words])).stdout));
    const options = ['-c', 'parseBook', '-m', '{"mine":7}', '--cb-kwargs', '{"from":"x"}', '--nolinks'];
    const [list, book] = await Promise.all([
      found(url('/'), '--spider', 'books', '-a', 'shelf=top', '--noitems'),
      found(url('/book'), ...options),
      run(['parse', url('/'), '-d', '2', '-a', 'shelf=top', '--pipelines', '-o', 'found.json']),
    ]);
    expect(list).toContain(url('/book'));
    expect(list).not.toContain('"shelf"');
    expect(book).toContain('{"book":"A book","from":"x","meta":7}');
    const levels = JSON.stringify(JSON.parse(readFileSync(join(folder, 'found.json'), 'utf8')));
    expect(levels).toContain('"shelf":"top"');
    expect(levels).toContain('A book');
  });

  it('prints a page as it comes, or its headers', async () => {
    const { url, arrived } = await site({
      '/': PAGE,
      '/old': { status: 302, headers: { Location: '/', 'X-Old': 'yes' } },
    });
    const { run } = spiderProject({
      agent: "export default class A extends Spider { static settings = { userAgent: 'mine' }; parse() {} }",
    });
    expect((await run(['fetch', url('/old')])).stdout).toBe(PAGE);
    const { stdout } = await run(['fetch', '--headers', '--no-redirect', '--spider', 'agent', url('/old')]);
    expect(stdout).toMatch(/x-old: yes/i);
    expect(arrived.at(-1)).toMatchObject({ path: '/old', headers: { 'user-agent': 'mine' } });
  });

  it('prints one setting, as text or JSON', async () => {
    const { run } = spiderProject({}, 'retryStatuses: [500, 503], cookies: false');
    const get = async (...words: string[]) => (await run(['settings', '--get', ...words])).stdout;
    const values = [get('cookies'), get('retryStatuses', '--json'), get('downloadTimeoutMs')];
    expect(await Promise.all(values)).toEqual(['false\n', '[500,503]\n', '60000\n']);
  });

  it('checks contracts, with pipelines and outputs off', async () => {
    const { url } = await site({ '/': PAGE });
    const { folder, run } = spiderProject(
      {
        books: `export default class Books extends Spider {
  static contracts = {
    parse: { url: '${url('/')}', returns: { items: 1 }, scrapes: ['title'] },
    parseBook: { url: '${url('/')}', scrapes: ['price'] },
  };
  parse(response) { return { title: response.css('title::text').get(), isCheck: process.env.ORBWEAVER_CHECK }; }
  parseBook() { return { title: 'x' }; }
}`,
      },
      "feeds: { 'items.jsonl': {} }, pipelines: [() => { throw new Error('a pipeline is made'); }]",
    );
    const [named, { code, stdout, stderr }] = await Promise.all([run(['check', '-l']), run(['check', '-v'])]);
    expect(named.stdout).toMatch(/books[\s\S]*parse[\s\S]*parseBook/);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/ok +parse [\s\S]*BROKEN +parseBook[\s\S]*price[\s\S]*1 broken/);
    expect(stdout).toContain('"title"');
    expect(stdout).toMatch(/"isCheck": ?"true"/);
    expect(existsSync(join(folder, 'items.jsonl'))).toBe(false);
  });

  it('shows a page in the browser, opens a spider in the editor, and measures', async () => {
    const { url } = await site({ '/': PAGE });
    const { folder, run } = spiderProject({ one: 'export default class One extends Spider {}' });
    const editor = join(folder, 'editor.cjs');
    writeFileSync(editor, "require('node:fs').writeFileSync('edited', process.argv[2])");
    const [{ stdout: view }, { code }, { stdout: bench }] = await Promise.all([
      run(['view', '--no-open', url('/')], { XDG_CACHE_HOME: join(folder, 'cache') }),
      run(['edit', 'one'], { VISUAL: `${process.execPath} ${editor}`, EDITOR: '' }),
      run(['bench', '--time', '1']),
    ]);
    const shown = readFileSync(view.trim(), 'utf8');
    expect(shown).toContain('&lt;h1>Books&lt;/h1>');
    // What the page holds is shown, not run.
    expect(shown).toMatch(/<iframe sandbox /);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'edited'), 'utf8')).toBe(join(folder, 'spiders/one.ts'));
    expect(bench).toMatch(/pages/);
  });

  it('works in each of several projects under one root', async () => {
    const root = temporaryFolder();
    for (const name of ['first', 'second']) {
      const { code } = await crawl(['init', name], { cwd: root });
      expect(code).toBe(0);
      writeSpider(join(root, name, 'spiders'), `of-${name}`, 'export default class S extends Spider {}');
    }
    const { stdout } = await crawl(['list'], { cwd: join(root, 'second', 'spiders') });
    expect(stdout).toContain('of-second');
    expect(stdout).not.toContain('of-first');
  });
});
