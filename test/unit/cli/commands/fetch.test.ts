import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetch } from '../../../../src/cli/commands/fetch.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/sandbox-server.ts';
import { fakeTerminal } from '../../../support/fake-terminal.ts';

const SPIDER = `import { Spider } from 'orbweaver';
const signed = () => ({ name: 'signed', processRequest: (request, unit) => void unit.headers.set('x-signed', 'yes') });
export default class extends Spider {
  static settings = { userAgent: 'Mine/1.0', downloaderMiddlewares: [signed] };
}
`;

describe('crawl fetch --headers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-fetch-'));
  let sandbox: Sandbox;
  const headers = async (path: string, options = {}): Promise<string> => {
    const terminal = fakeTerminal(folder);
    await fetch(terminal, sandbox.url + path, { redirect: true, headers: true, ...options });
    return terminal.out;
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
    mkdirSync(join(folder, 'spiders'));
    writeFileSync(join(folder, 'orbweaver.config.ts'), 'export default {};\n');
    writeFileSync(join(folder, 'spiders/mine.ts'), SPIDER);
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows what the downloader sends', async () => {
    const shown = await headers('');
    expect(shown).toMatch(/^> GET \/\n> host: 127/);
    for (const name of ['user-agent', 'accept', 'accept-language', 'accept-encoding'])
      expect(shown).toContain(`\n> ${name}: `);
    expect(shown).toContain('\n< 200\n');
  });

  it('shows what the middlewares of a spider add', async () => {
    const shown = await headers('', { spider: 'mine' });
    expect(shown).toContain('\n> user-agent: Mine/1.0\n');
    expect(shown).toContain('\n> x-signed: yes\n');
  });
});

describe('crawl fetch in a project', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  it('leaves outputs, jobs and limits of the project alone, and runs none of its pipelines', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orbweaver-fetch-'));
    const kept = `static settings = { feeds: { 'own.jsonl': { ifExists: 'overwrite' } }, maxPages: 1, maxDurationMs: 1 };
      static pipelines = [() => { throw new Error('opened'); }];`;
    mkdirSync(join(folder, 'spiders'));
    writeFileSync(
      join(folder, 'spiders/mine.js'),
      `import { Spider } from 'orbweaver';\nexport default class extends Spider { ${kept} }\n`,
    );
    writeFileSync(
      join(folder, 'orbweaver.config.js'),
      `export default {
        feeds: { 'out.jsonl': { ifExists: 'overwrite' } },
        jobDir: 'job',
        warcFile: 'a.warc.gz',
        incrementalDir: 'seen',
        seeds: 'gone.txt',
        pipelines: [() => { throw new Error('opened'); }],
      };\n`,
    );
    writeFileSync(join(folder, 'out.jsonl'), '{"old":1}\n');
    writeFileSync(join(folder, 'own.jsonl'), '{"old":1}\n');
    const terminal = fakeTerminal(folder);
    await fetch(terminal, sandbox.url, { redirect: true, spider: 'mine' });
    expect(terminal.out).toContain('<title>');
    const files = ['orbweaver.config.js', 'out.jsonl', 'own.jsonl', 'spiders'];
    expect(
      readdirSync(folder)
        .filter((name) => name !== 'node_modules')
        .sort(),
    ).toEqual(files);
    expect(readFileSync(join(folder, 'out.jsonl'), 'utf8')).toBe('{"old":1}\n');
    expect(readFileSync(join(folder, 'own.jsonl'), 'utf8')).toBe('{"old":1}\n');
    rmSync(folder, { recursive: true, force: true });
  });
});
