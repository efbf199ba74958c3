import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameworkModules } from '../../../../src/cli/framework-modules.ts';
import { runCommandLine } from '../../../../src/cli/main.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/sandbox-server.ts';
import { fakeTerminal } from '../../../support/fake-terminal.ts';

// Loading the framework is no part of what a test may take.
beforeAll(() => frameworkModules(), 120_000);

let cwd = '';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'crawl-parse-')));
  mkdirSync(join(cwd, 'spiders'));
  writeFileSync(
    join(cwd, 'spiders/shop.js'),
    `import { CrawlSpider, retryLater } from 'orbweaver';
    export default class extends CrawlSpider {
      rules = [
        { linkExtractor: { allow: 'nowhere' } },
        { linkExtractor: { allow: 'quotes' }, callback: 'parseQuotes', cbKwargs: { by: 'rule' } },
      ];
      parseQuotes(response, { by }) { return { by, page: response.url }; }
      tries = 0;
      *parseShy() {
        yield { tried: ++this.tries };
        if (this.tries === 1) yield retryLater('not yet', { afterMs: 0 });
      }
    }`,
  );
  writeFileSync(
    join(cwd, 'orbweaver.config.js'),
    "export default { jobDir: 'job', warcFile: 'all.warc', feeds: { 'out.json': {} } };",
  );
});
afterAll(async () => {
  await sandbox.close();
  rmSync(cwd, { recursive: true });
});

const parse = async (...argv: string[]) => {
  const terminal = fakeTerminal(cwd);
  const code = await runCommandLine(['parse', '--spider', 'shop', ...argv], terminal);
  return { code, out: terminal.out, err: terminal.err };
};

describe('crawl parse', () => {
  it('finds the callback by the rules of a CrawlSpider, and leaves job, archive and outputs alone', async () => {
    const { code, out } = await parse('--rules', '--nolinks', `${sandbox.url}quotes/`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ items: [{ by: 'rule', page: `${sandbox.url}quotes/` }] });
    for (const file of ['job', 'all.warc', 'out.json']) {
      expect(() => readFileSync(join(cwd, file))).toThrow('ENOENT');
    }
  });

  it('shows nothing of a try that its callback took back', async () => {
    const words = ['--callback', 'parseShy', '-s', 'retryBackoffMs=0', '--nolinks'];
    expect(JSON.parse((await parse(...words, `${sandbox.url}quotes/`)).out)).toEqual({
      items: [{ tried: 2 }],
    });
  });

  it('writes to a file', async () => {
    const { out } = await parse('--rules', '--nolinks', '-o', 'found.json', `${sandbox.url}quotes/`);
    expect(out).toBe('');
    expect(JSON.parse(readFileSync(join(cwd, 'found.json'), 'utf8')).items).toHaveLength(1);
  });

  it('says when no rule takes the page', async () => {
    const { code, err } = await parse('--rules', `${sandbox.url}about`);
    expect(code).toBe(2);
    expect(err).toContain('none of the 2 rules of shop takes');
  });

  it('finds the spider of an address beside one that cannot be made', async () => {
    const folder = join(cwd, 'broken');
    mkdirSync(join(folder, 'spiders'), { recursive: true });
    writeFileSync(join(folder, 'orbweaver.config.js'), 'export default {};');
    const write = (name: string, members: string) =>
      writeFileSync(
        join(folder, 'spiders', `${name}.js`),
        `import { Spider } from 'orbweaver'; export default class extends Spider { ${members} }`,
      );
    const domains = `allowedDomains = ['${new URL(sandbox.url).hostname}'];`;
    write('bad', `${domains} constructor() { super(); throw new Error('boom'); }`);
    write('good', `${domains} parse() { return { a: 1 }; }`);
    const terminal = fakeTerminal(folder);
    expect(await runCommandLine(['list', '--url', sandbox.url], terminal)).toBe(0);
    expect([terminal.out, terminal.err]).toEqual(['good\n', expect.stringMatching(/^bad: .*boom/)]);
    const parsing = fakeTerminal(folder);
    expect(await runCommandLine(['parse', '--nolinks', sandbox.url], parsing)).toBe(0);
    expect(JSON.parse(parsing.out)).toEqual({ items: [{ a: 1 }] });
    expect(parsing.err).toMatch(/^bad: .*boom/);
  });

  it('prints what JSON cannot say as the outputs do', async () => {
    writeFileSync(
      join(cwd, 'spiders/odd.js'),
      `import { Spider } from 'orbweaver';
      export default class extends Spider {
        parse = () => ({ big: 10n, tags: new Set(['a']), sizes: new Map([['s', 1]]) });
      }`,
    );
    const { code, out } = await parse('--spider', 'odd', '--nolinks', sandbox.url);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ items: [{ big: 10, tags: ['a'], sizes: { s: 1 } }] });
  });

  it('takes a field that holds a function as a callback, and names those that are near', async () => {
    writeFileSync(
      join(cwd, 'spiders/fields.js'),
      `import { Spider } from 'orbweaver';
      export default class extends Spider { parseBook = () => ({ a: 1 }); parseBack = 1; }`,
    );
    const words = ['--spider', 'fields', '--nolinks', sandbox.url];
    expect(JSON.parse((await parse('--callback', 'parseBook', ...words)).out)).toEqual({ items: [{ a: 1 }] });
    const { code, err } = await parse('--callback', 'parseBok', ...words);
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean parseBook?')]);
  });

  it.each([[], ['--rules']])(
    'refuses a spider that cannot be made, with the place (%s)',
    async (...words) => {
      writeFileSync(
        join(cwd, 'spiders/fails.js'),
        `import { Spider } from 'orbweaver';
      export default class extends Spider { constructor() { super(); throw new Error('boom'); } }`,
      );
      const { code, err } = await parse('--spider', 'fails', ...words, sandbox.url);
      expect([code, err]).toEqual([2, expect.stringMatching(/fails\.js:2:\d+: boom/)]);
    },
  );

  it.each(['0', '1.5', 'x'])('refuses --depth %s', async (depth) => {
    const { code, err } = await parse('--depth', depth, sandbox.url);
    expect([code, err]).toEqual([2, expect.stringContaining('expected a whole number from 1')]);
  });
});
