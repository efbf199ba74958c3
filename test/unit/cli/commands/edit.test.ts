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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../../src/cli/main.ts';
import { fakeTerminal } from '../../../support/fake-terminal.ts';

let cwd = '';
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'crawl-edit-')));
  mkdirSync(join(cwd, 'spiders'));
  writeFileSync(join(cwd, 'spiders/books.js'), 'this is broken {');
});
afterAll(() => rmSync(cwd, { recursive: true }));

const edit = async (name: string, env: Record<string, string>) => {
  const terminal = fakeTerminal(cwd, env);
  return { code: await runCommandLine(['edit', name], terminal), err: terminal.err };
};

describe('crawl edit', () => {
  it('opens the file of a spider that cannot be loaded, with the words of $VISUAL before $EDITOR', async () => {
    const target = mkdtempSync(join(cwd, 'copies-'));
    const { code } = await edit('books', { VISUAL: `cp -f -t ${target}`, EDITOR: 'false' });
    const copy = join(target, 'books.js');
    expect([code, existsSync(copy) && readFileSync(copy, 'utf8')]).toEqual([0, 'this is broken {']);
  });

  it('passes on that the editor failed', async () => {
    expect((await edit('books', { EDITOR: 'false' })).code).toBe(1);
  });

  it('says what to do without an editor, without that editor and without that spider', async () => {
    expect(await edit('books', {})).toMatchObject({ code: 2, err: expect.stringContaining('Set EDITOR') });
    expect((await edit('books', { EDITOR: '/no/editor' })).err).toContain('does not start');
    expect((await edit('bokks', { EDITOR: 'false' })).err).toContain('books');
  });
});
