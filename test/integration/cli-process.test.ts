import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';
import { BIN } from '../support/build.ts';
import { type CommandResult, crawl } from '../support/command-line.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;

/** What comes earlier than 150 ms after the first signal counts as the same key press. */
const SECOND_KEY_MS = 250;

const SPIDER = `import { Request, Spider } from 'orbweaver';
export default class PageSpider extends Spider {
  *start() { yield new Request(String(this.args.url)); }
  parse(response) { return { title: response.css('title::text').get() }; }
}
`;

describe('the process of crawl', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver process ')));
  /** A command that hangs must not outlive its test. */
  const BOUND = { cwd: folder, timeout: 25_000, killSignal: 'SIGKILL' } as const;
  let sandbox: Sandbox;
  const inFolder = (words: readonly string[]): Promise<CommandResult> => crawl(words, { cwd: folder });

  beforeAll(async () => {
    sandbox = await startSandbox();
    mkdirSync(join(folder, 'spiders'));
    writeFileSync(join(folder, 'spiders/page.js'), SPIDER);
  });

  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('exits at once on the second interrupt, with whole outputs', async () => {
    const site = createServer(({ url }, response) => {
      // The page never comes: without a second interrupt the crawl would wait for it longer than this test may last.
      if (url === '/robots.txt') response.writeHead(404).end();
      else child.kill('SIGINT');
    });
    await once(site.listen(0, '127.0.0.1'), 'listening');
    const { port } = site.address() as AddressInfo;
    const words = ['page', '-a', `url=http://127.0.0.1:${port}/`, '-O', 'cut.json'];
    const child = spawn(process.execPath, [BIN, ...words], BOUND);
    let said = '';
    let again: NodeJS.Timeout | undefined;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Stopping in order')) again ??= setTimeout(() => child.kill('SIGINT'), SECOND_KEY_MS);
    });
    const [code] = await once(child, 'close');
    clearTimeout(again);
    site.closeAllConnections();
    await once(site.close(), 'close');
    expect(code).toBe(130);
    expect(JSON.parse(readFileSync(join(folder, 'cut.json'), 'utf8'))).toEqual([]);
  });

  it('loads neither parser nor HTTP client nor transpiler to list spiders', async () => {
    const coverage = join(folder, 'coverage');
    await crawl(['list'], { cwd: folder, env: { NODE_V8_COVERAGE: coverage } });
    const loaded = readdirSync(coverage)
      .flatMap((name) => JSON.parse(readFileSync(join(coverage, name), 'utf8')).result)
      .map(({ url }: { url: string }) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1])
      .filter((name) => name !== undefined);
    expect([...new Set(loaded)].sort()).toEqual(['commander', 'picocolors']);
  });

  it('names the version it needs where Node is too old', async () => {
    const old = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '18.20.4' })";
    const run = promisify(execFile)(process.execPath, ['--import', old, BIN, 'list'], { cwd: folder });
    await expect(run).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Node 18.20.4 is too old, Orbweaver needs 20.19 or newer'),
    });
  });

  it.each([
    ['an output that cannot be written', ['page', '-a', 'url=data:,', '-O', 'spiders/page.js/x.csv'], 2],
    ['a crawl that got nothing', ['page', '-a', 'url=http://127.0.0.1:1/', '-s', 'retryTimes=0'], 1],
    ['a crawl that went well', ['page', '-a', 'url=data:text/html,<title>x</title>'], 0],
  ])('writes nothing but JSON lines where standard error is no screen: %s', async (_what, words, wanted) => {
    const { code, stderr } = await inFolder(words);
    expect(code).toBe(wanted);
    const levels = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).level);
    expect(levels.includes('error')).toBe(wanted !== 0);
  });

  it('appends to no file that holds something else, and says what to do', async () => {
    writeFileSync(join(folder, 'notes.json'), 'my notes\n');
    const words = ['page', '-a', 'url=data:text/html,<title>x</title>', '-o', 'notes.json'];
    const { code, stderr } = await inFolder(words);
    expect(code).toBe(2);
    expect(stderr).toContain('overwrite it with -O');
    expect(readFileSync(join(folder, 'notes.json'), 'utf8')).toBe('my notes\n');
  });

  it('shows in the shell the page that its code has fetched', async () => {
    const code = `await fetch('${sandbox.url}gone'); return response`;
    const { stdout } = await inFolder(['shell', sandbox.url, '-c', code]);
    expect(stdout).toContain(`Response 410 ${sandbox.url}gone (html, `);
    expect(await inFolder(['shell', 'missing.html', '-c', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no file missing.html'),
    });
  });

  it('evaluates the lines of a pipe one after the other in the shell', async () => {
    const lines = `await fetch("${sandbox.url}gone")\\nresponse.url\\ncss("h1").length\\n`;
    const line = `printf '${lines}' | "${process.execPath}" "${BIN}" shell ${sandbox.url}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', line], { cwd: folder });
    expect(stdout.split('\n').slice(1)).toEqual([`'${sandbox.url}gone'`, '1', '']);
  });

  it('says in its lines what begins, and where items go', async () => {
    const words = ['page', '-a', 'url=data:text/html,<title>x</title>', '-O', 'begun.jsonl'];
    const lines = (await inFolder(words)).stderr.trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      message: 'page begins',
      outputs: ['begun.jsonl'],
    });
  });

  it('says outside of a terminal, too, why a map is empty', async () => {
    const { code, stdout, stderr } = await inFolder(['map', `${sandbox.url}gone`, '--no-sitemaps']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('No items: the site answered 410');
  });

  it('names the setting where robots.txt forbids a page', async () => {
    const { code, stderr } = await inFolder(['fetch', `${sandbox.url}private/`]);
    expect(code).toBe(1);
    expect(stderr).toContain('-s obeyRobotsTxt=false');
    expect((await inFolder(['fetch', `${sandbox.url}private/`, '-s', 'obeyRobotsTxt=false'])).code).toBe(0);
  });

  it.each([['fetch'], ['settings'], ['list'], ['help']])(
    'ends %s quietly where its reader goes',
    async (command) => {
      const words = command === 'fetch' ? [command, sandbox.url] : [command];
      const child = spawn(process.execPath, [BIN, ...words], BOUND);
      child.stdout.destroy();
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
      });
      const [code] = await once(child, 'close');
      expect({ code, said }).toEqual({ code: 0, said: '' });
    },
  );

  it.skipIf(!hasScript)('shows one status line on a screen, and the summary below it', async () => {
    const words = ['page', '-a', `url=${sandbox.url}slow?ms=700`, '-O', 'page.jsonl'];
    const line = [process.execPath, BIN, ...words].map((word) => `'${word}'`).join(' ');
    const { stdout } = await promisify(execFile)('script', ['-qec', line, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, TERM: 'xterm', CI: '', NO_COLOR: '1' },
    });
    expect(stdout).toContain('\r\u001b[2K0 pages (0/min) · 0 items · ');
    expect(stdout).toMatch(
      /page: finished after [\d.]+ s: 1 page, 1 item\r\n {2}page\.jsonl {2}\(jsonl, 1 item, /,
    );
    expect(stdout).not.toContain('{"time"');
  });

  it.skipIf(process.platform !== 'linux')('ends where a project cannot be made', async () => {
    const { code, stderr } = await inFolder(['init', '/proc/nowhere']);
    expect(code).toBe(1);
    expect(stderr).toContain('/proc/nowhere');
  });
});
