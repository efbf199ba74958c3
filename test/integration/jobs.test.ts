import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';
import { expectedProducts } from '../../src/sandbox/truth.ts';
import { type CommandResult, crawl } from '../support/command-line.ts';

const SPIDER = `
import { Spider } from 'orbweaver';
export default class Shop extends Spider {
  static settings = { adaptivePace: false };
  startUrls = [process.env.BASE];
  *parse(response) {
    yield* response.followAll('article.product_pod h3 a', { callback: this.book });
    yield* response.followAll('li.next a');
  }
  *book(response) {
    yield { url: response.url, title: response.css('h1::text').get() };
  }
}
`;

let sandbox: Sandbox;
let folder = '';
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-jobs-'));
  writeFileSync(join(folder, 'shop.mjs'), SPIDER);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const OUTPUTS = ['-O', 'a.jsonl', '-O', 'a.csv', '-O', 'a.jsonl.gz'];

function run(words: readonly string[] = [], killAfterPages?: number): Promise<CommandResult> {
  const env = { BASE: sandbox.url };
  const plain = ['-s', 'logFormat=text'];
  const debug = killAfterPages === undefined ? ['-L', 'warn'] : ['-L', 'debug'];
  return crawl(['./shop.mjs', '--job', 'job', ...OUTPUTS, ...plain, ...debug, ...words], {
    cwd: folder,
    env,
    onOutput: (child, stderr) => {
      if (killAfterPages !== undefined && stderr.split('crawled 200').length > killAfterPages)
        child.kill('SIGKILL');
    },
  });
}

const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const urlsOf = (lines: string): string[] =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).url as string)
    .sort();

describe('a job of the command line', { timeout: 60_000 }, () => {
  it('goes on after each kill, and has every item once in every output', async () => {
    for (const pages of [100, 300, 200]) expect((await run([], pages)).signal).toBe('SIGKILL');
    const { code, stderr } = await run();
    const expected = expectedProducts(sandbox.url)
      .map(({ url }) => url)
      .sort();
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1,000 items in the job'),
    });
    expect(urlsOf(text('a.jsonl'))).toEqual(expected);
    expect(urlsOf(gunzipSync(readFileSync(join(folder, 'a.jsonl.gz'))).toString())).toEqual(expected);
    expect(text('a.csv').match(/^http/gm)).toHaveLength(expected.length);
  });

  it('says that it is finished, crawls nothing again, and writes an output that is missing', async () => {
    await run(['-s', 'maxPages=60']);
    await run(['-s', 'maxDepth=1']);
    const before = text('a.jsonl');
    const again = await run(['-s', 'maxDepth=1']);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('finished in an earlier run') });
    rmSync(join(folder, 'a.jsonl'));
    expect((await run(['-s', 'maxDepth=1'])).code).toBe(0);
    expect(text('a.jsonl')).toBe(before);
  });

  it('says how it is resumed where a limit or a signal ended it', async () => {
    const limited = await run(['-s', 'maxPages=30']);
    expect(limited.stderr).toMatch(/Resume with a higher maxPages: (npx )?crawl .*shop.mjs --job job/);
    expect(existsSync(join(folder, 'job', 'owner.json'))).toBe(false);
  });

  it('refuses other arguments and folders of others, before anything is asked for', async () => {
    await run(['-s', 'maxPages=10']);
    const other = await run(['-a', 'x=1']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('--job-change') });
    rmSync(join(folder, 'job'), { recursive: true });
    const foreign = await crawl(['./shop.mjs', '--job', '.'], { cwd: folder, env: { BASE: sandbox.url } });
    expect(foreign).toMatchObject({ code: 2, stderr: expect.stringContaining('holds something else') });
  });

  it('gives up requests whose callback has gone, and counts them', async () => {
    await run(['-s', 'maxPages=3']);
    writeFileSync(join(folder, 'shop.mjs'), SPIDER.replaceAll('book', 'item'));
    const { stderr } = await run(['-s', 'maxDepth=1', '-s', 'statsDump=true', '-L', 'info']);
    expect(stderr).toMatch(/spider\/callbacks_gone\W+[1-9]/);
    expect(stderr).toMatch(/were given up: (npx )?crawl job requests job --state dead/);
    expect(stderr.match(/request given up: .* the spider has no method \w+\(\)/g)).toHaveLength(1);
    expect(stderr).toMatch(/\d+ × the spider has no method \w+\(\) any more/);
    expect(stderr).not.toContain('download failed');
  });
});
