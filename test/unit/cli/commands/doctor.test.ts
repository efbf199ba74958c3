import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { frameworkModules } from '../../../../src/cli/framework-modules.ts';
import { runCommandLine } from '../../../../src/cli/main.ts';
import { fakeTerminal } from '../../../support/fake-terminal.ts';

// Loading the framework is no part of what a test may take.
beforeAll(() => frameworkModules(), 120_000);

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'crawl-doctor-')));
  mkdirSync(join(cwd, 'spiders'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const SPIDER = "import { Spider } from 'orbweaver'; export default class extends Spider {";
const doctor = async () => {
  const terminal = fakeTerminal(cwd);
  const code = await runCommandLine(['doctor'], terminal);
  return { code, out: terminal.out, err: terminal.err };
};

describe('crawl doctor', () => {
  it('finds nothing to put right in a sound project', async () => {
    write(
      'orbweaver.config.js',
      "/** @type {import('orbweaver').PartialSettings} */ export default { maxPages: 3 };",
    );
    write('tsconfig.json', '{}');
    write('spiders/books.js', `${SPIDER} }`);
    const { code, out, err } = await doctor();
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('ok    orbweaver.config.js: 1 settings\n');
    expect(out).toContain('ok    1 spider can be loaded\n');
    expect(out).not.toContain('  fail');
  });

  it('names each thing that is wrong, hides none behind another, and fails', async () => {
    write('orbweaver.config.js', 'export default { maxPage: 3 };');
    write('spiders/broken.js', 'this is {');
    write('spiders/shell.js', `${SPIDER} }`);
    write('spiders/wrong.js', `${SPIDER} static settings = { concurentRequests: 3 } }`);
    write('spiders/x-table.js', `${SPIDER} static pipelines = { 'x.Mine': 300 } }`);
    write('spiders/books.js', `${SPIDER} }`);
    const { code, out } = await doctor();
    expect(code).toBe(1);
    const failures = out.split('\n').filter((line) => line.startsWith('  fail'));
    expect(failures).toHaveLength(5);
    expect(failures[0]).toContain('maxPages');
    expect(failures[1]).toContain('spiders/broken.js');
    expect(failures[2]).toContain('spiders/shell.js bears the name of a command');
    expect(failures[3]).toContain('concurrentRequests');
    expect(failures[4]).toContain('spider x-table: pipelines must be a list');
    expect(out).toContain('ok    1 spider can be loaded');
  });

  it.skipIf(process.platform === 'win32')(
    'tells of a project that others may write to, beside all else',
    async () => {
      write('orbweaver.config.js', 'export default {};');
      chmodSync(cwd, 0o777);
      const { code, out } = await doctor();
      expect(code).toBe(1);
      expect(out).toMatch(/Machine\n {2}ok {4}Node/);
      expect(out).toMatch(/Project\n {2}fail /);
    },
  );

  it('looks whether outputs can be written before a crawl does', async () => {
    write('taken', '');
    write('spiders/books.js', `${SPIDER} }`);
    write(
      'orbweaver.config.js',
      "export default { feeds: { 'taken/books.csv': {}, 'new/books.json': {}, 's3://bucket/x.json': {} } };",
    );
    const { out } = await doctor();
    expect(out).toContain('fail  output taken/books.csv cannot be written: taken is a file');
    expect(out).toContain('ok    output new/books.json can be written');
    expect(out).not.toContain('s3://bucket');
  });
});
