import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crawl } from '../support/command-line.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tells whose copies of the framework the spider, its imports and the crawler are. */
const SPIDER = `import { fileURLToPath } from 'node:url';
import { isResponse, Request, Response, Spider } from 'orbweaver';
import { robotsTxt } from 'orbweaver/middlewares';
export default class CopySpider extends Spider {
  startUrls = ['data:text/html,<title>x</title>'];
  parse(response) {
    return {
      spider: this instanceof Spider,
      response: response instanceof Response && isResponse(response),
      request: response.request instanceof Request,
      middlewares: typeof robotsTxt === 'function',
      version: Spider.copy ?? 'running',
    };
  }
}
`;
const CLONE_SPIDER = `import { Spider as Installed } from 'orbweaver';
import { Spider } from '../src/api.ts';
export default class CloneSpider extends Spider {
  startUrls = ['data:text/html,<title>x</title>'];
  parse() { return { isSame: Spider === Installed && this instanceof Installed }; }
}
`;
const ONE_COPY = { spider: true, response: true, request: true, middlewares: true, version: 'running' };

describe('a spider and its crawler use one copy of the framework', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver copies ')));
  const itemOf = async (cwd: string, words: readonly string[]): Promise<unknown> => {
    const { stdout, stderr } = await crawl([...words, '-o', '-', '-q'], { cwd });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };
  const project = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, 'spiders'), { recursive: true });
    writeFileSync(join(path, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(path, 'spiders/copy.js'), SPIDER);
    return path;
  };

  beforeAll(() => mkdirSync(join(folder, 'bare')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('in a clone, whose own spiders import the sources', async () => {
    mkdirSync(join(root, 'out'), { recursive: true });
    const file = join(root, 'out', `copy-${process.pid}.ts`);
    writeFileSync(file, CLONE_SPIDER);
    try {
      expect(await itemOf(root, [file])).toEqual({ isSame: true });
    } finally {
      rmSync(file);
    }
  });

  it('in a project that has the framework installed', async () => {
    const shop = project('installed');
    mkdirSync(join(shop, 'node_modules'));
    symlinkSync(root, join(shop, 'node_modules/orbweaver'));
    expect(await itemOf(shop, ['copy'])).toEqual(ONE_COPY);
  });

  it('in a project that has another copy installed than the one that runs', async () => {
    const shop = project('other');
    const other = join(shop, 'node_modules/orbweaver');
    mkdirSync(other, { recursive: true });
    cpSync(join(root, 'package.json'), join(other, 'package.json'));
    mkdirSync(join(other, 'dist/src'), { recursive: true });
    writeFileSync(
      join(other, 'dist/src/index.js'),
      "export class Spider { static copy = 'other'; }\nexport class Request {}\nexport class Response {}\nexport const isResponse = () => false;\n",
    );
    expect(await itemOf(shop, ['copy'])).toEqual(ONE_COPY);
  });

  it('in a file without a project', async () => {
    const bare = join(folder, 'bare');
    writeFileSync(join(bare, 'copy.mjs'), SPIDER);
    expect(await itemOf(bare, ['./copy.mjs'])).toEqual(ONE_COPY);
  });
});
