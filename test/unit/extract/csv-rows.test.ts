import { describe, expect, it } from 'vitest';
import { type CsvRowsOptions, csvRows } from '../../../src/extract/csv-rows.ts';

const rows = (text: string, options?: CsvRowsOptions) =>
  [...csvRows(text, options)].map((row) => ({ ...row }));
const cells = (line: string) => rows(line, { headers: ['a', 'b'] }).map(({ a, b }) => [a, b]);

describe('csvRows', () => {
  it('names cells by the first row', () => {
    expect(rows('\ufeffid,name\r\n1,a\r\n2,b')).toEqual([
      { id: '1', name: 'a' },
      { id: '2', name: 'b' },
    ]);
  });

  it('reads quoted cells with delimiters, line ends and quotes', () => {
    expect(cells('"a,\r\nb","say ""hi"""\n')).toEqual([['a,\r\nb', 'say "hi"']]);
  });

  it('is as patient as Python', () => {
    expect(cells('"a"b,c"d"\n')).toEqual([['ab', 'c"d"']]);
    expect(cells('x,"never closed\nand on')).toEqual([['x', 'never closed\nand on']]);
  });

  it('keeps empty cells and skips blank lines', () => {
    expect(cells('\n,\n\r\n"",x\r\r1,2')).toEqual([
      ['', ''],
      ['', 'x'],
      ['1', '2'],
    ]);
  });

  it('leaves out rows that do not fit and tells of them', () => {
    const misfits: unknown[] = [];
    expect(rows('a,b\n1\n1,2\n1,2,3\n', { onMisfit: (row) => misfits.push(row) })).toEqual([
      { a: '1', b: '2' },
    ]);
    expect(misfits).toEqual([
      { row: 2, cells: 1, headers: 2 },
      { row: 4, cells: 3, headers: 2 },
    ]);
  });

  it('gives rows that a column cannot harm', () => {
    const [row] = csvRows('__proto__,constructor\nx,y\n');
    expect(Object.entries(row ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.getPrototypeOf(row)).toBeNull();
  });

  it('takes linear time for quotes that never close', () => {
    const started = performance.now();
    expect(rows(`a\n${'"x""'.repeat(500_000)}`, { maxCellLength: 5_000_000 })).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each([
    ['a\n1\n"2\n3\n4\n5', { maxCellLength: 6 }, 'maxCellLength, 6 (a quote that is not closed?)'],
    [`a\n1\n"${'""'.repeat(9)}"`, { maxCellLength: 6 }, 'maxCellLength, 6'],
    ['a\n1\n"12"34567', { maxCellLength: 6 }, 'maxCellLength, 6'],
    ['a\n1\n123,456', { maxRowLength: 5 }, 'maxRowLength, 5 (no CSV?)'],
    ['a\n1\n1,2,3', { maxColumns: 2 }, 'maxColumns, 2 (another delimiter?)'],
  ])('ends at a row beyond a limit, after those before it', (text, limits, problem) => {
    const given: unknown[] = [];
    const read = () => {
      for (const row of csvRows(text, limits)) given.push({ ...row });
    };
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_CRAWL_CSV', row: 3 }));
    expect(read).toThrow(problem);
    expect(given[0]).toEqual({ a: '1' });
  });

  it('takes a row that is just within the limits', () => {
    const limits = { maxCellLength: 2, maxRowLength: 3, maxColumns: 2 };
    expect(rows('a,b\n"12",3', limits)).toEqual([{ a: '12', b: '3' }]);
  });

  it('bounds the rows of a hostile text without being told', () => {
    expect(() => rows(','.repeat(20_000))).toThrow('maxColumns, 16384');
    expect(() => rows('x'.repeat(1_048_577))).toThrow('maxCellLength, 1048576');
    expect(() => rows(`${'x'.repeat(1_048_576)},`.repeat(9))).toThrow('maxRowLength, 8388608');
  });

  it('refuses delimiters that are not one character', () => {
    expect(() => csvRows('', { delimiter: '||' })).toThrow(TypeError);
  });
});
