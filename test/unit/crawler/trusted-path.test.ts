import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertTrusted, type Trustee } from '../../../src/crawler/trusted-path.ts';

const uid = process.getuid?.() ?? 0;
let folder = '';
let file = '';
const check = (changes: Partial<Trustee>, path: string = file) => {
  assertTrusted(path, folder, { uid, env: {}, framework: '/elsewhere', ...changes });
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trusted-'));
  file = join(folder, 'orbweaver.config.ts');
  writeFileSync(file, '');
  symlinkSync(file, join(folder, 'link.ts'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.getuid === undefined)('assertTrusted', () => {
  it('takes files of this user', () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({}, join(folder, 'link.ts'))).not.toThrow();
  });

  it.skipIf(uid === 0)('refuses files of another user', () => {
    expect(() => check({ uid: uid + 1 })).toThrow('belongs to another user');
  });

  it.skipIf(uid !== 0)('takes files of the system for any user', () => {
    expect(() => check({ uid: 12_345 })).not.toThrow();
  });

  it('refuses a folder where everybody may write', () => {
    expect(() => check({}, tmpdir())).toThrow('may be written by everybody');
  });

  it('takes a folder that the user has named', () => {
    expect(() => check({ env: { ORBWEAVER_TRUST: tmpdir() } }, tmpdir())).not.toThrow();
  });

  it('takes the project that the running framework is installed in', () => {
    const framework = join(folder, 'node_modules', 'orbweaver');
    expect(() => check({ framework }, tmpdir())).not.toThrow();
  });

  it('checks nothing on systems without users', () => {
    expect(() => check({ uid: undefined }, '/no/such/file')).not.toThrow();
  });
});
