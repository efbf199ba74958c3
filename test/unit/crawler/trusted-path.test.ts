import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertTrusted } from '../../../src/crawler/trusted-path.ts';

const uid = process.getuid?.() ?? 0;
let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trusted-'));
  file = join(folder, 'orbweaver.config.ts');
  writeFileSync(file, '');
  symlinkSync(file, join(folder, 'link.ts'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.getuid === undefined)('assertTrusted', () => {
  it('takes files of this user', () => {
    expect(() => assertTrusted(file, { uid, env: {} })).not.toThrow();
    expect(() => assertTrusted(join(folder, 'link.ts'), { uid, env: {} })).not.toThrow();
  });

  it.skipIf(uid === 0)('refuses files of another user', () => {
    expect(() => assertTrusted(file, { uid: uid + 1, env: {} })).toThrow('belongs to another user');
  });

  it.skipIf(uid !== 0)('takes files of the system for any user', () => {
    expect(() => assertTrusted(file, { uid: 12345, env: {} })).not.toThrow();
  });

  it('takes a folder that the user has named', () => {
    expect(() => assertTrusted(file, { uid: uid + 1, env: { ORBWEAVER_TRUST: folder } })).not.toThrow();
  });

  it('checks nothing on systems without users', () => {
    expect(() => assertTrusted('/no/such/file', { uid: undefined, env: {} })).not.toThrow();
  });
});
