import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSpider, loadSpiders } from '../../../src/crawler/load-spider.ts';
import { createImporter } from '../../../src/crawler/module-importer.ts';
import { Spider } from '../../../src/spider/spider.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'load spider '));
  mkdirSync(join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true }));

const source = (name: string, text: string, extension = 'ts') => {
  const path = join(root, `${name}.${extension}`);
  writeFileSync(path, text);
  return { name, path };
};
const importer = () => createImporter({ modules: { orbweaver: { Spider } }, projectRoot: root });
const load = async (name: string, text: string, extension?: string) =>
  loadSpiders(source(name, text, extension), await importer());

describe('loadSpiders', () => {
  it('gives a TypeScript spider the very Spider class that runs', async () => {
    const [loaded] = await load(
      'books',
      `import { Spider, type Response } from 'orbweaver';
       export default class extends Spider<{ a: string }> { startUrls = ['http://a.test/']; parse(r: Response) {} }`,
    );
    expect(loaded?.name).toBe('books');
    expect(loaded && Object.getPrototypeOf(loaded.spider)).toBe(Spider);
  });

  it.each([
    ['js', `import { Spider } from 'orbweaver'; export class A extends Spider {}`],
    ['mjs', `import { Spider } from 'orbweaver'; await 0; export default class A extends Spider {}`],
    ['cjs', `const { Spider } = require('orbweaver'); module.exports = class A extends Spider {};`],
  ])('loads .%s files', async (extension, text) => {
    const [loaded] = await load('books', text, extension);
    expect(loaded && Object.getPrototypeOf(loaded.spider)).toBe(Spider);
  });

  it('imports neighbours, JSON and packages of the spider', async () => {
    source('_shared', 'export const url: string = "http://a.test/";');
    writeFileSync(join(root, 'data.json'), '{"n": 1}');
    const [loaded] = await load(
      'books',
      `import { Spider } from 'orbweaver'; import { url } from './_shared.ts'; import data from './data.json';
       export default class A extends Spider { startUrls = [url + data.n] }`,
    );
    expect(loaded && new loaded.spider().startUrls).toEqual(['http://a.test/1']);
  });

  it('names several spiders by file and export, the default one by the file alone', async () => {
    const text = `import { Spider } from 'orbweaver';
      export default class Main extends Spider {} export class Other extends Spider {} export const n = 1;`;
    expect((await load('shops', text)).map(({ name }) => name)).toEqual(['shops', 'shops#Other']);
  });

  it('takes a base class that a file hands on for no spider', async () => {
    const loaded = await load(
      'books',
      `export * from 'orbweaver'; import { Spider } from 'orbweaver'; export class A extends Spider {}`,
    );
    expect(loaded.map(({ name, spider }) => [name, spider.name])).toEqual([['books', 'A']]);
  });

  it('lets a spider have a name of its own', async () => {
    const text = `import { Spider } from 'orbweaver'; export default class A extends Spider { static spiderName = 'x' }`;
    expect((await load('books', text))[0]?.name).toBe('x');
  });

  it('keeps what it transpiled in the project, closed to others', async () => {
    await load('books', `import { Spider } from 'orbweaver'; export default class A extends Spider {}`);
    expect(statSync(join(root, 'node_modules/.cache/orbweaver')).mode & 0o077).toBe(0);
  });

  it.each([
    ['a syntax error', 'const a = ;\n', /books\.ts:1:11: syntax error: Unexpected token/],
    ['a missing file', `import './nope.ts';`, /books\.ts: it imports '\.\/nope\.ts', which does not exist/],
    [
      'a missing package',
      `import a from '@x/y/z'; export default a;`,
      /which is not installed: npm install @x\/y$/,
    ],
    [
      'a name the framework lacks',
      `import { Spidr } from 'orbweaver'; export class A extends Spidr {}`,
      /'orbweaver' exports no Spidr/,
    ],
    ['code that throws', `const a: number = 1;\nthrow new Error('boom');`, /books\.ts:2:7: boom/],
    ['code that throws in its first line', `throw new Error("at load");`, /books\.ts:1:7: at load/],
    [
      'code that throws behind what is not JavaScript',
      `import { Spider } from 'orbweaver';\nconst x: number = 1; Spider; throw new Error('boom');`,
      /books\.ts:2:36: boom/,
    ],
    ['no spider', 'export const a = 1;', /exports no spider; it needs/],
  ])('tells in one sentence of %s', async (_what, text, message) => {
    const fault: unknown = await load('books', text).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'ERR_CRAWL_SPIDER_LOAD' });
    expect(String((fault as Error).message)).toMatch(message);
    expect(String((fault as Error).message)).not.toContain('\n');
  });
});

describe('loadSpider', () => {
  const two = `import { Spider } from 'orbweaver'; export class A extends Spider {} export class B extends Spider {}`;

  it('takes the export behind the #', async () => {
    expect((await loadSpider(source('two', two), 'B', await importer())).name).toBe('two#B');
  });

  it('asks which of several is meant', async () => {
    await expect(loadSpider(source('two', two), undefined, await importer())).rejects.toThrow(
      'choose one of two#A, two#B',
    );
    await expect(loadSpider(source('two', two), 'C', await importer())).rejects.toThrow('it has no spider C');
  });
});
