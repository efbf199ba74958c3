import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shell } from '../../../../src/cli/commands/shell.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/sandbox-server.ts';
import { fakeTerminal } from '../../../support/fake-terminal.ts';

describe('crawl shell -c', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-shell-'));
  let sandbox: Sandbox;
  const run = async (place: string | undefined, code: string) => {
    const terminal = fakeTerminal(folder);
    await shell(terminal, place, { redirect: true, code });
    return { out: terminal.out.trim(), err: terminal.err };
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
    writeFileSync(join(folder, 'page.html'), '<h1>Saved</h1>');
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['nope.html', './nope.html', '../nope', '/no/such/file.json'])(
    'says that there is no file %s',
    async (place) => {
      await expect(run(place, '1')).rejects.toThrow(`there is no file ${place}`);
    },
  );

  it('opens a file of this machine', async () => {
    expect((await run('./page.html', "css('h1::text').get()")).out).toBe('Saved');
  });

  it('resolves a path against the open page', async () => {
    const code = "await fetch('/quotes/'); await fetch('./page/2/'); return response.url";
    expect((await run(sandbox.url, code)).out).toBe(`${sandbox.url}quotes/page/2/`);
    expect((await run(sandbox.url, "await fetch('/'); return response.status")).out).toBe('200');
  });

  it.each(['help()', 'shelp()'])('says by %s what there is', async (code) => {
    const { out, err } = await run(undefined, code);
    expect(out).toBe('');
    expect(err).toContain("css('h1::text').get()");
  });

  it.each([
    ['foo(', 'Unexpected end of input'],
    ['let x = 1; foo(x', 'missing ) after argument list'],
    ['1 +* 2', "Unexpected token '*'"],
  ])('says what is wrong with %s', async (code, message) => {
    await expect(run(undefined, code)).rejects.toThrow(`-c: SyntaxError: ${message}`);
  });
});
