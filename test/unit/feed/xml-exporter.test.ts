import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { XmlExporter, type XmlExporterOptions } from '../../../src/feed/xml-exporter.ts';

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n';
const text = (items: Record<string, unknown>[], options?: XmlExporterOptions): string => {
  const exporter = new XmlExporter(options);
  return [exporter.start(), exporter.encode(items), exporter.end()]
    .map((part) => Buffer.from(part as string))
    .join('');
};

describe('XmlExporter', () => {
  it('nests records and lists', () => {
    expect(text([{ a: { b: ['x', { c: null }] } }])).toBe(
      `${HEAD}<items><item><a><b><value>x</value><value><c></c></value></b></a></item></items>`,
    );
  });

  it('indents every level, or puts one item on a line', () => {
    expect(text([{ a: ['x'] }], { indent: 1 })).toBe(
      `${HEAD}<items>\n <item>\n  <a>\n   <value>x</value>\n  </a>\n </item>\n</items>`,
    );
    expect(text([{ a: 1 }, { a: 2 }], { indent: 0 })).toBe(
      `${HEAD}<items>\n<item><a>1</a></item>\n<item><a>2</a></item>\n</items>`,
    );
  });

  it('is well-formed whatever keys and values hold', () => {
    const item = JSON.parse('{"__proto__": 1, "a b": 2, "1": 3, "": 4, "x:y": 5, "<": 6, "é-ü.2": 7}');
    item.text = 'a\u0000b\u000bc\ud800d\ufffee\r<&>]]>';
    const xml = text([item]);
    let read = '';
    const parser = new SaxesParser({ xmlns: true });
    parser.on('text', (part) => {
      read += part;
    });
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(xml).close();
    expect(read.trim()).toBe('3124567abcde\r<&>]]>');
  });

  it('writes what the encoding lacks as its number', () => {
    const exporter = new XmlExporter({ encoding: 'iso-8859-1' });
    expect(Buffer.from(exporter.encode([{ a: 'é€😀' }])).toString('latin1')).toBe(
      '<item><a>é&#8364;&#128512;</a></item>',
    );
  });

  it('writes missing declared fields as empty elements where asked', () => {
    expect(text([{ a: 1 }], { fields: ['b', 'a'], emptyFields: true })).toBe(
      `${HEAD}<items><item><b></b><a>1</a></item></items>`,
    );
  });
});
