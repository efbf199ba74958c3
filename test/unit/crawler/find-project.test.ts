import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProject } from '../../../src/crawler/find-project.ts';

let root = '';
const make = (path: string) => {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
};
const write = (path: string) => writeFileSync(join(root, path), '{}');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'find project '));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('findProject', () => {
  it('is the folder with a configuration, seen from below', () => {
    write('orbweaver.config.ts');
    expect(findProject(make('spiders/deep'))).toEqual({
      root,
      configFile: join(root, 'orbweaver.config.ts'),
    });
  });

  it('is a package with a folder of spiders', () => {
    write('package.json');
    expect(findProject(make('spiders'))).toEqual({ root, configFile: undefined });
  });

  it('is the working folder where that has spiders and nothing else', () => {
    make('spiders');
    expect(findProject(root)?.root).toBe(root);
  });

  it('ends the search at the first package.json', () => {
    write('orbweaver.config.ts');
    const inner = make('inner');
    write('inner/package.json');
    expect(findProject(inner)).toBeUndefined();
  });

  it('does not take a configuration from the home folder', () => {
    write('orbweaver.config.ts');
    expect(findProject(make('shop'), root)).toBeUndefined();
    expect(findProject(root, root)?.root).toBe(root);
  });

  it('refuses a folder where everybody may write', () => {
    write('orbweaver.config.ts');
    chmodSync(root, 0o777);
    expect(() => findProject(root)).toThrow('may be written by everybody, so its code is not run');
  });
});
