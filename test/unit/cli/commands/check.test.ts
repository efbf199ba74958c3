import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
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
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'crawl-check-')));
  mkdirSync(join(cwd, 'spiders'));
  spider('kept', `{ url: '${sandbox.url}', returns: { requests: 20 } }`);
  spider('gone', `{ url: '${sandbox.url}', scrapes: ['\\u001b[31mtitle'] }`);
  spider('plain', undefined);
  mkdirSync(join(cwd, 'odd'));
  writeFileSync(
    join(cwd, 'odd/spider.js'),
    `import { Spider } from 'orbweaver';
    export default class extends Spider {
      static contracts = { parse: { url: '${sandbox.url}' } };
      parse() { return { big: 10n, tags: new Set(['a']) }; }
    }`,
  );
});
afterAll(async () => {
  await sandbox.close();
  rmSync(cwd, { recursive: true });
});

const spider = (name: string, contract: string | undefined) =>
  writeFileSync(
    join(cwd, 'spiders', `${name}.js`),
    `import { Spider } from 'orbweaver';
    export default class extends Spider {
      static settings = { feeds: { './never.json': {} } };
      ${contract === undefined ? '' : `static contracts = { parse: ${contract} };`}
      *parse(response) {
        if (process.env.ORBWEAVER_CHECK !== 'true') throw new Error('no flag');
        yield* response.followAll('article.product_pod h3 a');
      }
    }`,
  );
const run = async (...argv: string[]) => {
  const terminal = fakeTerminal(cwd);
  const code = await runCommandLine(['check', ...argv], terminal);
  return { code, out: terminal.out, err: terminal.err };
};

describe('crawl check', () => {
  it('reports each contract of the project and fails if one is broken', async () => {
    const { code, out, err } = await run();
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(`kept\n  ok      parse  ${sandbox.url}  (0 items, 20 requests)\n`);
    expect(out).toContain('BROKEN  parse');
    expect(out).toContain('expected  at least 1\n            got       0');
    expect(out).toMatch(/\n2 contracts, 1 broken\n$/);
    expect(process.env.ORBWEAVER_CHECK).toBeUndefined();
  });

  it('checks one spider, and shows what it gave', async () => {
    const { code, out } = await run('kept', '-v');
    expect(code).toBe(0);
    expect(out.match(/request {2}GET/g)).toHaveLength(20);
  });

  it('lists methods with contracts without asking anybody', async () => {
    const before = new Map(sandbox.hits);
    expect(await run('--list')).toEqual({ code: 0, out: 'gone\n  parse\nkept\n  parse\n', err: '' });
    expect(sandbox.hits).toEqual(before);
  });

  it('refuses a named spider without contracts', async () => {
    expect(await run('plain')).toMatchObject({ code: 2, err: expect.stringContaining('has no contracts') });
  });

  it('shows what JSON cannot say as the outputs do', async () => {
    const { code, out } = await run('./odd/spider.js', '-v');
    expect(code).toBe(0);
    expect(out).toContain('item     {"big":10,"tags":["a"]}');
  });
});
