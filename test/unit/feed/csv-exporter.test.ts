import { describe, expect, it } from 'vitest';
import { CsvExporter, type CsvExporterOptions } from '../../../src/feed/csv-exporter.ts';
import { csvCells } from '../../../src/feed/csv-row.ts';

const rows = (items: Record<string, unknown>[], options: CsvExporterOptions = {}): string =>
  String(new CsvExporter(options).encode(items));

async function* piecesOf(text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1');
}

async function completed(exporter: CsvExporter, file: string, size: number): Promise<string | undefined> {
  const revision = exporter.revision();
  if (revision === undefined) return undefined;
  let text = '';
  for await (const piece of revision(piecesOf(file, size))) text += piece.toString('latin1');
  return text;
}

describe('CsvExporter', () => {
  it('quotes what RFC 4180 says, and only that', () => {
    expect(rows([{ a: 'x,y', b: 'say "hi"', c: 'two\r\nlines', d: "it's" }])).toBe(
      'a,b,c,d\r\n"x,y","say ""hi""","two\r\nlines",it\'s\r\n',
    );
  });

  it('writes nested values as JSON, lists of texts joined', () => {
    expect(rows([{ a: ['x', 'y'], b: [1, 2], c: { d: null } }], { joinMultivalued: '|' })).toBe(
      'a,b,c\r\nx|y,"[1,2]","{""d"":null}"\r\n',
    );
  });

  it('disarms formulas but leaves numbers', () => {
    expect(rows([{ a: '=1+1', b: '-5', c: '+49 30', d: '@x', e: -5, f: '+1.5e3' }])).toBe(
      "a,b,c,d,e,f\r\n'=1+1,-5,'+49 30,'@x,-5,+1.5e3\r\n",
    );
    expect(rows([{ a: '=1' }], { escapeFormulas: false })).toBe('a\r\n=1\r\n');
  });

  it('leaves no line that readers take for empty', () => {
    expect(rows([{ a: '' }, { a: null }])).toBe('a\r\n""\r\n""\r\n');
  });

  it('looks at all items of a batch before it writes the header', () => {
    expect(rows([{ a: 1 }, { b: 2 }])).toBe('a,b\r\n1,\r\n,2\r\n');
  });

  it('completes header and rows when a column came up late', async () => {
    for (const size of [1, 2, 3, 7, 1000]) {
      const exporter = new CsvExporter();
      const file = [[{ a: 'x\r\n"y"', b: '' }], [{ b: 2, c: 3 }], [{ d: ',' }]].map((items) =>
        exporter.encode(items),
      );
      expect(await completed(exporter, file.join(''), size)).toBe(
        'a,b,c,d\r\n"x\r\n""y""",,,\r\n,2,3,\r\n,,,","\r\n',
      );
    }
  });

  it('gives the same bytes whenever the columns came up', async () => {
    const items = [
      {},
      { a: '' },
      { a: 'x"",\r\n""' },
      {},
      { a: '""' },
      { a: '', b: '' },
      { b: 1 },
      { c: null },
    ];
    const expected = rows(items);
    for (let cut = 1; cut < items.length; cut++) {
      for (const size of [1, 2, 3, 1000]) {
        const exporter = new CsvExporter();
        const file = [exporter.encode(items.slice(0, cut)), exporter.encode(items.slice(cut))].join('');
        expect((await completed(exporter, file, size)) ?? file).toBe(expected);
      }
    }
    const late = new CsvExporter();
    const file = [late.encode([{}]), late.encode([{ a: 1 }])].join('');
    expect(await completed(late, file, 2)).toBe('a\r\n""\r\n1\r\n');
  });

  it('changes nothing when no column came up late, or the columns are declared', async () => {
    const exporter = new CsvExporter({ fields: ['a'] });
    expect(exporter.encode([{ a: 1 }, { b: 2 }])).toBe('a\r\n1\r\n""\r\n');
    expect(exporter.revision()).toBeUndefined();
  });

  it('takes any key for a column', () => {
    expect(rows([JSON.parse('{"__proto__": 1, "constructor": 2}'), {}])).toBe(
      '__proto__,constructor\r\n1,2\r\n,\r\n',
    );
  });

  it('uses another quote, also in what it reads again', async () => {
    const exporter = new CsvExporter({ fields: ['a', 'b'], quote: "'", escapeFormulas: false });
    const text = String(exporter.encode([{ a: "it's", b: 'x"y,z' }]));
    expect(text).toBe("a,b\r\n'it''s','x\"y,z'\r\n");
    expect(csvCells(text.split('\r\n')[1] ?? '', { delimiter: ',', quote: "'" })).toEqual(["it's", 'x"y,z']);
  });

  it('puts each cell in quotes where that is wanted, also those of columns that come late', async () => {
    const exporter = new CsvExporter({ quoteAll: true });
    const text = [{ a: 1 }, { b: '' }].map((item) => String(exporter.encode([item]))).join('');
    expect(await completed(exporter, text, 3)).toBe('"a","b"\r\n"1",""\r\n"",""\r\n');
  });

  it('writes no header where none is wanted', () => {
    expect(rows([{ a: 1 }], { headers: false })).toBe('1\r\n');
  });

  it('refuses a delimiter that cannot be one', () => {
    for (const delimiter of ['', '"', '\n', ';;', '·'])
      expect(() => new CsvExporter({ delimiter })).toThrow(/delimiter/);
    expect(() => new CsvExporter({ quote: '\n' })).toThrow(/quote/);
    expect(() => new CsvExporter({ quote: ',' })).toThrow(/not the quote/);
  });
});

describe('csvCells', () => {
  const dialect = { delimiter: ',', quote: '"' };

  it('reads what csvRow writes', () => {
    expect(csvCells('a,"b ""c"", d",,"x\ny",', dialect)).toEqual(['a', 'b "c", d', '', 'x\ny', '']);
    expect(csvCells('', dialect)).toEqual(['']);
    expect(csvCells('"open', dialect)).toEqual(['open']);
  });
});
