import { mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/values/make-folder.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver-folder-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('makes a folder and those above it, with the mode that is asked for', () => {
    makeFolder(join(folder, 'a/b/c'), 0o700);
    for (const path of ['a', 'a/b', 'a/b/c'])
      expect(statSync(join(folder, path)).mode & 0o777, path).toBe(0o700);
  });

  it('leaves a folder that is there as it is', () => {
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('says that a part of the path is a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file/below'))).toThrow(/ENOTDIR/);
  });

  it.skipIf(process.platform !== 'linux')('ends where the file system makes no folders', () => {
    expect(() => makeFolder('/proc/nowhere/below')).toThrow(/ENOENT/);
  });
});
