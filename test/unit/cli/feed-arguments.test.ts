import { describe, expect, it } from 'vitest';
import { feedArguments } from '../../../src/cli/feed-arguments.ts';

const append = (...words: string[]) => feedArguments({ append: words, overwrite: [] });

describe('feedArguments', () => {
  it('takes the format from the extension', () => {
    expect(append('a.csv', 'dir with blanks/b.JL')).toEqual({
      'a.csv': { format: 'csv', ifExists: 'append' },
      'dir with blanks/b.JL': { format: 'jsonl', ifExists: 'append' },
    });
  });

  it('takes the format behind a colon', () => {
    expect(append('items.txt:xml')).toEqual({ 'items.txt': { format: 'xml', ifExists: 'append' } });
  });

  it('takes the format before the extension of a packed file', () => {
    expect(append('a.csv.gz', 'b.JL.GZ', 'c.gz:xml')).toEqual({
      'a.csv.gz': { format: 'csv', ifExists: 'append' },
      'b.JL.GZ': { format: 'jsonl', ifExists: 'append' },
      'c.gz': { format: 'xml', ifExists: 'append' },
    });
    expect(append('a.jsonl.br', 'b.json.ZST', 'c.br:csv')).toEqual({
      'a.jsonl.br': { format: 'jsonl', ifExists: 'append' },
      'b.json.ZST': { format: 'json', ifExists: 'append' },
      'c.br': { format: 'csv', ifExists: 'append' },
    });
    expect(() => append('a.zst')).toThrow('the name does not tell the format');
    expect(() => append('a.gz')).toThrow('the name does not tell the format');
  });

  it('overwrites for -O', () => {
    expect(feedArguments({ append: [], overwrite: ['a.json'] })).toEqual({
      'a.json': { format: 'json', ifExists: 'overwrite' },
    });
  });

  it('prints JSON lines on standard output unless told otherwise', () => {
    expect(append('-')).toEqual({ '-': { format: 'jsonl', ifExists: 'append' } });
    expect(append('-:csv')).toEqual({ '-': { format: 'csv', ifExists: 'append' } });
  });

  it('takes the colon of a drive or a URL for a part of the name', () => {
    expect(Object.keys(append('C:\\out\\a.csv', 'file:///tmp/a.json'))).toEqual([
      'C:\\out\\a.csv',
      'file:///tmp/a.json',
    ]);
  });

  it("lets the names of the project's own formats through", () => {
    const formats = Object.values(append('a.md', 'b.md.gz', 'c.txt:my-format2')).map(({ format }) => format);
    expect(formats).toEqual(['md', 'md', 'my-format2']);
  });

  it('refuses a name without a format and a file named twice', () => {
    expect(() => append('items')).toThrow('the name does not tell the format');
    expect(() => feedArguments({ append: ['a.csv'], overwrite: ['a.csv'] })).toThrow('named twice');
  });
});
