import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { versionOf } from '../../../../src/cli/commands/version.ts';

describe('versionOf', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-version-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds a package beside the one that loads it', () => {
    for (const name of ['orbweaver', 'undici']) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      writeFileSync(join(folder, 'node_modules', name, 'package.json'), '{ "version": "7.1.2" }');
    }
    const root = join(folder, 'node_modules', 'orbweaver');
    expect(versionOf('undici', root)).toBe('7.1.2');
    expect(versionOf('none', root)).toBeUndefined();
  });
});
