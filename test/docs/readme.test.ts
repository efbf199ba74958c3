import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';
import { setup } from '../support/build.ts';
import { crawl } from '../support/command-line.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const shellBlocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text.trim());
const commands = shellBlocks
  .flatMap((block) => block.split(/\n| && /))
  .map((line) => line.replace(/\s+#.*$/, ''))
  .filter((line) => line.startsWith('npx crawl '));

describe('the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-readme-'));
  let sandbox: Sandbox;

  beforeAll(async () => {
    setup();
    sandbox = await startSandbox();
  }, 120_000);

  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has one command for the main job and one for the tests, of scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    expect(shellBlocks.slice(0, 2)).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) });
  });

  it('names no file that is not there', () => {
    for (const [, path = ''] of readme.matchAll(/\]\((?!http)([^)]+)\)/g))
      expect(
        () =>
          readFileSync(
            `${root}${path.replace(/^docs\/decisions$/, 'docs/decisions/0001-sequences-of-a-page.md')}`,
          ),
        path,
      ).not.toThrow();
  });

  it('shows the summary that its example has', async () => {
    const [, line = '', ...shown] =
      /^```text\n(\$ npx crawl [^\n]*)\n([\s\S]*?)```$/m.exec(readme)?.slice(0, 3) ?? [];
    const words = line.replace('$ npx crawl ', '').replace('http://127.0.0.1:8000/', sandbox.url).split(' ');
    const inFolder = words.map((word) => word.replace(/^out\//, `${folder}/out/`));
    const { stderr } = await crawl([...inFolder, '-s', 'logFormat=text', '-s', 'logLevel=warn'], {
      cwd: root,
    });
    const plain = (text: string): string =>
      text
        .replaceAll(/after [\d.]+ s/g, '')
        .replaceAll(`${folder}/`, '')
        .trim();
    expect(plain(stderr)).toBe(plain(shown.join('')));
  });

  it('shows commands that run', async () => {
    expect(commands.length).toBeGreaterThan(3);
    for (const line of commands) {
      if (line.includes('sandbox')) continue;
      const words = line
        .replace('npx crawl ', '')
        .replace('http://127.0.0.1:8000/', sandbox.url)
        .split(' ')
        .map((word) => word.replace(/^\.\.\//, `${folder}/`));
      const isShell = words[0] === 'shell';
      const { code, stderr } = await crawl(
        isShell
          ? [...words, '-c', 'response.status']
          : [...words, ...(words[0] === 'books' ? ['-s', 'maxPages=3', '-q'] : [])],
        {
          cwd: words[0] === 'books' ? join(folder, 'shop') : root,
        },
      );
      expect({ line, code, stderr: code === 0 ? '' : stderr }).toEqual({ line, code: 0, stderr: '' });
    }
  });
});
