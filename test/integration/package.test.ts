import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const MOST_PACKAGES = 60;
const MOST_BYTES = 25 * 1024 * 1024;

const SPIDER = `import { type Response, Spider } from 'orbweaver';

export default class PodsSpider extends Spider {
  startUrls = [process.env.SHOP ?? ''];

  *parse(response: Response) {
    for (const pod of response.css('article.product_pod')) {
      yield { title: pod.css('h3 a::attr(title)').get(), price: pod.css('.price_color::text').get() };
    }
  }
}
`;

describe('the packed package in an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-package-'));
  const crawl = (...words: string[]) =>
    run(process.execPath, [join(folder, 'node_modules/orbweaver/dist/src/cli/bin.js'), ...words], {
      cwd: folder,
      env: { ...process.env, SHOP: sandbox?.url },
    });
  let sandbox: Sandbox | undefined;

  beforeAll(async () => {
    sandbox = await startSandbox();
    const { stdout } = await run(
      'npm',
      ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
      {
        cwd: root,
      },
    );
    const [{ filename }] = JSON.parse(stdout);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    await run(
      'npm',
      ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`],
      {
        cwd: folder,
      },
    );
    mkdirSync(join(folder, 'spiders'));
    writeFileSync(join(folder, 'spiders/pods.ts'), SPIDER);
    writeFileSync(join(folder, 'orbweaver.config.ts'), 'export default { maxPages: 1 };\n');
  }, 180_000);

  afterAll(async () => {
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`has at most ${MOST_PACKAGES} packages in ${MOST_BYTES >> 20} MB`, () => {
    const { packages, bytes } = installed(join(folder, 'node_modules'));
    expect(packages).toBeGreaterThan(10);
    expect(packages).toBeLessThanOrEqual(MOST_PACKAGES);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('crawls with a spider of at most fifteen lines into a CSV file', async () => {
    expect(SPIDER.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    await crawl('pods', '-O', 'pods.csv');
    const [head, first = ''] = readFileSync(join(folder, 'pods.csv'), 'utf8').split('\r\n');
    expect(head).toBe('title,price');
    expect(first).toMatch(/,£\d+\.\d\d$/);
  });

  it('names its spiders, makes a project and shows a page', async () => {
    expect((await crawl('list')).stdout).toBe('pods\n');
    expect((await crawl('init', 'shop')).stdout + (await crawl('version')).stdout).toContain('0.');
    expect(readdirSync(join(folder, 'shop'))).toContain('orbweaver.config.ts');
    expect((await crawl('fetch', sandbox?.url ?? '')).stdout).toContain('<!DOCTYPE html>');
  });

  it('brings its types, by which a wrong callback, setting, item field or argument does not compile', async () => {
    writeFileSync(join(folder, 'wrong.ts'), WRONG);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const words = [
      tsc,
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
      'wrong.ts',
    ];
    const { stdout } = await run(process.execPath, words, { cwd: folder }).catch(
      (error) => error as { stdout: string },
    );
    const lines = [...stdout.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, line]) => Number(line));
    const wanted = WRONG.split('\n').flatMap((line, at) => (line.includes('// wrong') ? [at + 1] : []));
    expect(lines).toEqual(wanted);
  });
});

const WRONG = `import { type ArgumentsOf, type PartialSettings, Request, type Response, Spider } from 'orbweaver';
interface Book { title: string }
const ARGS = { limit: { type: 'number', default: 5 } } as const;
export default class S extends Spider<Book, ArgumentsOf<typeof ARGS>> {
  static args = ARGS;
  static settings = { maxPages: 5 };
  *parse(response: Response) {
    yield { title: 'right' };
    yield response.follow('/x', { callback: this.parseBook, cbKwargs: { shelf: 1 } });
    yield response.follow('/x', { callback: this.parse });
    yield response.follow('/x', { callback: this.arrow });
    yield response.follow('/x', { callback: this.number }); // wrong
    yield response.follow('/x', { callback: this.parseBook, cbKwargs: { shelf: 'a' } }); // wrong
    const limit: string = this.args.limit; // wrong
    return void limit;
  }
  *parseBook(response: Response, { shelf }: { shelf: number }) {
    yield { title: String(shelf) };
    yield response.follow('/y', { callback: this.parse });
  }
  arrow = (response: Response) => response.follow('/z', { callback: this.arrow });
  number(n: number) {
    return { title: String(n) };
  }
}
export class T extends Spider<Book> {
  *parse() { // wrong
    yield { titel: 'wrong' };
  }
}
export class U extends Spider { // wrong
  static settings = { maxPage: 5 };
}
export const settings = { maxPages: 5, maxDeep: 1 } satisfies PartialSettings; // wrong
export const request = new Request('http://site.test/', { priority: 'high' }); // wrong
`;

function installed(folder: string): { packages: number; bytes: number } {
  let packages = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += statSync(join(entry.parentPath, entry.name)).size;
    if (entry.name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/]+$/.test(entry.parentPath))
      packages += 1;
  }
  return { packages, bytes };
}
