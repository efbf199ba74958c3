import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
