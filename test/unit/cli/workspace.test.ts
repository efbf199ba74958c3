import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from '../../../src/cli/workspace.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver space ')));
  mkdirSync(join(root, 'node_modules'));
  write('package.json', '{ "type": "module" }');
  write('spiders/books.ts', spider('Books'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const spider = (name: string, members = ''): string =>
  `import { Spider } from 'orbweaver';\nexport default class ${name} extends Spider { ${members} }\n`;
const found = async (reference: string): Promise<string> =>
  (await new Workspace(root).find(reference, true)).spider.name;

describe('Workspace', () => {
  it('finds a spider by name, path and export', async () => {
    write('spiders/shops/two.ts', `${spider('One')}export class Two extends Spider {}\n`);
    expect(await found('books')).toBe('Books');
    expect(await found('./spiders/books.ts')).toBe('Books');
    expect(await found('shops/two')).toBe('One');
    expect(await found('two')).toBe('One');
    expect(await found('shops/two#Two')).toBe('Two');
    expect(await found('spiders/shops/two.ts#Two')).toBe('Two');
  });

  it('finds a spider by a name of its own', async () => {
    write('spiders/file.ts', spider('Named', "static spiderName = 'novels';"));
    expect(await found('novels')).toBe('Named');
  });

  it('does not guess between two spiders of one name', async () => {
    for (const file of ['a', 'b'])
      write(`spiders/${file}.ts`, spider('Named', "static spiderName = 'novels';"));
    await expect(found('novels')).rejects.toThrow(
      /several spiders are called "novels": spiders.a\.ts, spiders.b\.ts/,
    );
  });

  it('does not guess between two files of one name', async () => {
    write('spiders/a/same.ts', spider('A'));
    write('spiders/b/same.ts', spider('B'));
    await expect(found('same')).rejects.toThrow('there is no command or spider "same"');
  });

  it('refuses a spider with the name of a command', async () => {
    write('spiders/list.ts', spider('List'));
    await expect(new Workspace(root).find('list')).rejects.toThrow('a spider may not be called "list"');
  });

  it('offers the spider where its file is looked for in the wrong folder', async () => {
    await expect(found('./books.ts')).rejects.toMatchObject({
      message: 'there is no file ./books.ts',
      hint: 'Did you mean the spider books?',
    });
  });

  it('refuses a folder', async () => {
    mkdirSync(join(root, 'folder.ts'));
    await expect(found('./folder.ts')).rejects.toThrow('is a folder');
  });

  it('finds spiders where the configuration says they are', async () => {
    write('orbweaver.config.ts', "export default { spiders: 'crawlers' };");
    write('crawlers/quotes.ts', spider('Quotes'));
    expect((await new Workspace(root).spiderFiles()).map(({ name }) => name)).toEqual(['quotes']);
  });

  it('takes the project of the file, not that of the working folder', () => {
    const other = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver-other-')));
    try {
      expect(Workspace.for(other, join(root, 'spiders/books.ts')).project?.root).toBe(root);
    } finally {
      rmSync(other, { recursive: true });
    }
  });
});
