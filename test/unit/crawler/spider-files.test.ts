import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSpiderFiles } from '../../../src/crawler/spider-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spiders-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const names = (...files: string[]) => {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return listSpiderFiles(root).map(({ name }) => name);
};

describe('listSpiderFiles', () => {
  it('names spiders by their files, sorted', () => {
    expect(names('quotes.js', 'books.ts', 'b c.mts', 'old.mjs')).toEqual(['b c', 'books', 'old', 'quotes']);
  });

  it('goes into folders', () => {
    expect(names('shops/eu/books.ts')).toEqual(['shops/eu/books']);
  });

  it('leaves out what is no spider', () => {
    expect(
      names(
        '_shared.ts',
        '.hidden.ts',
        'a.test.ts',
        'a.d.ts',
        'index.ts',
        'notes.md',
        'node_modules/x.js',
        '_x/y.ts',
      ),
    ).toEqual([]);
  });

  it('follows no loops', () => {
    symlinkSync(root, join(root, 'loop'));
    expect(names('books.ts')).toEqual(['books']);
  });
});
