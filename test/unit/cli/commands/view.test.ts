import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../../src/cli/main.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/sandbox-server.ts';
import { fakeTerminal } from '../../../support/fake-terminal.ts';

let cwd = '';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'crawl-view-')));
  vi.stubEnv('XDG_CACHE_HOME', cwd);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sandbox.close();
  rmSync(cwd, { recursive: true });
});

describe('crawl view', () => {
  it('writes the page as the crawler gets it, sandboxed, and prints the path', async () => {
    const terminal = fakeTerminal(cwd);
    const code = await runCommandLine(['view', sandbox.url, '--no-open'], terminal);
    expect([code, terminal.err]).toEqual([0, '']);
    const text = readFileSync(terminal.out.trim(), 'utf8');
    expect(text).toContain("content=\"default-src 'none'");
    expect(text).toContain(`&lt;base href=&quot;${sandbox.url}`);
    expect(text).toContain('product_pod');
  });

  it('shows a page with a bad status too, and fails', async () => {
    const terminal = fakeTerminal(cwd);
    const code = await runCommandLine(['view', `${sandbox.url}nowhere`, '--no-open'], terminal);
    expect(code).toBe(1);
    expect(terminal.err).toContain('404');
    expect(readFileSync(terminal.out.trim(), 'utf8')).toContain('<iframe sandbox');
  });
});
